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

/** Every case of the tables of {@code events/}: its request, where it succeeds, and its answer are as the document says. */
class OpenApiEventsTest {
    private static final ApiDescription API = ApiDescription.read();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Rules of a form that schemas can tell. */
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

    /** What a schema cannot tell, of those rules. */
    private static final Set<String> BEYOND_SCHEMAS = Set.of(
            // Names that differ in case only.
            "400.unknownProperty.scalar-in-another-case",
            "400.unknownProperty.known-name-in-another-case",
            // Which names are those of the template's tabs.
            "400.wrongType.tab-parameter-is-an-object",
            // Two values of one name, digits of a number: valid JSON all the same.
            "400.malformedJson.duplicate-keys",
            "400.malformedJson.half-a-surrogate-pair",
            "400.malformedJson.number-of-200-digits",
            // Two query options that exclude each other.
            "400.notAllowed.my-app-profile-for-both",
            // A query option that needs another one.
            "400.notAllowed.list-options-of-closed-sessions",
            // What a row of another product's has to hold.
            "400.required.import-of-dynamics-365-tab-without-its-parameters",
            // A text's bytes, not its characters.
            "400.malformedJson.invalid-utf-8");

    private static final Map<EventCase, Exchange.Answered> ANSWERS = replay();

    /** Each table's cases in the order of their names, on empty tables: what each of them is made for. */
    private static Map<EventCase, Exchange.Answered> replay() {
        Map<EventCase, Exchange.Answered> answers = new LinkedHashMap<>();
        for (String name :
                DeployedFunctions.in(new Tables().environment()).byName().keySet()) {
            ApiFunction function =
                    DeployedFunctions.in(new Tables().environment()).named(name);
            for (EventCase event : EventCase.of(name)) {
                answers.put(event, Exchange.Answered.of(ApiEvent.of(event).sendTo(function)));
            }
        }
        return answers;
    }

    @TestFactory
    Stream<DynamicTest> the_answer_to_each_event_is_as_documented() {
        return ANSWERS.entrySet().stream()
                .map(event -> DynamicTest.dynamicTest(event.getKey().toString(), () -> {
                    Exchange.Sent sent = Exchange.Sent.of(event.getKey());
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
    Stream<DynamicTest> the_request_of_each_event_that_succeeds_is_as_documented() {
        return ANSWERS.keySet().stream()
                .filter(OpenApiEventsTest::succeeds)
                .map(event -> DynamicTest.dynamicTest(
                        event.toString(),
                        () -> assertThat(API.problemsOf(Exchange.Sent.of(event)))
                                .as(event.toString())
                                .isEmpty()));
    }

    /** Each part as if it had been sent alone. */
    @TestFactory
    Stream<DynamicTest> the_answer_to_each_part_of_a_batch_is_as_documented() {
        return ANSWERS.entrySet().stream()
                .filter(event -> event.getKey().name().startsWith("200.batch-"))
                .map(event -> DynamicTest.dynamicTest(event.getKey().toString(), () -> {
                    Exchange.Sent sent = Exchange.Sent.of(event.getKey());
                    JsonNode requests = JSON.readTree(sent.body()).path("requests");
                    JsonNode responses = JSON.readTree(event.getValue().body()).path("responses");
                    assertThat(responses).hasSameSizeAs(requests);
                    for (int i = 0; i < requests.size(); i++) {
                        Exchange.Answered part = Exchange.Answered.ofPart(responses.path(i), event.getValue());
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
        return root + url.replaceFirst("^" + root, "").replaceFirst("\\?.*", "");
    }

    /** Else a document that lets everything pass would pass too. */
    @TestFactory
    Stream<DynamicTest> the_request_of_each_event_that_breaks_a_rule_of_form_is_not_as_documented() {
        return ANSWERS.keySet().stream()
                .filter(event -> event.name().startsWith("400."))
                .filter(event -> OF_FORM.contains(event.name().split("\\.", -1)[1]))
                .filter(event -> !BEYOND_SCHEMAS.contains(event.name()))
                .map(event -> DynamicTest.dynamicTest(
                        event.toString(),
                        () -> assertThat(API.problemsOf(Exchange.Sent.of(event)))
                                .as(event.toString())
                                .isNotEmpty()));
    }

    @Test
    void what_schemas_cannot_tell_is_no_more_than_that() {
        Set<String> untold = new TreeSet<>();
        for (EventCase event : ANSWERS.keySet()) {
            if (BEYOND_SCHEMAS.contains(event.name())
                    && API.problemsOf(Exchange.Sent.of(event)).isEmpty()) {
                untold.add(event.name());
            }
        }

        assertThat(untold).isEqualTo(BEYOND_SCHEMAS);
    }

    @TestFactory
    Stream<DynamicTest> what_is_not_documented_is_found_in_each_answer() {
        return ANSWERS.entrySet().stream()
                .filter(event -> succeeds(event.getKey()))
                .filter(event -> !event.getKey().name().contains(".options-"))
                .map(event -> DynamicTest.dynamicTest(event.getKey().toString(), () -> {
                    Exchange.Sent sent = Exchange.Sent.of(event.getKey());
                    Predicate<String> isOpen =
                            isOfGraph(sent.path()) ? OpenApiEventsTest::isOpenToGraph : OpenApiEventsTest::isOpen;
                    Predicate<String> isOptional = isOfGraph(sent.path())
                            ? OpenApiEventsTest::isOptionalToGraph
                            : OpenApiEventsTest::isOptional;
                    for (Exchange.Answered other : spoiled(event.getValue(), isOpen, isOptional)) {
                        assertThat(API.problemsOf(sent.method(), sent.path(), other))
                                .as(other.toString())
                                .isNotEmpty();
                    }
                }));
    }

    /** The answer with one thing too much, too little, or of another type, each at another place. */
    private static List<Exchange.Answered> spoiled(
            Exchange.Answered answered, Predicate<String> isOpen, Predicate<String> isOptional) throws Exception {
        List<Exchange.Answered> spoiled = new ArrayList<>();
        spoiled.add(answered.withStatus(202));
        spoiled.add(answered.with("x-undocumented", "1"));
        spoiled.add(answered.without("request-id"));
        spoiled.add(answered.with("cache-control", "no-store")
                .with("etag", "no tag")
                .with("location", "::"));
        JsonNode body = JSON.readTree(answered.body());
        if (body.isObject() && !body.has("openapi")) {
            new Spoiling(body, answered, isOpen, isOptional, spoiled).spoil(body, "");
        }
        return spoiled;
    }

    /**
     * @param root the body of the answer
     * @param isOpen by a pointer, whether an object may hold anything
     * @param isOptional by a pointer, whether a member may be missing
     */
    private record Spoiling(
            JsonNode root,
            Exchange.Answered answered,
            Predicate<String> isOpen,
            Predicate<String> isOptional,
            List<Exchange.Answered> spoiled) {
        private void spoil(JsonNode node, String pointer) {
            if (node instanceof ObjectNode object) {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                if (!isOpen.test(pointer)) {
                    JsonNode more = root.deepCopy();
                    ((ObjectNode) more.at(pointer)).put("undocumented", 1);
                    spoiled.add(answered.withBody(more.toString()));
                    for (String name : names) {
                        JsonNode fewer = root.deepCopy();
                        ((ObjectNode) fewer.at(pointer)).remove(name);
                        if (!isOptional.test(pointer + "/" + name)) {
                            spoiled.add(answered.withBody(fewer.toString()));
                        }
                        JsonNode other = root.deepCopy();
                        ((ObjectNode) other.at(pointer)).putArray(name).addArray();
                        spoiled.add(answered.withBody(other.toString()));
                    }
                }
                for (String name : names) {
                    spoil(
                            object.path(name),
                            pointer + "/" + name.replace("~", "~0").replace("/", "~1"));
                }
            }
            for (int i = 0; node.isArray() && i < node.size(); i++) {
                spoil(node.path(i), pointer + "/" + i);
            }
        }
    }

    private static boolean isOfGraph(String path) {
        return path.contains("/communications/") || path.endsWith("/$batch");
    }

    /** Graph's open types with all that is in them; what a part of a batch is answered. */
    private static boolean isOpenToGraph(String pointer) {
        return pointer.matches(".*/(associatedIdentity|identity|organizer|participants|tokens)(/.*)?")
                || pointer.matches("/responses/[0-9]+/(headers|body)(/.*)?");
    }

    /** What is selected and expanded, and not null where nulls are left out: all but what says of what type an object is. */
    private static boolean isOptionalToGraph(String pointer) {
        return !pointer.matches("/@odata\\.context|/value|/responses(/[0-9]+/(id|status|headers))?|.*/@odata\\.type");
    }

    /** Maps whose names are the callers' own, and what the context holds. */
    private static boolean isOpen(String pointer) {
        return pointer.matches(".*/context(/.*)?|.*/(parameters|channels|entities)");
    }

    /** Members that are there only where there is something to say. */
    private static boolean isOptional(String pointer) {
        return pointer.matches(
                "/@odata\\.nextLink|.*/tabs/[0-9]+/url|/sessionTemplate|/value/[0-9]+/(version|code|message|template)"
                        + "|/templatesNotShown|(.*/)?allowedHosts");
    }

    private static boolean succeeds(EventCase event) {
        return event.name().startsWith("2") && !event.name().contains(".options-");
    }
}
