package io.switchboard.local.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.switchboard.http.ApiFunction;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
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

/**
 * Tests that the API accepts the form of every request that the document allows, and that the document describes every
 * response.
 */
class OpenApiContractTest {
    private static final ApiDescription API = ApiDescription.read();
    private static final DeployedFunctions FUNCTIONS =
            DeployedFunctions.in(new Tables().environment("PRIVATE_NOTIFICATION_URLS", "true"));
    private static final boolean IS_LONG = Boolean.getBoolean("switchboard.long");
    private static final int REQUESTS = IS_LONG ? 1_000 : 40;
    private static final int TRIES = 12 * REQUESTS;

    /**
     * Rules on combinations of values or on stored data, which no request schema can express, by operation, code and
     * target.
     */
    private static final Pattern BEYOND_SCHEMAS =
            Pattern.compile("\\S+ (contextTooLarge|duplicateValue|invalidPageToken|invalidParametersStr"
                    + "|notListed|parameterRequired|parameterType|sessionTooLarge|templateTooLarge|uniqueNameImmutable|urlNotAllowed"
                    + "|validationFailed) .*"
                    // The size of any JSON value.
                    + "|replaceTabState(OfUser)? tooLong "
                    + "|logAnalyticsEvents(OfUser)? tooLong value.*"
                    // Rules have levels, a sum of comparisons, unique names, and times of day in a zone.
                    + "|\\S+AppProfile (required|notAllowed|invalidValue|tooMany|duplicateValue) rules.*"
                    // A part must depend on earlier parts only.
                    + "|batch invalidValue requests.[0-9]+..dependsOn.*"
                    // The values must equal those of the path and the store.
                    + "|change[A-Za-z]+ invalidValue (id|version)"
                    // The record in sessionContext may name an entity, and the members of a text may match several
                    // types.
                    + "|createSession(OfUser)? required templateName"
                    + "|createNotification(OfUser)? required session.templateName"
                    // A schema cannot count the levels of nested objects.
                    + "|createNotification(OfUser)? tooMany onTimeout.*"
                    + "|\\S+ ambiguousType .*"
                    // The limit applies to the percent-encoded bytes.
                    + "|\\S+ tooLong (userId|(\\S+[.])?id|(onTimeout[.])*userIds.*)"
                    // The session cannot be handed over to its current user.
                    + "|handOverSession(OfUser)? invalidValue userId"
                    // Options that exclude or require each other.
                    + "|readEffectiveAppProfile notAllowed entity"
                    + "|followCallRecords notAllowed .deltatoken"
                    + "|listSessions(OfUser)? (notAllowed|invalidValue) (search|\\$orderby|closedFrom|closedTo)"
                    // Members that depend on the page type, which a patch may omit, and JSON in a text.
                    + "|\\S+ApplicationTabTemplate (notAllowed|invalidValue) allowedHosts.*"
                    + "|\\S+ApplicationTabTemplate invalidValue parameters.data"
                    + "|changeApplicationTabTemplate unknownProperty parameters[.].*"
                    // Members that depend on the type, which a patch may change or omit.
                    + "|changeSessionTemplate (required|notAllowed) (entity|anchorTab|sessionIcon)"
                    // A schema cannot compare requests of a batch.
                    + "|batch notAllowed requests.*[.]atomicityGroup"
                    // The order by last modification allows a filter on no other property.
                    + "|listCallRecords notAllowed [$]filter"
                    // The distance of two times, and a row without any value.
                    + "|get[A-Za-z]+ invalidValue toDateTime"
                    + "|store(PstnCalls|DirectRoutingCalls|SmsLog|Pstn[A-Za-z]+) required (value.[0-9]+.)?"
                    // The value must equal that of the session or call record.
                    + "|change[A-Za-z]+ readOnlyMember .*");

    /** Operations that call a third party, or whose parts have separate schemas. */
    private static final Set<String> ELSEWHERE = Set.of("createSubscription", "renewSubscription");

    @Test
    void requests_that_the_document_allows_are_not_rejected_for_their_form() {
        long seed = Seed.number("contract", IS_LONG ? System.nanoTime() : 28);
        Map<String, String> rejected = new TreeMap<>();
        Map<String, Integer> sent = new LinkedHashMap<>();
        for (ApiDescription.Operation operation : API.operations()) {
            String id = tree(operation).path("operationId").asText();
            if (operation.root().equals("/beta")
                    || (operation.root().equals("/v1.0") && !operation.path().equals("/$batch"))) {
                // The operation is the same as without a root.
                continue;
            }
            if (!ELSEWHERE.contains(id)) {
                sent.put(id, send(operation, id, new SplittableRandom(seed ^ id.hashCode()), rejected));
            }
        }
        System.out.println("contract: "
                + sent.values().stream().mapToInt(Integer::intValue).sum() + " requests");

        assertThat(sent).allSatisfy((id, number) -> assertThat(number).as(id).isPositive());
        assertThat(rejected).as("with seed %d", seed).isEmpty();
    }

    private static int send(
            ApiDescription.Operation operation, String id, SplittableRandom random, Map<String, String> rejected) {
        SchemaValues values = new SchemaValues(API.document(), random);
        int sent = 0;
        for (int i = 0; i < TRIES && sent < REQUESTS; i++) {
            ApiEvent event = event(operation, values, random);
            Exchange.SentRequest request = Exchange.SentRequest.ofEvent(event.toString());
            if (!API.problemsOf(request).isEmpty()) {
                continue;
            }
            sent++;
            FunctionResponse response = event.sendTo(function(operation));
            List<String> problems = new ArrayList<>();
            if (response.status() == 415
                    || response.status() >= 500
                    || (response.status() == 400 && !isBeyondSchemas(id, event.toString(), response))) {
                problems.add(response.status() + " " + response.body());
            }
            problems.addAll(API.problemsOf(operation.method(), request.path(), Exchange.ReceivedResponse.of(response)));
            if (!problems.isEmpty()) {
                rejected.merge(
                        id + " "
                                + (response.status() == 400
                                        ? response.detailCodes() + " " + response.detailTargets()
                                        : response.status()),
                        cut(event + "\n  -> " + problems),
                        (one, other) -> one.length() <= other.length() ? one : other);
            }
        }
        return sent;
    }

    private static boolean isBeyondSchemas(String id, String event, FunctionResponse response) {
        for (int i = 0; i < response.detailCodes().size(); i++) {
            String code = response.detailCodes().get(i);
            // Keys are limited in UTF-8 bytes, which a schema cannot express.
            boolean isOfBytes = code.equals("tooLong") && !event.chars().allMatch(c -> c < 0x80);
            if (!isOfBytes
                    && !BEYOND_SCHEMAS
                            .matcher(id
                                    + ' '
                                    + code
                                    + ' '
                                    + response.detailTargets().get(i))
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

    /**
     * Returns an event with a path, query options and headers generated from their schemas, some of them absent, and a
     * body of any of its media types.
     */
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
