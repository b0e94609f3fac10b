package io.switchboard.template;

import io.switchboard.http.ObjectReader;
import io.switchboard.http.PercentEncoding;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Text with slugs ({@code cif-apm.md} §F, {@code DESIGN.md} §4): {@code {key}} with no {@code { } " '} in the key,
 * {@code {anchor.attribute}}, and {@code {$odata.entity.attribute.?query}}. Any other brace is text, and <code>\{</code> is
 * a brace. Takes time linear in the text's length; what a slug gives is never looked at again.
 */
final class SlugText {
    private static final String ODATA = "$odata.";

    private SlugText() {}

    /** Where the values of slugs come from. */
    @FunctionalInterface
    interface Source {
        /** The value of a key, or null where nobody knows it. */
        @Nullable
        Object value(String key);
    }

    /** Where text ends up. */
    enum Place {
        /** In plain text: as it is. */
        TEXT,
        /** In a URL: values are encoded, and of the text around them what no URL may hold. */
        URL
    }

    /**
     * Puts values in place of slugs.
     *
     * @param unresolved is told each key without a value; in its place stands nothing
     */
    static String resolve(String text, Source source, Place place, Consumer<String> unresolved) {
        if (text.indexOf('{') < 0) {
            return literal(text, place);
        }
        Map<Integer, Integer> matching =
                text.toLowerCase(Locale.ROOT).contains("{" + ODATA) ? matchingBraces(text) : Map.of();
        StringBuilder resolved = new StringBuilder();
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '{') {
                resolved.append(literal(text.substring(from, at), place));
                from = at + 1;
                at += 2;
                continue;
            }
            int end = c == '{' ? slugEnd(text, at, matching) : -1;
            if (end < 0) {
                at++;
                continue;
            }
            resolved.append(literal(text.substring(from, at), place));
            String key = text.substring(at + 1, end);
            @Nullable Object value = source.value(key);
            if (value == null) {
                unresolved.accept(key);
            } else {
                String valueText = ObjectReader.textOf(value);
                resolved.append(place == Place.URL ? PercentEncoding.ofValue(valueText) : valueText);
            }
            at = end + 1;
            from = at;
        }
        return resolved.append(literal(text.substring(from), place)).toString();
    }

    /** Whether a text is one slug and nothing else. */
    static boolean isOneSlug(String text) {
        return text.startsWith("{") && slugEnd(text, 0, matchingBraces(text)) == text.length() - 1;
    }

    /** Whether a text may stand between the braces of a slug. */
    static boolean isKey(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{' || c == '}' || c == '"' || c == '\'') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether a slug asks the record source, which this text's values do not come from. */
    static boolean isQuery(String key) {
        return key.regionMatches(true, 0, ODATA, 0, ODATA.length());
    }

    private static String literal(String text, Place place) {
        return place == Place.URL ? PercentEncoding.ofUrlText(text) : text;
    }

    private static int slugEnd(String text, int open, Map<Integer, Integer> matching) {
        if (text.regionMatches(true, open + 1, ODATA, 0, ODATA.length())) {
            return matching.getOrDefault(open, -1);
        }
        for (int i = open + 1; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '}' -> {
                    return i > open + 1 ? i : -1;
                }
                case '{', '"', '\'' -> {
                    return -1;
                }
                default -> {}
            }
        }
        return -1;
    }

    /** For each opening brace its closing one, found once: a query holds slugs of its own. */
    private static Map<Integer, Integer> matchingBraces(String text) {
        Map<Integer, Integer> matching = new HashMap<>();
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{') {
                open.push(i);
            } else if (c == '}' && !open.isEmpty()) {
                matching.put(open.pop(), i);
            }
        }
        return matching;
    }
}
