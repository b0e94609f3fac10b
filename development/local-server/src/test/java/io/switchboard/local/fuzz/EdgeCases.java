package io.switchboard.local.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Values that break parsers: raw JSON values and texts. */
final class EdgeCases {
    private static final List<String> NUMBERS = List.of(
            "1e99999999999",
            "-1E+99999999999",
            "1e-99999999999",
            "0e99999999999",
            "1.5e12345678901234567890",
            "1e2147483647",
            "1e2147483648",
            "1e-2147483649",
            "1e1000000000",
            "1e10000000",
            "1e400",
            "1e-400",
            "-0",
            "-0.0",
            "0." + "0".repeat(90) + "1",
            "9".repeat(99),
            "9".repeat(101),
            "9".repeat(1_001),
            "1." + "3".repeat(2_000),
            "9223372036854775808",
            "-9223372036854775809",
            "2147483648",
            "1.0",
            "1.5",
            "-1",
            "0",
            "NaN",
            "-Infinity",
            "01",
            "+1",
            ".5",
            "1.",
            "0x10");
    private static final List<String> LITERALS = List.of(
            "null",
            "true",
            "false",
            "{}",
            "[]",
            "[null]",
            "{\"\":null}",
            "\"\"",
            "[[]]",
            "[{}]",
            "{\"a\":{}}",
            "\"null\"",
            "nul",
            "");
    private static final List<String> ESCAPES = List.of(
            "\\ud800",
            "\\udc00",
            "\\udc00\\ud800",
            "\\ud83d\\ude00",
            "\\ud83d\\ude00\\ud83d",
            "\\u0000",
            "\\u202e",
            "\\ufeff",
            "\\uffff",
            "\\u001f",
            "\\u2028",
            "\\u",
            "\\ud8",
            "\\x41",
            "\\",
            "\u0000",
            "\u0001",
            "\t");
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\t\n",
            "\u0000",
            "\u0001a",
            "a\u0007",
            "\u202Eabc",
            "\u200B",
            "\uFEFF",
            "\u2003x",
            "x ",
            " x",
            "\uD83D\uDE00",
            "%00",
            "%2F",
            "%25",
            "%",
            "%zz",
            "..",
            ".",
            "/",
            "\\",
            "~",
            "~~",
            "~AAAA",
            "~%",
            "#",
            "?",
            "&",
            "=",
            "{",
            "}",
            "{}",
            "{{{{",
            "{customer}",
            "{anchor.title}",
            "{$odata.incident.title}",
            "{$odata}",
            "{$odata.}",
            "\\{customer}",
            "'",
            "''",
            "\"",
            "<script>",
            "*",
            "W/\"1\"",
            "W/",
            "home",
            "null",
            "true",
            "0",
            "-1",
            "99999999999999999999",
            "1e5",
            "2026-02-30T00:00:00Z",
            "2026-01-01T00:00:00+18:00",
            "+999999999-12-31T23:59:59Z",
            "0000-00-00T00:00:00Z",
            "2026-01-01T00:00:00.1234567890123Z",
            "P",
            "PT",
            "PT0.0000000001S",
            "P999999999999999D",
            "http://[",
            "https://",
            "https:///x",
            "https://example.com:99999/",
            "https://exa mple.com/",
            "javascript:alert(1)",
            "https://example..com/",
            "//example.com",
            "[",
            "[[",
            "[[\"a\",1e99999999999]]",
            "[[\"a\",\"\\ud800\"]]",
            "{\"a\":1e99999999999}");
    private static final String[] REPEATED = {
        "a",
        "{",
        "}",
        "(",
        "'",
        "''",
        "\"",
        "\\",
        "/",
        "../",
        "%",
        " ",
        "\t",
        ",",
        ";",
        "[",
        "{a",
        "{\"a\":",
        "[[\"a\",",
        "é",
        "\uD83D\uDE00",
        "\u202E",
        "0",
        "-",
        "{$odata.",
        "{anchor.",
        "a.",
        "&a=b",
        "=",
        "\u0000",
        "\r\n"
    };

    private EdgeCases() {}

    static <T> T of(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    static String number(SplittableRandom random) {
        return of(NUMBERS, random);
    }

    /** Returns a number alone, or as the first or a later value of an object or array. */
    static String placedNumber(SplittableRandom random) {
        String number = number(random);
        return switch (random.nextInt(5)) {
            case 0 -> "[" + number + "]";
            case 1 -> "[0," + number + "]";
            case 2 -> "{\"x\":" + number + "}";
            case 3 -> "{\"y\":1,\"x\":" + number + "}";
            default -> number;
        };
    }

    static String literal(SplittableRandom random) {
        return of(LITERALS, random);
    }

    /** Returns the content of a JSON string, between the quotes. */
    static String escape(SplittableRandom random) {
        return of(ESCAPES, random);
    }

    static String text(SplittableRandom random) {
        return of(TEXTS, random);
    }

    /** Returns a short text repeated this many times. */
    static String repeated(SplittableRandom random, int times) {
        return REPEATED[random.nextInt(REPEATED.length)].repeat(times);
    }

    /** Returns a length: usually just above a common limit, rarely large. */
    static int length(SplittableRandom random, int largest) {
        int[] lengths = {64, 101, 129, 256, 701, 1_025, 2_049, 3_000, 9_000, largest};
        return Math.min(largest, lengths[random.nextInt(lengths.length)]);
    }

    static String nested(SplittableRandom random) {
        int[] depths = {16, 62, 63, 64, 65, 66, 100, 1_000, 5_000};
        int depth = depths[random.nextInt(depths.length)];
        return switch (random.nextInt(4)) {
            case 0 -> "[".repeat(depth) + "]".repeat(depth);
            case 1 -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
            case 2 -> "[{\"a\":".repeat(depth / 2) + "1" + "}]".repeat(depth / 2);
            default -> "[".repeat(depth);
        };
    }
}
