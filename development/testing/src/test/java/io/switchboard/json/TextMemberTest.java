package io.switchboard.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.Seed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the member that is taken out of the bytes with the one that the parser reads. */
final class TextMemberTest {
    private static void assertSame(String object) {
        Map<String, @Nullable Object> read = Json.readOwn(object);
        TextMember member = Objects.requireNonNull(TextMember.find(object.getBytes(UTF_8), "body"), object);
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(read);
        rest.put("body", null);

        assertThat(Json.readOwn(new String(member.rest(), UTF_8))).isEqualTo(rest);
        assertThat(member.text())
                .as(object)
                .isEqualTo(((String) Objects.requireNonNull(read.get("body"))).getBytes(UTF_8));
    }

    @Test
    void every_character_of_the_basic_plane_is_read_raw_and_escaped() {
        for (int c = 0; c <= 0xFFFF; c++) {
            assertSame("{\"body\":\"a\\u%04xb\"}".formatted(c));
            assertSame("{\"body\":\"\\u%04X\"}".formatted(c));
            if (c >= ' ' && c != '"' && c != '\\' && Character.getType(c) != Character.SURROGATE) {
                assertSame("{\"body\":\"" + (char) c + "\"}");
            }
        }
        assertSame("{\"body\":\"\\b\\t\\n\\f\\r\\\"\\\\\\/\"}");
    }

    @Test
    void surrogates_are_joined_and_lone_ones_are_replaced() {
        for (String high : new String[] {"\\ud83d", "\\uDBFF", "\\ude00", "\\u0041", "x", ""}) {
            for (String low : new String[] {"\\ude00", "\\uDFFF", "\\ud83d", "\\u0041", "\\n", "x", ""}) {
                assertSame("{\"body\":\"" + high + low + high + "\",\"a\":1}");
            }
        }
    }

    @Test
    void body_between_any_members_is_found() {
        SplittableRandom random = Seed.random("text members");
        for (int i = 0; i < 5_000; i++) {
            Map<String, Object> object = new LinkedHashMap<>();
            int before = random.nextInt(4);
            for (int j = 0; j < 6; j++) {
                if (j == before) {
                    object.put("body", Json.write(Seed.text(random, 40)));
                }
                Object value = Seed.text(random, 5);
                object.put(
                        random.nextInt(3) + Seed.text(random, 3) + j,
                        switch (random.nextInt(4)) {
                            case 0 -> Map.of("body", value, "[{\"", "}");
                            case 1 -> java.util.List.of("body", value, Map.of("body", "]"));
                            default -> value;
                        });
            }
            String text = Json.write(object);
            assertSame(random.nextBoolean() ? text : " " + text.replace("\"body\":", "\"body\" \r\n:\t") + "\n");
        }
    }

    @Test
    void member_that_is_absent_or_not_a_valid_string_is_not_found() {
        for (String object : new String[] {
            "",
            "{}",
            "{\"body\"",
            "{\"body\":",
            "{\"body\":1}",
            "{\"body\":null}",
            "{\"body\":\"",
            "{\"body\":\"\\",
            "{\"body\":\"\\u",
            "{\"body\":\"\\u123\"}",
            "{\"body\":\"\\u123g\"}",
            "{\"body\":\"\\x\"}",
            "{\"body\":\"\t\"}",
            "{\"a\":\"body\"}",
            "{\"a\":{\"body\":\"x\"}}",
            "{\"a\":[\"body\",\"x\"]}",
            "{\"Body\":\"x\"}",
            "\"body\""
        }) {
            assertThat(TextMember.find(object.getBytes(UTF_8), "body"))
                    .as(object)
                    .isNull();
        }
    }
}
