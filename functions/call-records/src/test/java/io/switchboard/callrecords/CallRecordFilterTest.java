package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.record;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.FunctionResponse;
import io.switchboard.text.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code $filter} and {@code $orderby} of call records, with a model that evaluates the same conditions. */
class CallRecordFilterTest {
    private static final int RECORD_COUNT = 30;
    private static final int FILTERS = 40;
    private static final List<String> TYPES = List.of("groupCall", "peerToPeer", "unknown");

    private final CallRecordFixture fixture = new CallRecordFixture();
    private final SplittableRandom random = Seed.random("CallRecordFilterTest");

    /** A stored call record, with hours since a day as its times. */
    private record Stored(
            String id,
            int start,
            int end,
            int modified,
            String type,
            int version,
            String organizer,
            Set<String> people) {}

    /** A condition as text, and as the model evaluates it. */
    private record Condition(String text, Predicate<Stored> test) {}

    private static String time(int hours) {
        return String.format(Locale.ROOT, "2026-03-%02dT%02d:00:00Z", 1 + hours / 24, hours % 24);
    }

    private Stored store(int number) {
        int start = random.nextInt(72);
        Set<String> people = new TreeSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            people.add("p" + random.nextInt(4));
        }
        Stored stored = new Stored(
                String.format(Locale.ROOT, "r%02d", number),
                start,
                start + random.nextInt(5),
                random.nextInt(72),
                TYPES.get(random.nextInt(TYPES.size())),
                1 + random.nextInt(3),
                "o" + random.nextInt(3),
                people);
        List<Map<String, Object>> participants = new ArrayList<>();
        people.forEach(id -> participants.add(person(id)));
        Map<String, Object> body = record(stored.id, stored.version);
        body = with(body, "startDateTime", time(stored.start));
        body = with(body, "endDateTime", time(stored.end));
        body = with(body, "lastModifiedDateTime", time(stored.modified));
        body = with(body, "type", stored.type);
        body = with(body, "organizer_v2", person(stored.organizer));
        body = with(body, "participants_v2", participants);
        fixture.send("POST", RECORDS, body).is(201);
        return stored;
    }

    private static Map<String, Object> person(String id) {
        return Map.of("id", id, "identity", Map.of("user", Map.of("id", id)));
    }

    // ---- conditions

    private Condition condition(int depth) {
        if (depth == 0) {
            return simple();
        }
        Condition one = condition(depth - 1);
        Condition other = condition(random.nextInt(depth));
        return switch (random.nextInt(4)) {
            case 0 -> new Condition("(" + one.text + " or " + other.text + ")", one.test.or(other.test));
            case 1 -> new Condition("not (" + one.text + ")", one.test.negate());
            case 2 -> new Condition("(" + one.text + ")  and  " + other.text, one.test.and(other.test));
            default -> one;
        };
    }

    private Condition simple() {
        return switch (random.nextInt(7)) {
            case 0 -> instant("endDateTime", Stored::end);
            case 1 -> instant("lastModifiedDateTime", Stored::modified);
            case 2 -> number();
            case 3 -> text("type", TYPES, Stored::type);
            case 4 -> text("organizer_v2/id", List.of("o0", "o1", "o2", "o3"), Stored::organizer);
            case 5 -> participant();
            default -> instant("startDateTime", Stored::start);
        };
    }

    /** Reads a number of the model. */
    private interface Property {
        int of(Stored stored);
    }

    private Condition instant(String name, Property property) {
        int hours = random.nextInt(72);
        return switch (random.nextInt(4)) {
            case 0 -> compared(name, property, hours / 24 * 24, time(hours).substring(0, 10));
            case 1 -> compared(name, property, hours, time(hours).substring(0, 16) + "Z");
            case 2 ->
                new Condition(
                        name + " in ( " + time(hours) + "," + time(hours + 1) + " )",
                        stored -> property.of(stored) == hours || property.of(stored) == hours + 1);
            default -> compared(name, property, hours, time(hours));
        };
    }

    private Condition number() {
        int value = 1 + random.nextInt(3);
        return compared("version", Stored::version, value, Integer.toString(value));
    }

    private Condition compared(String name, Property property, int value, String literal) {
        List<String> operators = List.of("eq", "ne", "lt", "le", "gt", "ge");
        String operator = operators.get(random.nextInt(operators.size()));
        return new Condition(name + " " + operator + " " + literal, stored -> {
            int compared = Integer.compare(property.of(stored), value);
            return switch (operator) {
                case "eq" -> compared == 0;
                case "ne" -> compared != 0;
                case "lt" -> compared < 0;
                case "le" -> compared <= 0;
                case "gt" -> compared > 0;
                default -> compared >= 0;
            };
        });
    }

    private Condition text(String name, List<String> values, Function<Stored, String> property) {
        String value = values.get(random.nextInt(values.size()));
        String other = values.get(random.nextInt(values.size()));
        return switch (random.nextInt(3)) {
            case 0 ->
                new Condition(
                        name + " ne '" + value + "'",
                        stored -> !property.apply(stored).equals(value));
            case 1 ->
                new Condition(
                        name + " in ('" + value + "', '" + other + "')",
                        stored -> List.of(value, other).contains(property.apply(stored)));
            default ->
                new Condition(
                        name + " eq '" + value + "'",
                        stored -> property.apply(stored).equals(value));
        };
    }

    private Condition participant() {
        String one = "p" + random.nextInt(4);
        String other = "p" + random.nextInt(4);
        return random.nextBoolean()
                ? new Condition("participants_v2/any(p:p/id eq '" + one + "')", stored -> stored.people.contains(one))
                : new Condition(
                        "participants_v2/any(p: p/id in ('" + one + "','" + other + "'))",
                        stored -> stored.people.contains(one) || stored.people.contains(other));
    }

    // ---- lists

    /** Returns the ids of all pages. */
    private List<Object> listed(String filter, String... options) {
        var event = fixture.event("GET", RECORDS)
                .header("Prefer", "odata.maxpagesize=" + (1 + random.nextInt(9)))
                .query("$filter", filter);
        for (int i = 0; i < options.length; i += 2) {
            event.query(options[i], options[i + 1]);
        }
        FunctionResponse page = fixture.send(event, "GET", RECORDS).is(200);
        List<Object> ids = new ArrayList<>(page.each("value", "id"));
        @Nullable Object next = page.json().get("@odata.nextLink");
        while (next != null) {
            page = fixture.follow(String.valueOf(next)).is(200);
            ids.addAll(page.each("value", "id"));
            next = page.json().get("@odata.nextLink");
        }
        return ids;
    }

    @Test
    void lists_and_counts_are_those_of_the_model_in_both_orders() {
        List<Stored> all = new ArrayList<>();
        for (int i = 0; i < RECORD_COUNT; i++) {
            all.add(store(i));
        }
        all.sort(Comparator.comparingInt(Stored::start).thenComparing(Stored::id));
        for (int i = 0; i < FILTERS; i++) {
            Condition condition = condition(random.nextInt(4));
            List<String> expected =
                    all.stream().filter(condition.test).map(Stored::id).toList();
            List<String> backwards = new ArrayList<>(expected);
            Collections.reverse(backwards);

            assertThat(listed(condition.text)).as(condition.text).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(listed(condition.text, "$orderby", "startDateTime"))
                    .as(condition.text)
                    .isEqualTo(expected);
            assertThat(listed(condition.text, "$orderby", "startDateTime desc"))
                    .as(condition.text)
                    .isEqualTo(backwards);
            assertThat(fixture.get(RECORDS + "/$count", "$filter", condition.text)
                            .is(200)
                            .body())
                    .as(condition.text)
                    .isEqualTo(Integer.toString(expected.size()));
        }
    }

    @Test
    void order_by_last_modification_is_that_of_the_model_in_both_directions() {
        List<Stored> all = new ArrayList<>();
        for (int i = 0; i < RECORD_COUNT; i++) {
            all.add(store(i));
        }
        all.sort(Comparator.comparingInt(Stored::modified).thenComparing(Stored::id));
        for (int i = 0; i < FILTERS; i++) {
            Condition condition = modifications(random.nextInt(4));
            List<String> expected =
                    all.stream().filter(condition.test).map(Stored::id).toList();
            List<String> backwards = new ArrayList<>(expected);
            Collections.reverse(backwards);

            assertThat(listed(condition.text, "$orderby", "lastModifiedDateTime"))
                    .as(condition.text)
                    .isEqualTo(expected);
            assertThat(listed(condition.text, "$orderby", "lastModifiedDateTime desc"))
                    .as(condition.text)
                    .isEqualTo(backwards);
            assertThat(fixture.send(
                                    fixture.event("GET", RECORDS)
                                            .query("$filter", condition.text)
                                            .query("$orderby", "lastModifiedDateTime asc")
                                            .query("$count", "true"),
                                    "GET",
                                    RECORDS)
                            .is(200)
                            .json()
                            .get("@odata.count"))
                    .as(condition.text)
                    .isEqualTo(expected.size());
        }
    }

    /** Returns a condition on {@code lastModifiedDateTime} alone. */
    private Condition modifications(int depth) {
        if (depth == 0) {
            return instant("lastModifiedDateTime", Stored::modified);
        }
        Condition one = modifications(depth - 1);
        Condition other = modifications(random.nextInt(depth));
        return switch (random.nextInt(3)) {
            case 0 -> new Condition("(" + one.text + " or " + other.text + ")", one.test.or(other.test));
            case 1 -> new Condition("not (" + one.text + ")", one.test.negate());
            default -> new Condition(one.text + " and " + other.text, one.test.and(other.test));
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "startDateTime ge 2026-03-04",
                "lastModifiedDateTime ge 2026-03-04 and type eq 'groupCall'",
                "not (version in (1, 2))",
                "participants_v2/any(p:p/id eq 'p1')",
            })
    void order_by_last_modification_with_a_filter_on_another_property_is_rejected(String filter) {
        fixture.get(RECORDS, "$orderby", "lastModifiedDateTime", "$filter", filter)
                .isInvalid("notAllowed $filter");
    }

    @Test
    void filtered_page_reads_a_bounded_number_of_records_and_continues() {
        for (int i = 0; i < 110; i++) {
            fixture.send("POST", RECORDS, record(String.format(Locale.ROOT, "r%03d", i), i < 109 ? 1 : 2))
                    .is(201);
        }

        FunctionResponse first = fixture.get(RECORDS, "$filter", "version eq 2").is(200);
        FunctionResponse second = fixture.follow(first.text("@odata.nextLink")).is(200);

        assertThat(first.each("value", "id")).isEmpty();
        assertThat(second.each("value", "id")).containsExactly("r109");
        assertThat(second.json().get("@odata.nextLink")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lastModifiedDateTime ascending",
                "lastModifiedDateTimes",
                "endDateTime",
                "startDateTime ascending",
                "startDateTime,id",
                ""
            })
    void order_that_no_index_has_is_rejected(String order) {
        fixture.get(RECORDS, "$orderby", order).isInvalid("invalidValue $orderby");
    }

    @Test
    void next_link_of_one_order_is_not_one_of_the_other() {
        for (int i = 0; i < 3; i++) {
            store(i);
        }
        String link = fixture.send(
                        fixture.event("GET", RECORDS)
                                .header("Prefer", "odata.maxpagesize=1")
                                .query("$orderby", "startDateTime desc"),
                        "GET",
                        RECORDS)
                .is(200)
                .text("@odata.nextLink");

        fixture.follow(link.replace("desc", "asc")).isInvalid("invalidPageToken $skiptoken");
    }
}
