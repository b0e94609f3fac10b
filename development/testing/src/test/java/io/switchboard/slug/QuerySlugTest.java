package io.switchboard.slug;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.CpuTime;
import io.switchboard.text.Seed;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuerySlugTest {
    private static Object compose(String options, Map<String, ?> values) {
        return Objects.requireNonNull(QuerySlug.of("$odata.incident.title.?" + options))
                .compose(values::get);
    }

    private static Object composeWith(String options, Object value) {
        return compose(options, Map.of("x", value));
    }

    @Test
    void documented_query_is_parsed_and_its_slug_is_resolved() {
        // The example of docs/domain/slugs.md, "OData slugs".
        QuerySlug slug = Objects.requireNonNull(
                QuerySlug.of("$odata.incident.title.?$filter=incidentid eq '{caseId}'&$select=title"));

        assertThat(slug)
                .isEqualTo(new QuerySlug("incident", "title", "$filter=incidentid eq '{caseId}'&$select=title"));
        assertThat(slug.compose(Map.of("caseId", "3f2504e0-4f89-41d3-9a0c-0305e82c3301")::get))
                .isEqualTo("$filter=incidentid%20eq%20'3f2504e0-4f89-41d3-9a0c-0305e82c3301'&$select=title");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$odata.incident.title.?a", "$Odata.incident.title.?a", "$ODATA.incident.title.?a"})
    void keyword_is_case_insensitive(String key) {
        assertThat(QuerySlug.of(key)).isEqualTo(new QuerySlug("incident", "title", "a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$odata.",
                "$odata.incident",
                "$odata.incident.",
                "$odata.incident.title",
                "$odata.incident.title.",
                "$odata.incident.title.$select=title",
                "$odata..title.?a",
                "$odata.incident..?a",
                "$odata.{x}.title.?a",
                "$odata.incident.{x}.?a",
                "$odata.../incident.title.?a",
                "$odata.inci dent.title.?a",
                "$odata.incident.title/x.?a",
                "$odata.1ncident.title.?a"
            })
    void other_text_is_not_a_query(String key) {
        assertThat(QuerySlug.of(key)).isNull();
    }

    @Test
    void options_may_be_empty() {
        assertThat(compose("", Map.of())).isEqualTo("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "O'Brien|O%27%27Brien",
                "' or '1' eq '1|%27%27%20or%20%27%271%27%27%20eq%20%27%271",
                "a&$top=5|a%26%24top%3D5",
                "%27|%2527",
                "x\\{y|x%5C%7By",
                "{y}|%7By%7D",
                "ü#+|%C3%BC%23%2B"
            })
    void value_in_single_quotes_stays_quoted(String value, String sent) {
        assertThat(composeWith("$filter=name eq '{x}'", value)).isEqualTo("$filter=name%20eq%20'" + sent + "'");
        assertThat(composeWith("$filter=contains(name,'a{x}b')&$select=name", value))
                .isEqualTo("$filter=contains(name,'a" + sent + "b')&$select=name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
                "0",
                "-12",
                "1.50",
                "6.02e23",
                "true",
                "false",
                "2026-11-21",
                "2026-11-21T21:39:30Z",
                "2026-11-21T21:39:30.123Z",
                "2026-11-21T21:39Z"
            })
    void number_boolean_or_guid_may_be_unquoted(String value) {
        assertThat(composeWith("$filter=a eq {x}", value)).isEqualTo("$filter=a%20eq%20" + value.replace(":", "%3A"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "null",
                "1 or true",
                "1)",
                "'a'",
                "TRUE",
                "now()",
                "1&$top=5",
                "0x10",
                "1.",
                ".5",
                "1e",
                "2026-11-21T21:39:30",
                "2026-11-21 ",
                "3f2504e0-4f89-41d3-9a0c-0305e82c330",
                "３",
                "1\n"
            })
    void other_values_must_be_quoted(String value) {
        assertThat(composeWith("$filter=a eq {x}", value)).isInstanceOf(SlugText.NoValue.class);
    }

    @Test
    void numbers_and_booleans_of_the_context_may_be_unquoted() {
        assertThat(composeWith("$top={x}", 3)).isEqualTo("$top=3");
        assertThat(composeWith("$count={x}", true)).isEqualTo("$count=true");
    }

    @Test
    void encoded_quote_of_the_template_is_a_quote() {
        assertThat(composeWith("$filter=a eq %27{x}%27", "o'c")).isEqualTo("$filter=a%20eq%20%27o%27%27c%27");
        assertThat(composeWith("$filter=a eq '%27{x}'", "o'c")).isInstanceOf(SlugText.NoValue.class);
        assertThat(composeWith("$filter=a eq '%27%27{x}'", "o'c")).isEqualTo("$filter=a%20eq%20'%27%27o%27%27c'");
    }

    @Test
    void text_after_a_double_quote_of_the_template_is_unquoted() {
        assertThat(composeWith("$search=\"it's {x}\"", "o")).isInstanceOf(SlugText.NoValue.class);
        assertThat(composeWith("$search=%22it's {x}%22", "o")).isInstanceOf(SlugText.NoValue.class);
        assertThat(composeWith("$search=\"{x}\"", "7")).isEqualTo("$search=%227%22");
        assertThat(composeWith("$search=\"a\"&$filter=b eq '{x}'", "o"))
                .isEqualTo("$search=%22a%22&$filter=b%20eq%20'o'");
        assertThat(composeWith("$filter=b eq '\"{x}\"'", "o")).isEqualTo("$filter=b%20eq%20'%22o%22'");
    }

    @Test
    void template_text_is_encoded_where_urls_require_it() {
        assertThat(compose("$filter=name eq 'A&B #1 +49'&$select=a,b", Map.of()))
                .isEqualTo("$filter=name%20eq%20'A%26B%20%231%20%2B49'&$select=a,b");
        assertThat(compose("$filter=a%20eq%201#x", Map.of())).isEqualTo("$filter=a%20eq%201%23x");
        assertThat(compose("$filter=a eq '\\{b}'", Map.of())).isEqualTo("$filter=a%20eq%20'%7Bb%7D'");
        assertThat(compose("@p={\"a\":1}", Map.of())).isEqualTo("@p=%7B%22a%22:1%7D");
    }

    @Test
    void query_inside_a_query_has_no_value() {
        assertThat(compose("$filter=a eq '{$odata.account.name.?$top=1}'", Map.of()))
                .isEqualTo(new SlugText.NoValue("queries cannot be nested"));
    }

    @Test
    void query_with_an_unresolved_slug_has_no_value() {
        assertThat(compose("$filter=a eq '{caseId}'", Map.of()))
                .isEqualTo(new SlugText.NoValue("its slug {caseId} has no value"));
    }

    @Test
    void query_that_is_too_long_is_not_sent() {
        assertThat(composeWith("$filter=a eq '{x}'", "a".repeat(17_000))).isInstanceOf(SlugText.NoValue.class);
    }

    /**
     * Parses the query as a server does: it splits the options at &amp;, decodes them, and then reads strings in single
     * quotes.
     */
    @Test
    void value_cannot_add_an_option_or_end_a_quote() {
        SplittableRandom random = Seed.random("value_cannot_add_an_option_or_end_a_quote");
        List<String> templates = List.of(
                "$filter=a eq '{x}' and b eq '{y}'&$select=a",
                "$filter=contains(a,'pre {x} post') or c eq {y}&$orderby=a desc",
                "$filter=a eq '{x}{y}'&$top=1",
                "$filter=a eq 'it''s {x}'&$skip={y}",
                "@p1='{x}'&@p2={y}");
        for (int i = 0; i < 20_000; i++) {
            String options = templates.get(random.nextInt(templates.size()));
            String x = Seed.text(random, 8);
            String y = random.nextInt(3) == 0 ? String.valueOf(random.nextInt()) : Seed.text(random, 6);
            Object composed = compose(options, Map.of("x", x, "y", y));
            if (!(composed instanceof String sent)) {
                continue;
            }
            assertThat(sent).matches("[!-~]*").doesNotContain("#", "{", "}", "\"", "\\", "<", ">", "^", "`", "|");
            String[] expected = options.split("&");
            String[] got = sent.split("&", -1);
            assertThat(got).hasSameSizeAs(expected);
            for (int o = 0; o < got.length; o++) {
                String decoded = URLDecoder.decode(got[o].replace("+", "%2B"), StandardCharsets.UTF_8);
                assertThat(structure(decoded)).isEqualTo(structure(expected[o].replace("'{x}{y}'", "'{x}'")));
                if (expected[o].contains("'{x}'")) {
                    assertThat(decoded).contains("'" + x.replace("'", "''") + "'");
                }
            }
        }
    }

    /** Returns an option without its strings and unquoted values. The rest must not depend on values. */
    private static String structure(String option) {
        StringBuilder structure = new StringBuilder();
        int at = 0;
        while (at < option.length()) {
            char c = option.charAt(at);
            if (c == '\'') {
                at++;
                while (option.charAt(at) != '\'' || (at + 1 < option.length() && option.charAt(at + 1) == '\'')) {
                    at += option.charAt(at) == '\'' ? 2 : 1;
                }
                structure.append("TEXT");
                at++;
            } else {
                structure.append(c);
                at++;
            }
        }
        return structure.toString().replaceAll("\\{y}|(?<![A-Za-z0-9@])-?[0-9][0-9TZ:.+eE-]*", "PLAIN");
    }

    @Test
    void options_are_resolved_in_linear_time() {
        for (String piece : List.of("{", "'", "{a", "\\{", "%", "%27", "\"", "&", "{x}", "{$odat", "'{x}'")) {
            String options = piece.repeat(65_536 / piece.length());
            assertThat(CpuTime.of(() -> compose(options, Map.of("x", "1"))))
                    .as(piece)
                    .isLessThan(Duration.ofSeconds(1));
        }
    }
}
