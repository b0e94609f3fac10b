package io.switchboard.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    @Test
    void values_of_every_type_are_read() throws Json.MalformedJson {
        assertThat(Json.read("{\"a\":[1,2147483648,9223372036854775808,true,null,\"x\"]}"))
                .isEqualTo(Map.of(
                        "a",
                        java.util.Arrays.asList(
                                1, 2_147_483_648L, new BigInteger("9223372036854775808"), true, null, "x")));
        assertThat(Json.read(" \"text\" ")).isEqualTo("text");
        assertThat(Json.read("null")).isNull();
    }

    @Test
    void decimals_keep_their_notation() throws Json.MalformedJson {
        assertThat(Json.read("1.10")).isEqualTo(new BigDecimal("1.10"));
        assertThat(Json.write(Json.read("[1.10,0.1,123456789012345678901.5]")))
                .isEqualTo("[1.10,0.1,123456789012345678901.5]");
        assertThat(Json.read("1e400")).isEqualTo(new BigDecimal("1e400"));
        assertThat(Json.write(Json.read("1e400"))).isEqualTo("1E+400");
    }

    @Test
    void number_has_at_most_a_hundred_digits() throws Json.MalformedJson {
        String hundred = "9".repeat(100);
        assertThat(Json.read(hundred)).isEqualTo(new BigInteger(hundred));
        assertMalformed("9".repeat(101));
        assertMalformed("9".repeat(400));
        assertMalformed("[0." + "1".repeat(400) + "]");
        assertMalformed("{\"a\":" + "9".repeat(400) + "}");
    }

    @Test
    void nesting_has_at_most_sixty_four_levels() throws Json.MalformedJson {
        assertThat(Json.read("[".repeat(64) + "]".repeat(64))).isInstanceOf(List.class);
        assertMalformed("[".repeat(65) + "]".repeat(65));
        assertMalformed("{\"a\":".repeat(65) + "1" + "}".repeat(65));
        assertMalformed("[".repeat(100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "NaN",
                "Infinity",
                "01",
                "+1",
                ".5",
                "1.",
                "1e",
                "\"a",
                "\"\n\"",
                "\"\\x\"",
                "tru",
                "// c\n1",
                "/* c */ 1",
                "1 2",
                "{} {}",
                "{}x",
                "[] ]",
                "\uFEFF{}"
            })
    void text_other_than_one_value_is_malformed(String text) {
        assertMalformed(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":1}", "{\"b\":{\"a\":1,\"c\":2,\"a\":null}}", "[{\"a\":1,\"\\u0061\":2}]"})
    void duplicate_name_in_an_object_is_malformed(String text) {
        assertMalformed(text);
    }

    @Test
    void same_name_in_different_objects_is_accepted() throws Json.MalformedJson {
        assertThat(Json.read("[{\"a\":1},{\"a\":{\"a\":2}}]")).isInstanceOf(List.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\ud83d\"",
                "\"\\ude00\"",
                "\"\\ude00\\ud83d\"",
                "\"\\ud83dx\"",
                "{\"\\ud83d\":1}",
                "[[{\"a\":[\"\\ud83d\\ud83d\\ude00\"]}]]"
            })
    void half_of_a_surrogate_pair_is_malformed(String text) {
        assertThatThrownBy(() -> Json.read(text))
                .isInstanceOf(Json.MalformedJson.class)
                .hasMessageContaining("surrogate");
    }

    @Test
    void complete_surrogate_pairs_are_accepted() throws Json.MalformedJson {
        assertThat(Json.read("\"\\ud83d\\ude00😀\"")).isEqualTo("😀😀");
    }

    @Test
    void message_has_the_location_without_class_names() {
        assertThatThrownBy(() -> Json.read("{\n  \"a\": x}"))
                .isInstanceOf(Json.MalformedJson.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("jackson")
                .hasMessageNotContaining("java");
        assertThatThrownBy(() -> Json.read("")).hasMessage("the text is empty");
        assertThatThrownBy(() -> Json.read("1 2")).hasMessage("extra content follows the JSON value");
    }

    @Test
    void size_counts_bytes() {
        assertThat(Json.size(Map.of("a", "é😀"))).isEqualTo("{\"a\":\"\"}".length() + 2 + 4);
    }

    private static void assertMalformed(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(Json.MalformedJson.class);
    }
}
