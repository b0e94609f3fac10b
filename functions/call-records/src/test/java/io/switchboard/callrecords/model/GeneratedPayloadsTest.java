package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.GeneratedPayloads.Corruption;
import io.switchboard.callrecords.model.GeneratedPayloads.Kind;
import io.switchboard.callrecords.model.GeneratedPayloads.Tolerated;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.text.Seed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests properties of the whole model with generated bodies. */
final class GeneratedPayloadsTest {
    private static final boolean QUICK = Boolean.getBoolean("switchboard.quick");
    private static final int BODIES = QUICK ? 500 : 2_500;
    private static final int CORRUPTIONS = QUICK ? 1_600 : 8_000;

    /** Includes members beyond the sentinel, so that nothing is lost. */
    private static final Projection WHOLE = new Projection(false, true, null);

    @Test
    void valid_payload_survives_reading_showing_and_reading_again_with_every_value_as_it_was_written()
            throws Exception {
        SplittableRandom random = Seed.random("valid_payload_survives");
        GeneratedPayloads payloads = new GeneratedPayloads(random.nextLong());
        Set<String> survived = new TreeSet<>();
        for (int i = 0; i < BODIES; i++) {
            EntityType type = type(i);
            Map<String, @Nullable Object> body = body(payloads, i);
            survived.addAll(GeneratedPayloads.propertiesOf(body));

            Map<String, @Nullable Object> content = Bodies.content(type, body);
            Map<String, @Nullable Object> shown = shown(type, content);
            String text = Json.write(shown);
            Map<String, @Nullable Object> again = object(Json.read(text));

            assertSameValues(payloads, body, shown, type.name());
            assertThat(again).isEqualTo(shown);
            assertThat(type.normal(Bodies.content(type, again))).isEqualTo(type.normal(content));
            assertThat(Json.readOwn(Json.write(content))).isEqualTo(content);
        }
        assertThat(survived).as("properties of the description").isEqualTo(payloads.properties());
    }

    @Test
    void content_equals_itself_and_the_body_it_was_read_from() {
        SplittableRandom random = Seed.random("content_is_the_same_as_itself");
        GeneratedPayloads payloads = new GeneratedPayloads(random.nextLong());
        for (int i = 0; i < BODIES; i++) {
            EntityType type = type(i);
            Map<String, @Nullable Object> content = Bodies.content(type, body(payloads, i));

            assertThat(Bodies.content(type, content)).isEqualTo(content);
            assertThat(type.reconcile(content, content)).isEqualTo(new Reconciled.Same());
            assertThat(type.reconcile(content, Json.readOwn(Json.write(content))))
                    .isEqualTo(new Reconciled.Same());
            // The whole content fills every part of it, and the result equals the whole.
            Map<String, @Nullable Object> part = part(content, random);
            switch (type.reconcile(part, content)) {
                case Reconciled.Same() -> assertThat(type.normal(part)).isEqualTo(type.normal(content));
                case Reconciled.Filled(var filled) ->
                    assertThat(type.normal(filled)).isEqualTo(type.normal(content));
                case Reconciled.Different(var target) -> throw new AssertionError(target + " differs from its part");
            }
            assertThat(type.reconcile(content, part)).isEqualTo(new Reconciled.Same());
        }
    }

    @Test
    void every_corruption_causes_a_violation_that_names_the_property() {
        SplittableRandom random = Seed.random("every_single_corruption");
        GeneratedPayloads payloads = new GeneratedPayloads(random.nextLong());
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        for (int i = 0; i < CORRUPTIONS; i++) {
            Corruption corruption = payloads.corrupt(body(payloads, i));
            counts.merge(corruption.kind(), 1, Integer::sum);

            List<Violation> violations = Bodies.violations(type(i), Purpose.CREATE, corruption.body());

            assertThat(violations)
                    .as("%s of %s in %s", corruption.kind(), corruption.target(), corruption.body())
                    .extracting(Violation::target)
                    .contains(corruption.target());
            assertThat(violations)
                    .as("%s of %s", corruption.kind(), corruption.target())
                    .hasSizeLessThanOrEqualTo(corruption.kind() == Kind.NAME_IN_ANOTHER_CASE ? 2 : 1);
        }
        System.out.println("corruptions: " + counts);
        assertThat(counts.keySet()).containsExactlyInAnyOrder(Kind.values());
    }

    @Test
    void tolerated_variations_are_read() {
        SplittableRandom random = Seed.random("tolerated_variations_are_read");
        GeneratedPayloads payloads = new GeneratedPayloads(random.nextLong());
        for (int i = 0; i < BODIES; i++) {
            Map<String, @Nullable Object> body = body(payloads, i);
            for (Tolerated way : Tolerated.values()) {
                assertThat(Bodies.violations(type(i), Purpose.CREATE, payloads.vary(body, way)))
                        .as("%s", way)
                        .isEmpty();
            }
        }
    }

    @Test
    void any_content_is_the_result_of_patching_with_it() {
        SplittableRandom random = Seed.random("any_content_is_the_result_of_patching_with_it");
        GeneratedPayloads payloads = new GeneratedPayloads(random.nextLong());
        for (int i = 0; i < BODIES; i++) {
            Map<String, @Nullable Object> content = Bodies.content(CallRecordTypes.session(), payloads.session());

            assertThat(Bodies.patched(content, Map.of())).isEqualTo(content);
            assertThat(CallRecordTypes.session().normal(Bodies.patched(Bodies.content(Bodies.session("")), content)))
                    .isEqualTo(CallRecordTypes.session().normal(withId(content, "s")));
        }
    }

    private static Map<String, @Nullable Object> withId(Map<String, @Nullable Object> content, String id) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>(content);
        named.put("id", id);
        return named;
    }

    private static EntityType type(int turn) {
        return switch (turn % 5) {
            case 0 -> CallRecordTypes.callRecord();
            case 1 -> CallRecordTypes.segment();
            case 2 -> CallRecordTypes.participant();
            default -> CallRecordTypes.session();
        };
    }

    private static Map<String, @Nullable Object> body(GeneratedPayloads payloads, int turn) {
        return switch (turn % 5) {
            case 0 -> payloads.callRecord();
            case 1 -> payloads.segment();
            case 2 -> payloads.participant();
            default -> payloads.session();
        };
    }

    /** Returns an entity as in a response, with its navigation properties. */
    private static Map<String, @Nullable Object> shown(EntityType type, Map<String, @Nullable Object> content) {
        Map<String, @Nullable Object> shown = type.show(content, WHOLE);
        for (String name : type.navigations()) {
            EntityType inner =
                    switch (name) {
                        case "organizer_v2" -> CallRecordTypes.organizer();
                        case "participants_v2" -> CallRecordTypes.participant();
                        case "sessions" -> CallRecordTypes.session();
                        default -> CallRecordTypes.segment();
                    };
            if (content.get(name) instanceof List<?> elements) {
                List<@Nullable Object> all = new ArrayList<>();
                elements.forEach(element -> all.add(shown(inner, object(element))));
                shown.put(name, all);
            } else if (content.get(name) != null) {
                shown.put(name, shown(inner, object(content.get(name))));
            }
        }
        return shown;
    }

    /** Asserts that a response contains the sent values unchanged, and no others. */
    private static void assertSameValues(GeneratedPayloads payloads, Map<?, ?> sent, Map<?, ?> shown, String path) {
        assertThat(memberNames(shown)).as("members of %s", path).isEqualTo(memberNames(sent));
        for (String name : memberNames(sent)) {
            assertSameValues(payloads, sent.get(name), shown.get(name), path + "." + name);
        }
        if (payloads.isDeclared(sent)) {
            assertThat(shown.get("@odata.type")).as("type of %s", path).isEqualTo(payloads.shownType(sent));
        } else {
            assertThat(shown.get("@odata.type")).as("type of %s", path).isEqualTo(sent.get("@odata.type"));
        }
    }

    private static void assertSameValues(
            GeneratedPayloads payloads, @Nullable Object sent, @Nullable Object shown, String path) {
        if (sent instanceof Map<?, ?> before && shown instanceof Map<?, ?> after) {
            assertSameValues(payloads, before, after, path);
        } else if (sent instanceof List<?> before && shown instanceof List<?> after) {
            assertThat(after).as(path).hasSameSizeAs(before);
            for (int i = 0; i < before.size(); i++) {
                assertSameValues(payloads, before.get(i), after.get(i), path + "[" + i + "]");
            }
        } else {
            assertThat(shown).as(path).isEqualTo(sent);
        }
    }

    /**
     * Returns the names of members with a value; annotations, empty collections and {@code "userAgent":{}} have none.
     */
    private static Set<String> memberNames(Map<?, ?> object) {
        Set<String> names = new LinkedHashSet<>();
        object.forEach((name, value) -> {
            boolean isNothing =
                    NormalForm.isEmpty(value) || (name.equals("userAgent") && ((Map<?, ?>) value).isEmpty());
            if (!isNothing && !((String) name).contains("@")) {
                names.add((String) name);
            }
        });
        return names;
    }

    /** Returns a part of an entity: the required members, and others at random, including nested ones. */
    private static Map<String, @Nullable Object> part(Map<String, @Nullable Object> content, SplittableRandom random) {
        Map<String, @Nullable Object> part = new LinkedHashMap<>();
        content.forEach((name, value) -> {
            if (value instanceof Map<?, ?>) {
                if (random.nextInt(4) > 0) {
                    part.put(name, part(object(value), random));
                }
            } else if (value instanceof List<?> elements && elements.stream().allMatch(Map.class::isInstance)) {
                List<@Nullable Object> parts = new ArrayList<>();
                elements.forEach(element -> parts.add(part(object(element), random)));
                part.put(name, parts);
            } else if (name.startsWith("@") || random.nextBoolean()) {
                part.put(name, value);
            }
        });
        return part;
    }

    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return ObjectReader.members((Map<?, ?>) Objects.requireNonNull(value));
    }
}
