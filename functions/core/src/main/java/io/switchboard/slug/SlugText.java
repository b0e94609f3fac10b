package io.switchboard.slug;

import io.switchboard.json.ObjectReader;
import io.switchboard.text.PercentEncoding;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text with slugs ({@code docs/domain/slugs.md}): {@code {key}} with no {@code { } " '} in the key,
 * {@code {anchor.attribute}}, and {@code {$odata.entity.attribute.?query}}. Any other brace is plain text; <code>\{
 * </code> is an escaped brace. Runs in time linear in the length of the text. Inserted values are never resolved again.
 */
public final class SlugText {
    private static final String ODATA = "$odata.";

    private SlugText() {}

    /** Provides the values of slugs. */
    @FunctionalInterface
    public interface Source {
        /**
         * Returns the value of a key; null for an unknown key; {@link NoValue} if the reason for a missing value is
         * known.
         */
        @Nullable
        Object value(String key);
    }

    /** Receives the slugs without a value. */
    @FunctionalInterface
    public interface Unresolved {
        /**
         * Receives one slug.
         *
         * @param why null for an unknown key
         */
        void slug(String key, @Nullable NoValue why);
    }

    /**
     * The reason why a slug has no value.
     *
     * @param why the reason, as the end of the sentence of a warning
     */
    public record NoValue(String why) {}

    /** The use of a resolved text. */
    public enum Encoding {
        /** Plain text. Values are inserted unchanged. */
        TEXT,
        /** A URL. Values are encoded; the text around them is encoded where URLs do not allow it. */
        URL
    }

    /**
     * Replaces slugs with their values.
     *
     * @param unresolved receives each key without a value, which is replaced by an empty text
     */
    public static String resolve(String text, Source source, Encoding encoding, Unresolved unresolved) {
        if (text.indexOf('{') < 0) {
            return literal(text, encoding);
        }
        Braces braces = new Braces(text);
        StringBuilder resolved = new StringBuilder(text.length());
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            if (isEscapedBrace(text, at)) {
                resolved.append(literal(text.substring(from, at), encoding));
                from = at + 1;
                at += 2;
                continue;
            }
            int end = text.charAt(at) == '{' ? braces.slugEnd(at) : -1;
            if (end < 0) {
                at++;
                continue;
            }
            resolved.append(literal(text.substring(from, at), encoding));
            String key = text.substring(at + 1, end);
            @Nullable Object value = source.value(key);
            if (value == null || value instanceof NoValue) {
                unresolved.slug(key, (NoValue) value);
            } else {
                String valueText = ObjectReader.textOf(value);
                resolved.append(encoding == Encoding.URL ? PercentEncoding.ofValue(valueText) : valueText);
            }
            at = end + 1;
            from = at;
        }
        return resolved.append(literal(text.substring(from), encoding)).toString();
    }

    /**
     * Adds the keys of the slugs of a text.
     *
     * @param isTemplates whether the text belongs to a template, whose queries contain further slugs. Queries in
     *     callers' texts have no values
     */
    public static void addKeys(String text, boolean isTemplates, Set<String> keys) {
        resolve(
                text,
                key -> {
                    if (!isQuery(key)) {
                        keys.add(key);
                    } else if (isTemplates) {
                        addKeys(queryOf(key), true, keys);
                    }
                    return "";
                },
                Encoding.TEXT,
                (key, why) -> {});
    }

    /** Returns true if a text consists of a single slug. */
    public static boolean isOneSlug(String text) {
        return text.startsWith("{") && new Braces(text).slugEnd(0) == text.length() - 1;
    }

    /** Returns true if a text is a valid key of a slug. */
    public static boolean isKey(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{' || c == '}' || c == '"' || c == '\'') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Returns true if a slug queries the record source instead of using this text's values. */
    public static boolean isQuery(String key) {
        return isQuery(key, 0);
    }

    /** Returns true if a query of the record source begins at this index. */
    public static boolean isQuery(String text, int at) {
        return text.regionMatches(true, at, ODATA, 0, ODATA.length());
    }

    /** Returns the part of a key after the query prefix. */
    static String queryOf(String key) {
        return key.substring(ODATA.length());
    }

    /** Returns true if an escaped brace is at this index. */
    static boolean isEscapedBrace(String text, int at) {
        return text.charAt(at) == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '{';
    }

    /** Returns the end of the slug, other than a query, that begins at this index; -1 for none. */
    static int keyEnd(String text, int open) {
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

    private static String literal(String text, Encoding encoding) {
        return encoding == Encoding.URL ? PercentEncoding.ofUrlText(text) : text;
    }

    /** The braces of one text. */
    private static final class Braces {
        private final String text;
        private int @Nullable [] closing;

        Braces(String text) {
            this.text = text;
        }

        /** Returns the end of the slug that begins at this index; -1 for none. */
        int slugEnd(int open) {
            return isQuery(text, open + 1) ? closing()[open] : keyEnd(text, open);
        }

        /** The closing brace of each opening brace, computed once, because queries contain further slugs. */
        private int[] closing() {
            if (closing != null) {
                return closing;
            }
            int[] found = new int[text.length()];
            Arrays.fill(found, -1);
            int[] open = new int[text.length()];
            int depth = 0;
            for (int i = 0; i < text.length(); i++) {
                if (isEscapedBrace(text, i)) {
                    i++;
                } else if (text.charAt(i) == '{') {
                    open[depth++] = i;
                } else if (text.charAt(i) == '}' && depth > 0) {
                    found[open[--depth]] = i;
                }
            }
            closing = found;
            return found;
        }
    }
}
