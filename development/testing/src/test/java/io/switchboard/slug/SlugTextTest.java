package io.switchboard.slug;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.CpuTime;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SlugTextTest {
    private static final Map<String, Object> VALUES = Map.of(
            "a", "A", "b", "{a}", "n", 7, "t", true, "anchor.ticketnumber", "CAS-1", "pre chat?", "yes", "s", "a b/ü");

    private static String resolve(String text) {
        return SlugText.resolve(text, VALUES::get, SlugText.Encoding.TEXT, (key, why) -> {});
    }

    private static List<String> unresolved(String text) {
        List<String> keys = new ArrayList<>();
        SlugText.resolve(text, VALUES::get, SlugText.Encoding.TEXT, (key, why) -> keys.add(key));
        return keys;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{a}|A",
                "x{a}y{n}z{t}|xAy7ztrue",
                "{a}{a}|AA",
                "{anchor.ticketnumber}|CAS-1",
                "{pre chat?}|yes",
                "{x}|''",
                "-{x}-|--",
                "{}|{}",
                "{|{",
                "}|}",
                "}{|}{",
                "{a|{a",
                "a}|a}",
                "{{a}}|{A}",
                "{{a}|{A",
                "{a}}|A}",
                "{\"a\":1}|{\"a\":1}",
                "{\"a\":\"{a}\"}|{\"a\":\"A\"}",
                "{o'clock}|{o'clock}",
                "{{{{|{{{{",
                "$ {a}|$ A",
                "${a}|$A"
            })
    void only_a_key_between_braces_is_a_slug(String text, String expected) {
        assertThat(resolve(text)).isEqualTo(expected);
    }

    @Test
    void backslash_escapes_a_brace() {
        assertThat(resolve("\\{a}")).isEqualTo("{a}");
        assertThat(resolve("\\{{a}}")).isEqualTo("{A}");
        assertThat(resolve("x\\{y{a}")).isEqualTo("x{yA");
        assertThat(resolve("\\")).isEqualTo("\\");
        assertThat(resolve("\\a\\")).isEqualTo("\\a\\");
        assertThat(resolve("\\}")).isEqualTo("\\}");
        assertThat(unresolved("\\{x}")).isEmpty();
    }

    @Test
    void value_of_a_slug_is_not_scanned_for_slugs() {
        assertThat(resolve("{b}")).isEqualTo("{a}");
        assertThat(resolve("{{b}}")).isEqualTo("{{a}}");
        assertThat(SlugText.resolve(
                        "{x}{y}", key -> key.equals("x") ? "{" : "y}", SlugText.Encoding.TEXT, (key, why) -> {}))
                .isEqualTo("{y}");
    }

    @Test
    void unresolved_keys_are_reported_in_order() {
        assertThat(unresolved("{x} {a} {y} {x}")).containsExactly("x", "y", "x");
        assertThat(unresolved("{a} {} {\"x\":1}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{$odata.incident.title.?$filter=incidentid eq '{caseId}'&$select=title}",
                "{$odata.a.b.?$filter=x eq '{y}' and z eq '{w{v}}'}",
                "{$Odata.incident.title.?x}",
                "{$ODATA.a.b.}"
            })
    void query_with_slugs_inside_is_one_slug(String text) {
        assertThat(unresolved("x " + text + " y")).containsExactly(text.substring(1, text.length() - 1));
        assertThat(resolve("x " + text + " {a}")).isEqualTo("x  A");
        assertThat(SlugText.isQuery(text.substring(1))).isTrue();
    }

    @Test
    void unterminated_query_is_text_and_its_inner_slugs_are_resolved() {
        assertThat(resolve("{$odata.a.b.?x eq '{a}'")).isEqualTo("{$odata.a.b.?x eq 'A'");
        assertThat(SlugText.isQuery("odata.a")).isFalse();
        assertThat(SlugText.isQuery("a")).isFalse();
    }

    @Test
    void value_in_a_url_is_encoded_and_the_other_text_is_unchanged() {
        assertThat(SlugText.resolve(
                        "https://example.com/a b?q={s}&r={n}#\"", VALUES::get, SlugText.Encoding.URL, (key, why) -> {}))
                .isEqualTo("https://example.com/a%20b?q=a%20b%2F%C3%BC&r=7#%22");
        assertThat(SlugText.resolve("/\\{a}?{b}", VALUES::get, SlugText.Encoding.URL, (key, why) -> {}))
                .isEqualTo("/%7Ba%7D?%7Ba%7D");
    }

    @Test
    void text_without_braces_is_unchanged() {
        SplittableRandom random = Seed.random("text_without_braces_is_unchanged");
        for (int i = 0; i < 5_000; i++) {
            String text = Seed.text(random, 20).replace("{", "").replace("}", "");
            assertThat(resolve(text)).isEqualTo(text);
        }
    }

    @Test
    void text_between_slugs_is_unchanged() {
        SplittableRandom random = Seed.random("text_between_slugs_is_unchanged");
        for (int i = 0; i < 5_000; i++) {
            String before = Seed.text(random, 8).replace("{", "").replace("\\", "");
            String value = Seed.text(random, 8);
            String after = Seed.text(random, 8).replace("{", "");
            assertThat(SlugText.resolve(
                            before + "{key}" + after, key -> value, SlugText.Encoding.TEXT, (key, why) -> {}))
                    .isEqualTo(before + value + after);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{a", "{$odata.", "{$odata.{", "\\{", "{}", "}{", "{ ", "{$odata.}", "a{'"})
    void text_is_resolved_in_linear_time(String piece) {
        String text = piece.repeat(1 + 65_536 / piece.length());
        assertThat(CpuTime.of(() -> {
                    for (int i = 0; i < 4; i++) {
                        resolve(text);
                    }
                }))
                .isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void long_key_is_looked_up_once_for_each_brace() {
        String text = "{".repeat(32_768) + "a".repeat(32_768);
        assertThat(CpuTime.of(() -> assertThat(resolve(text)).isEqualTo(text))).isLessThan(Duration.ofSeconds(1));
    }
}
