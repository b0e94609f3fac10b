package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorBodyTest {
    private static Map<String, @Nullable Object> error(Refusal refusal) {
        Response response = ErrorBody.response(refusal, Instant.EPOCH, "r", "c".repeat(256));
        String body = response.bodyText();
        assertThat(body.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(InputLimits.ERROR_BYTES);
        return Json.readOwn(body).get("error") instanceof Map<?, ?> error ? ObjectReader.members(error) : Map.of();
    }

    private static String message(Refusal refusal) {
        return String.valueOf(error(refusal).get("message"));
    }

    private static List<?> details(Refusal refusal) {
        return error(refusal).get("details") instanceof List<?> details ? details : List.of();
    }

    private static Refusal refusal(Violations violations) {
        try {
            Refusal.ifAny(violations);
        } catch (Refusal refusal) {
            return refusal;
        }
        throw new AssertionError("The violations were not rejected");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 99, 100, 101, 102, 40_000})
    void first_hundred_violations_are_listed_and_the_others_are_counted(int count) {
        Violations violations = new Violations();
        for (int i = 0; i < count; i++) {
            violations.add("wrongType", "k" + i, "k" + i + " must be a string.");
        }

        List<?> details = details(refusal(violations));

        assertThat(violations.isFull()).isEqualTo(count >= 100);
        assertThat(details).hasSize(Math.min(count, 100) + (count > 100 ? 1 : 0));
        if (count > 100) {
            assertThat(details.getLast().toString()).contains("tooMany", count - 100 + " more problem");
            assertThat(violations.all()).hasSize(101);
        }
        if (count > 1) {
            assertThat(message(refusal(violations))).contains(count + " problems");
        }
    }

    @Test
    void added_violations_are_counted() {
        Violations all = new Violations();
        for (int part = 0; part < 3; part++) {
            Violations found = new Violations();
            for (int i = 0; i < 150; i++) {
                found.add("wrongType", "a", "b");
            }
            all.addAll(found);
        }

        assertThat(details(refusal(all)).getLast().toString()).contains("350 more problems");
    }

    @Test
    void allowed_names_are_listed_once() {
        Violations violations = new Violations();
        violations.add("invalidValue", "a", "a must be one of", List.of("x", "y"));
        violations.add("invalidValue", "b", "b must be one of", List.of("x", "y"));
        violations.add("invalidValue", "c", "c must be one of", List.of("y"));

        assertThat(violations.all())
                .extracting(Violation::message)
                .containsExactly(
                        "a must be one of: x, y.",
                        "b must be one of the values that an earlier message lists.",
                        "c must be one of: y.");
    }

    /** Each escaped control character takes six bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u0001", "😀", "\"", "\uFFFF"})
    void response_stays_within_its_maximum_size(String text) {
        String excerpt = InputLimits.excerpt(text.repeat(5_000));
        List<Violation> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(new Violation("wrongType", excerpt.repeat(3) + i, excerpt));
        }
        Violations violations = new Violations();
        many.forEach(each -> violations.add(each.code(), each.target(), each.message()));

        for (Refusal refusal : List.of(
                refusal(violations),
                Refusal.of(ErrorCode.IMPORT_CONFLICT, "a", many),
                Refusal.of(ErrorCode.UNRESOLVED_SLUG, "a", many))) {
            List<?> details = details(refusal);
            assertThat(details.size()).isBetween(2, 101);
            assertThat(details.getLast().toString()).contains(5_001 - details.size() + " more problems");
        }
    }

    @Test
    void long_message_and_target_are_cut() {
        String text = "é".repeat(4_000_000);

        assertThat(message(Refusal.of(ErrorCode.NOT_FOUND, text, text))).hasSize(2_001);
        assertThat(details(Refusal.invalid("a", text, text))).hasSize(1);
    }

    @Test
    void long_member_name_is_cut_in_target_and_message() {
        Violations violations = new Violations();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("n".repeat(1_000_000), 1);
        new ObjectReader(members, "", violations).rejectUnknown();
        new ObjectReader(Map.of("m".repeat(500), 1), "a.b", violations).rejectUnknown();

        assertThat(violations.all()).hasSize(2);
        for (Violation violation : violations.all()) {
            assertThat(violation.target()).hasSizeLessThanOrEqualTo(101);
            assertThat(violation.message()).hasSizeLessThan(200).doesNotContain("n".repeat(101), "m".repeat(101));
        }
    }

    @Test
    void unknown_members_beyond_the_limit_are_counted_without_a_description() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (int i = 0; i < 75_000; i++) {
            members.put("k" + i, 1);
            members.put("@odata.k" + i, 1);
        }
        Violations violations = new Violations();
        new ObjectReader(members, "", violations).rejectUnknown();

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Refusal.ifAny(violations))
                .satisfies(refusal -> {
                    assertThat(refusal.details()).hasSize(100);
                    assertThat(refusal.others()).isEqualTo(74_900);
                });
    }

    @Test
    void excerpt_does_not_split_a_surrogate_pair() {
        assertThat(InputLimits.excerpt("x".repeat(99) + "😀😀")).isEqualTo("x".repeat(99) + "…");
        assertThat(InputLimits.excerpt("x".repeat(100))).hasSize(100);
        assertThat(InputLimits.excerpt("😀".repeat(51))).isEqualTo("😀".repeat(50) + "…");
    }
}
