package io.switchboard.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.text.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonLimitsTest {
    private static final int RUNS = 2_000;

    /** Returns texts with a number at each possible position; in the first text it is the whole value. */
    private static List<String> places(String number) {
        return List.of(
                number,
                "[" + number + "]",
                "[1," + number + "]",
                "{\"a\":" + number + "}",
                "{\"a\":1,\"b\":" + number + "}",
                "{\"a\":{\"b\":[[" + number + "]]}}",
                "[{\"a\":[],\"b\":" + number + "},2]");
    }

    /** Returns a number that is valid or almost valid. */
    private static String number(SplittableRandom random) {
        StringBuilder number = new StringBuilder();
        number.append(random.nextInt(4) == 0 ? "-" : random.nextInt(40) == 0 ? "+" : "");
        digits(number, random, random.nextInt(20) == 0 ? 120 : 12);
        if (random.nextBoolean()) {
            digits(number.append('.'), random, random.nextInt(20) == 0 ? 120 : 6);
        }
        if (random.nextInt(4) != 0) {
            number.append(random.nextBoolean() ? 'e' : 'E');
            number.append(List.of("", "+", "-").get(random.nextInt(3)));
            number.repeat('0', random.nextInt(10) == 0 ? random.nextInt(90) : 0);
            digits(number, random, random.nextInt(10) == 0 ? 120 : 14);
        }
        return number.toString();
    }

    private static void digits(StringBuilder text, SplittableRandom random, int most) {
        int count = random.nextInt(most + 1);
        for (int i = 0; i < count; i++) {
            text.append((char) ('0' + random.nextInt(10)));
        }
    }

    @Test
    void numbers_are_read_or_malformed_consistently_by_every_method() {
        SplittableRandom random = Seed.random("numbers_are_read_or_malformed_consistently_by_every_method");
        List<String> numbers = new ArrayList<>(List.of(
                "1e99999999999",
                "-1e99999999999",
                "1e-99999999999",
                "0e99999999999",
                "1e2147483647",
                "1e2147483648",
                "1e-2147483648",
                "0.1e-2147483648",
                "1.5E+9999999999",
                "1e" + "9".repeat(97),
                "1e" + "0".repeat(96) + "1"));
        for (int i = 0; i < RUNS; i++) {
            numbers.add(number(random));
        }
        int read = 0;
        for (String number : numbers) {
            for (String text : places(number)) {
                read += isReadEverywhere(text) ? 1 : 0;
            }
        }
        // The generator creates valid and invalid numbers.
        assertThat(read).isBetween(RUNS, 6 * RUNS);
    }

    private static boolean isReadEverywhere(String text) {
        @Nullable Object tree;
        try {
            tree = Json.read(text);
        } catch (Json.MalformedJson e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(250).doesNotContain("Exception", "Stream", "java");
            tree = null;
        }
        if (tree != null) {
            assertThat(Json.size(tree)).isPositive();
        }
        boolean isOwn = true;
        try {
            assertThat(Json.write(Json.readOwn(text))).isNotEmpty();
        } catch (UncheckedIOException e) {
            isOwn = false;
        }
        try {
            Json.readObject(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            assertThat(isOwn).as(text).isTrue();
        } catch (IOException e) {
            assertThat(isOwn).as(text).isFalse();
        }
        return tree != null;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e9999",
                "-1E+9999",
                "1e-9999",
                "9.99e9999",
                "0.001e10002",
                "1000e9996",
                "0e0",
                "1e0000000000001"
            })
    void exponents_up_to_the_limit_are_read(String number) throws Json.MalformedJson {
        for (String text : places(number)) {
            assertThat(Json.read(text)).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e10000", "-1E+10000", "1e-10000", "10e9999", "0.01e-9998", "1e2147483647", "1e-999999999"})
    void exponents_beyond_the_limit_are_malformed(String number) {
        for (String text : places(number)) {
            assertThatThrownBy(() -> Json.read(text))
                    .isInstanceOf(Json.MalformedJson.class)
                    .hasMessageContaining("exponent of a number must be from -9999 to 9999 (line 1, column ");
        }
    }

    @Test
    void documents_stored_before_the_limit_are_read() {
        assertThat(Json.write(Json.readOwn("{\"a\":1E+999999}"))).isEqualTo("{\"a\":1E+999999}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "[}",
                "{",
                "{\"a\":",
                "NaN",
                "[1 /* */]",
                "tru",
                "\"\n\"",
                "{\"a\" 1}",
                "[01]",
                "\"\\x\"",
                "{1:2}"
            })
    void message_contains_no_class_names_of_the_parser(String text) {
        assertThatThrownBy(() -> Json.read(text))
                .isInstanceOf(Json.MalformedJson.class)
                .message()
                .doesNotContainPattern("[a-z][A-Z][a-z]|`|Feature|Source");
    }

    @Test
    void message_repeats_at_most_a_hundred_characters() {
        String name = "n".repeat(5_000);
        for (String text : List.of(
                "{\"" + name + "\":1,\"" + name + "\":2}",
                name,
                "{" + name + ":1}",
                "[" + name + "]",
                "{\"" + name.repeat(20) + "\":1}",
                "[" + "9".repeat(5_000) + "]",
                "[0." + "9".repeat(5_000) + "]")) {
            assertThatThrownBy(() -> Json.read(text))
                    .isInstanceOf(Json.MalformedJson.class)
                    .message()
                    .doesNotContain("n".repeat(101), "9".repeat(101))
                    .hasSizeLessThan(250);
        }
    }

    @Test
    void stream_is_read_as_strict_utf_8() throws Exception {
        byte[] escapes = "{\"\\ud83d\\ude00\":\"\\ud83d\\ude00\",\"\uFFFD\":\"é\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(Json.readObject(new ByteArrayInputStream(escapes))).isEqualTo(Map.of("😀", "😀", "\uFFFD", "é"));

        for (byte[] bytes : List.of(
                new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0xBD, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'},
                "{\"é\":1}".getBytes(StandardCharsets.ISO_8859_1),
                "{\"a\":1}".getBytes(StandardCharsets.UTF_16),
                new byte[0])) {
            assertThatThrownBy(() -> Json.readObject(new ByteArrayInputStream(bytes)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void deeply_nested_text_is_read_on_a_small_stack() throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        String text = "[{\"a\":".repeat(32) + "1" + "}]".repeat(32);
                        assertThat(Json.write(Json.read(text))).isEqualTo(text);
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                },
                "small",
                256 * 1_024);
        thread.start();
        thread.join();
        assertThat(failures).isEmpty();
    }
}
