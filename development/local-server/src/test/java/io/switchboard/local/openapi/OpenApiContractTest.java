package io.switchboard.local.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.switchboard.http.ApiFunction;
import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.Tables;
import io.switchboard.text.Seed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the document allows, the API does not refuse for its form; and what it answers, the document describes. */
class OpenApiContractTest {
    private static final ApiDescription API = ApiDescription.read();
    private static final DeployedFunctions FUNCTIONS =
            DeployedFunctions.in(new Tables().environment("PRIVATE_NOTIFICATION_URLS", "true"));
    private static final boolean IS_LONG = Boolean.getBoolean("switchboard.long");
    private static final int REQUESTS = IS_LONG ? 1_000 : 40;
    private static final int TRIES = 12 * REQUESTS;

    /** Rules on values together, or on what is stored: no schema of a request tells them. By operation, code and target. */
    private static final Pattern BEYOND_SCHEMAS =
            Pattern.compile("\\S+ (contextTooLarge|duplicateValue|invalidPageToken|invalidParametersStr"
                    + "|notListed|parameterRequired|parameterType|sessionTooLarge|templateTooLarge|uniqueNameImmutable|urlNotAllowed"
                    + "|validationFailed) .*"
                    // What a part depends on is before it.
                    + "|batch invalidValue requests.[0-9]+..dependsOn.*"
                    // As the path and the store have it.
                    + "|change[A-Za-z]+ invalidValue (id|version)"
                    // The record in sessionContext may name an entity, and the members of a text fit several types.
                    + "|createSession(OfUser)? required templateName"
                    + "|\\S+ ambiguousType .*"
                    // Limited in bytes once percent-encoded.
                    + "|\\S+ tooLong userId"
                    // The user who has the session already cannot take it.
                    + "|handOverSession(OfUser)? invalidValue userId"
                    // Options that exclude or need each other.
                    + "|readEffectiveAppProfile notAllowed entity"
                    + "|listSessions(OfUser)? (notAllowed|invalidValue) (search|\\$orderby|closedFrom|closedTo)"
                    // Members that depend on the page type, which a patch need not have, and JSON in a text.
                    + "|\\S+ApplicationTabTemplate (notAllowed|invalidValue) allowedHosts.*"
                    + "|\\S+ApplicationTabTemplate invalidValue parameters.data"
                    + "|changeApplicationTabTemplate unknownProperty parameters[.].*"
                    // As the session or call record has it.
                    + "|change[A-Za-z]+ readOnlyMember .*");

    /** Operations that ask a third party, or whose parts have schemas of their own. */
    private static final Set<String> ELSEWHERE = Set.of("createSubscription", "renewSubscription");

    @Test
    void no_request_that_the_document_allows_is_refused_for_its_form() {
        long seed = Seed.number("contract", IS_LONG ? System.nanoTime() : 28);
        Map<String, String> refused = new TreeMap<>();
        Map<String, Integer> sent = new LinkedHashMap<>();
        for (ApiDescription.Operation operation : API.operations()) {
            String id = tree(operation).path("operationId").asText();
            if (operation.root().equals("/beta")
                    || (operation.root().equals("/v1.0") && !operation.path().equals("/$batch"))) {
                // The same as without a root.
                continue;
            }
            if (!ELSEWHERE.contains(id)) {
                sent.put(id, send(operation, id, new SplittableRandom(seed ^ id.hashCode()), refused));
            }
        }
        System.out.println("contract: "
                + sent.values().stream().mapToInt(Integer::intValue).sum() + " requests");

        assertThat(sent).allSatisfy((id, number) -> assertThat(number).as(id).isPositive());
        assertThat(refused).as("with seed %d", seed).isEmpty();
    }

    private static int send(
            ApiDescription.Operation operation, String id, SplittableRandom random, Map<String, String> refused) {
        SchemaValues values = new SchemaValues(API.document(), random);
        int sent = 0;
        for (int i = 0; i < TRIES && sent < REQUESTS; i++) {
            ApiEvent event = event(operation, values, random);
            Exchange.Sent request = Exchange.Sent.ofEvent(event.toString());
            if (!API.problemsOf(request).isEmpty()) {
                continue;
            }
            sent++;
            Answer answer = event.sendTo(function(operation));
            List<String> problems = new ArrayList<>();
            if (answer.status() == 415
                    || answer.status() >= 500
                    || (answer.status() == 400 && !isBeyondSchemas(id, event.toString(), answer))) {
                problems.add(answer.status() + " " + answer.body());
            }
            problems.addAll(API.problemsOf(operation.method(), request.path(), Exchange.Answered.of(answer)));
            if (!problems.isEmpty()) {
                refused.merge(
                        id + " "
                                + (answer.status() == 400
                                        ? answer.detailCodes() + " " + answer.detailTargets()
                                        : answer.status()),
                        cut(event + "\n  -> " + problems),
                        (one, other) -> one.length() <= other.length() ? one : other);
            }
        }
        return sent;
    }

    private static boolean isBeyondSchemas(String id, String event, Answer answer) {
        for (int i = 0; i < answer.detailCodes().size(); i++) {
            String code = answer.detailCodes().get(i);
            // Keys are limited in bytes of UTF-8, which a schema cannot count.
            boolean isOfBytes = code.equals("tooLong") && !event.chars().allMatch(c -> c < 0x80);
            if (!isOfBytes
                    && !BEYOND_SCHEMAS
                            .matcher(id
                                    + ' '
                                    + code
                                    + ' '
                                    + answer.detailTargets().get(i))
                            .matches()) {
                return false;
            }
        }
        return true;
    }

    private static String cut(String text) {
        return text.length() <= 1_500 ? text : text.substring(0, 1_500) + " …";
    }

    private static ApiFunction function(ApiDescription.Operation operation) {
        return FUNCTIONS.named(FUNCTIONS
                .deployment()
                .match(operation.method(), operation.pattern())
                .orElseThrow()
                .route()
                .function());
    }

    private static JsonNode tree(ApiDescription.Operation operation) {
        return API.document()
                .path("paths")
                .path(operation.path())
                .path(operation.method().toLowerCase(Locale.ROOT));
    }

    /** Path, query options and headers by their schemas, some of them absent; a body, of any of its media types. */
    private static ApiEvent event(ApiDescription.Operation operation, SchemaValues values, SplittableRandom random) {
        String path = operation.pattern();
        Map<String, String> query = new LinkedHashMap<>();
        Map<String, String> headers = new LinkedHashMap<>();
        for (JsonNode parameter : API.parameters(operation)) {
            String name = parameter.path("name").asText();
            JsonNode value = values.of(parameter.path("schema"));
            switch (parameter.path("in").asText()) {
                case "path" -> path = path.replace('{' + name + '}', value.asText());
                case "query" -> query.put(name, value.asText());
                default -> headers.put(name, value.asText());
            }
            if (!parameter.path("required").asBoolean() && random.nextInt(3) > 0) {
                query.remove(name);
                headers.remove(name);
            }
        }
        ApiEvent event = ApiEvent.of(operation.method(), path)
                .permissions(String.join(
                        " ", operation.permissions().isEmpty() ? Set.of("Sessions.Read") : operation.permissions()));
        query.forEach(event::query);
        headers.forEach(event::header);
        JsonNode content = tree(operation).at("/requestBody/content");
        List<String> mediaTypes = new ArrayList<>();
        content.fieldNames().forEachRemaining(mediaTypes::add);
        mediaTypes.removeIf(mediaType -> !mediaType.endsWith("json"));
        if (!mediaTypes.isEmpty()) {
            String mediaType = mediaTypes.get(random.nextInt(mediaTypes.size()));
            event.header("content-type", mediaType)
                    .text(values.of(content.path(mediaType).path("schema")).toString());
        }
        return event;
    }
}
