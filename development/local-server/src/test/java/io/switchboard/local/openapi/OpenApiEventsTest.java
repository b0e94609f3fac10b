package io.switchboard.local.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.http.ApiFunction;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests every case in {@code events/}: its request, if it succeeds, and its response must match the document. */
class OpenApiEventsTest {
    private static final ApiDescription API = ApiDescription.read();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Codes of rules that schemas can express. */
    private static final Set<String> OF_FORM = Set.of(
            "abstractType",
            "bothForms",
            "invalidEnumMember",
            "invalidIdempotencyKey",
            "malformedJson",
            "notAllowed",
            "notNullable",
            "required",
            "tooLong",
            "tooMany",
            "unknownProperty",
            "unknownQueryOption",
            "wrongType",
            "wrongTypeName");

    /** Exceptions from those rules that a schema cannot express. */
    private static final Set<String> BEYOND_SCHEMAS = Set.of(
            // The rules of an app profile may select a template.
            "400.required.neither-name-nor-channel-nor-record",
            "400.required.template-name-missing",
            "400.required.template-name-null",
            "400.unknownProperty.channel-in-another-case",
            // The size of any JSON value.
            "400.tooLong.state-of-a-tab",
            // Names that differ only in case.
            "400.unknownProperty.scalar-in-another-case",
            "400.unknownProperty.known-name-in-another-case",
            // Names that must be those of the template's tabs.
            "400.wrongType.tab-parameter-is-an-object",
            // Duplicate names and long numbers are valid JSON.
            "400.malformedJson.duplicate-keys",
            "400.malformedJson.half-a-surrogate-pair",
            "400.malformedJson.number-of-200-digits",
            // Two query options that exclude each other.
            "400.notAllowed.my-app-profile-for-both",
            // A query option that requires another one.
            "400.notAllowed.list-options-of-closed-sessions",
            "400.notAllowed.batch-group-of-two",
            // A query option that restricts another one.
            "400.notAllowed.filter-on-type-in-the-order-by-last-modification",
            // Required columns of another product's rows.
            "400.required.import-of-dynamics-365-tab-without-its-parameters",
            // Limits on the bytes of a text instead of its characters.
            "400.malformedJson.invalid-utf-8");

    private static final Map<EventCase, Exchange.ReceivedResponse> ANSWERS = replay();

    /** Runs each file's cases in the order of their names, starting with empty tables. */
    private static Map<EventCase, Exchange.ReceivedResponse> replay() {
        Map<EventCase, Exchange.ReceivedResponse> responses = new LinkedHashMap<>();
        for (String name :
                DeployedFunctions.in(new Tables().environment()).byName().keySet()) {
            ApiFunction function =
                    DeployedFunctions.in(new Tables().environment()).named(name);
            for (EventCase event : EventCase.of(name)) {
                responses.put(
                        event, Exchange.ReceivedResponse.of(ApiEvent.of(event).sendTo(function)));
            }
        }
        return responses;
    }

    @TestFactory
    Stream<DynamicTest> response_to_each_event_matches_the_document() {
        return ANSWERS.entrySet().stream()
                .map(event -> DynamicTest.dynamicTest(event.getKey().toString(), () -> {
                    Exchange.SentRequest sent = Exchange.SentRequest.of(event.getKey());
                    assertThat(API.problemsOf(sent.method(), sent.path(), event.getValue()))
                            .as(
                                    "%s: %s %s",
                                    event.getKey(),
                                    event.getValue().status(),
                                    event.getValue().body())
                            .isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> request_of_each_successful_event_matches_the_document() {
        return ANSWERS.keySet().stream()
                .filter(OpenApiEventsTest::succeeds)
                .map(event -> DynamicTest.dynamicTest(
                        event.toString(),
                        () -> assertThat(API.problemsOf(Exchange.SentRequest.of(event)))
                                .as(event.toString())
                                .isEmpty()));
    }

    /** Checks each part as a separate request. */
    @TestFactory
    Stream<DynamicTest> response_to_each_part_of_a_batch_matches_the_document() {
        return ANSWERS.entrySet().stream()
                .filter(event -> event.getKey().name().startsWith("200.batch-"))
                .map(event -> DynamicTest.dynamicTest(event.getKey().toString(), () -> {
                    Exchange.SentRequest sent = Exchange.SentRequest.of(event.getKey());
                    JsonNode requests = JSON.readTree(sent.body()).path("requests");
                    JsonNode responses = JSON.readTree(event.getValue().body()).path("responses");
                    assertThat(responses).hasSameSizeAs(requests);
                    for (int i = 0; i < requests.size(); i++) {
                        Exchange.ReceivedResponse part =
                                Exchange.ReceivedResponse.ofPart(responses.path(i), event.getValue());
                        if (part.status() != 424) {
                            assertThat(API.problemsOf(
                                            requests.path(i).path("method").asText(),
                                            pathOfPart(
                                                    sent.path(),
                                                    requests.path(i).path("url").asText()),
                                            part))
                                    .as("%s: %s", requests.path(i), part)
                                    .isEmpty();
                        }
                    }
                }));
    }

    private static String pathOfPart(String batch, String url) {
        String root = batch.replace("/$batch", "");
        return root + url.replaceFirst("^(https://[^/]+)?(" + root + ")?", "").replaceFirst("\\?.*", "");
    }

    /** Returns whether a preference rejects what the document describes as kept. */
    private static boolean isStrict(EventCase event) {
        return Exchange.SentRequest.of(event)
                .headers()
                .getOrDefault("prefer", "")
                .contains("handling=strict");
    }

    /** Guards against a document that accepts everything. */
    @TestFactory
    Stream<DynamicTest> request_of_each_event_with_an_invalid_form_violates_the_document() {
        return ANSWERS.keySet().stream()
                .filter(event -> event.name().startsWith("400."))
                .filter(event -> OF_FORM.contains(event.name().split("\\.", -1)[1]))
                .filter(event -> !BEYOND_SCHEMAS.contains(event.name()) && !isStrict(event))
                .map(event -> DynamicTest.dynamicTest(
                        event.toString(),
                        () -> assertThat(API.problemsOf(Exchange.SentRequest.of(event)))
                                .as(event.toString())
                                .isNotEmpty()));
    }

    @Test
    void exceptions_cover_only_rules_that_schemas_cannot_express() {
        Set<String> untold = new TreeSet<>();
        for (EventCase event : ANSWERS.keySet()) {
            if (BEYOND_SCHEMAS.contains(event.name())
                    && API.problemsOf(Exchange.SentRequest.of(event)).isEmpty()) {
                untold.add(event.name());
            }
        }

        assertThat(untold).isEqualTo(BEYOND_SCHEMAS);
    }

    @TestFactory
    Stream<DynamicTest> undocumented_content_is_found_in_each_response() {
        return ANSWERS.entrySet().stream()
                .filter(event -> succeeds(event.getKey()))
                .filter(event -> !event.getKey().name().contains(".options-"))
                // Members that the document does not have may have any value.
                .filter(event -> !event.getKey().name().endsWith("that-graph-has-added"))
                .map(event -> DynamicTest.dynamicTest(event.getKey().toString(), () -> {
                    Exchange.SentRequest sent = Exchange.SentRequest.of(event.getKey());
                    Predicate<String> isOpen =
                            isOfGraph(sent.path()) ? OpenApiEventsTest::isOpenToGraph : OpenApiEventsTest::isOpen;
                    Predicate<String> isOptional = isOfGraph(sent.path())
                            ? OpenApiEventsTest::isOptionalToGraph
                            : OpenApiEventsTest::isOptional;
                    for (Exchange.ReceivedResponse other :
                            corrupted(event.getValue(), isOpen, isOfGraph(sent.path()), isOptional)) {
                        assertThat(API.problemsOf(sent.method(), sent.path(), other))
                                .as(other.toString())
                                .isNotEmpty();
                    }
                }));
    }

    /** Copies of the response with one extra, missing or mistyped member each, for every position. */
    private static List<Exchange.ReceivedResponse> corrupted(
            Exchange.ReceivedResponse received,
            Predicate<String> isOpen,
            boolean isOfGraph,
            Predicate<String> isOptional)
            throws Exception {
        List<Exchange.ReceivedResponse> corrupted = new ArrayList<>();
        corrupted.add(received.withStatus(202));
        corrupted.add(received.with("x-undocumented", "1"));
        corrupted.add(received.without("request-id"));
        corrupted.add(received.with("cache-control", "no-store")
                .with("etag", "no tag")
                .with("location", "::"));
        if (received.body().startsWith("<?xml")) {
            return corrupted;
        }
        JsonNode body = JSON.readTree(received.body());
        if (body.isObject() && !body.has("openapi")) {
            Predicate<String> isMirrored = pointer -> isOfGraph && isMirrored(body, pointer);
            new Corruption(body, received, isOpen, isMirrored, isOptional, corrupted).corrupt(body, "");
        }
        return corrupted;
    }

    /**
     * @param root the body of the response
     * @param isOpen whether the object at a pointer may have any members
     * @param isMirrored whether it may have members that Graph adds later
     * @param isOptional whether the member at a pointer may be missing
     */
    private record Corruption(
            JsonNode root,
            Exchange.ReceivedResponse received,
            Predicate<String> isOpen,
            Predicate<String> isMirrored,
            Predicate<String> isOptional,
            List<Exchange.ReceivedResponse> corrupted) {
        private void corrupt(JsonNode node, String pointer) {
            if (node instanceof ObjectNode object) {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                if (!isOpen.test(pointer)) {
                    if (!isMirrored.test(pointer)) {
                        JsonNode more = root.deepCopy();
                        ((ObjectNode) more.at(pointer)).put("undocumented", 1);
                        corrupted.add(received.withBody(more.toString()));
                    }
                    for (String name : names) {
                        JsonNode fewer = root.deepCopy();
                        ((ObjectNode) fewer.at(pointer)).remove(name);
                        if (!isOptional.test(pointer + "/" + name)) {
                            corrupted.add(received.withBody(fewer.toString()));
                        }
                        JsonNode other = root.deepCopy();
                        ((ObjectNode) other.at(pointer)).putArray(name).addArray();
                        corrupted.add(received.withBody(other.toString()));
                    }
                }
                for (String name : names) {
                    corrupt(
                            object.path(name),
                            pointer + "/" + name.replace("~", "~0").replace("/", "~1"));
                }
            }
            for (int i = 0; node.isArray() && i < node.size(); i++) {
                corrupt(node.path(i), pointer + "/" + i);
            }
        }
    }

    private static boolean isOfGraph(String path) {
        return path.contains("/communications/") || path.endsWith("/$batch");
    }

    /** Returns whether the object mirrors one of Graph: all except pages, warnings, and the responses of a batch. */
    private static boolean isMirrored(JsonNode body, String pointer) {
        return pointer.isEmpty()
                ? body.has("@odata.context") && !body.has("value")
                : !pointer.contains("@switchboard.warnings/") && !pointer.matches("/responses/[0-9]+");
    }

    /** Returns whether the pointer is inside an open type of Graph or the response to a part of a batch. */
    private static boolean isOpenToGraph(String pointer) {
        return pointer.matches(".*/(associatedIdentity|identity|organizer|participants|tokens)(/.*)?")
                || pointer.matches("/responses/[0-9]+/(headers|body)(/.*)?");
    }

    /**
     * Returns whether a member may be missing in a Graph response, because it is not selected, not expanded or null.
     * Type annotations are never optional.
     */
    private static boolean isOptionalToGraph(String pointer) {
        return !pointer.matches("/@odata\\.context|/value|/responses(/[0-9]+/(id|status|headers))?|.*/@odata\\.type");
    }

    /** Returns whether the object is a map with caller-defined names or the context. */
    private static boolean isOpen(String pointer) {
        return pointer.matches(".*/context(/.*)?|.*/(parameters|channels|entities)");
    }

    /** Returns whether the member is present only in some responses. */
    private static boolean isOptional(String pointer) {
        return pointer.matches(
                "/@odata\\.nextLink|.*/tabs/[0-9]+/url|/sessionTemplate|/value/[0-9]+/(version|code|message|template)"
                        + "|/templatesNotShown|(.*/)?allowedHosts");
    }

    private static boolean succeeds(EventCase event) {
        return event.name().startsWith("2") && !event.name().contains(".options-");
    }
}
