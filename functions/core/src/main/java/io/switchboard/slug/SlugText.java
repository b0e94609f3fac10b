package io.switchboard.slug;

import io.switchboard.json.ObjectReader;
import io.switchboard.text.PercentEncoding;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text with slugs ({@code cif-apm.md} §F, {@code DESIGN.md} §4): {@code {key}} with no {@code { } " '} in the key,
 * {@code {anchor.attribute}}, and {@code {$odata.entity.attribute.?query}}. Any other brace is text, and <code>\{</code> is
 * a brace. Takes time linear in the text's length; what a slug gives is never looked at again.
 */
public final class SlugText {
    private static final String ODATA = "$odata.";

    private SlugText() {}

    /** Where the values of slugs come from. */
    @FunctionalInterface
    public interface Source {
        /** The value of a key; null where nobody knows it, {@link NoValue} where somebody knows why there is none. */
        @Nullable
        Object value(String key);
    }

    /** Who is told of slugs without a value. */
    @FunctionalInterface
    public interface Unresolved {
        /**
         * Is told of one.
         *
         * @param why null where nobody knows the key
         */
        void slug(String key, @Nullable NoValue why);
    }

    /**
     * There is no value, and this is why.
     *
     * @param why for whoever reads the warning, as the end of a sentence
     */
    public record NoValue(String why) {}

    /** Where text ends up. */
    public enum Place {
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
    public static String resolve(String text, Source source, Place place, Unresolved unresolved) {
        if (text.indexOf('{') < 0) {
            return literal(text, place);
        }
        Braces braces = new Braces(text);
        StringBuilder resolved = new StringBuilder(text.length());
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            if (isEscapedBrace(text, at)) {
                resolved.append(literal(text.substring(from, at), place));
                from = at + 1;
                at += 2;
                continue;
            }
            int end = text.charAt(at) == '{' ? braces.slugEnd(at) : -1;
            if (end < 0) {
                at++;
                continue;
            }
            resolved.append(literal(text.substring(from, at), place));
            String key = text.substring(at + 1, end);
            @Nullable Object value = source.value(key);
            if (value == null || value instanceof NoValue) {
                unresolved.slug(key, (NoValue) value);
            } else {
                String valueText = ObjectReader.textOf(value);
                resolved.append(place == Place.URL ? PercentEncoding.ofValue(valueText) : valueText);
            }
            at = end + 1;
            from = at;
        }
        return resolved.append(literal(text.substring(from), place)).toString();
    }

    /**
     * Adds the keys of the slugs of a text.
     *
     * @param isTemplates whether the text is a template's, whose queries have slugs of their own: a short one. Queries of callers' texts
     *     have no values
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
                Place.TEXT,
                (key, why) -> {});
    }

    /** Whether a text is one slug and nothing else. */
    public static boolean isOneSlug(String text) {
        return text.startsWith("{") && new Braces(text).slugEnd(0) == text.length() - 1;
    }

    /** Whether a text may stand between the braces of a slug. */
    public static boolean isKey(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{' || c == '}' || c == '"' || c == '\'') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether a slug asks the record source, which this text's values do not come from. */
    public static boolean isQuery(String key) {
        return isQuery(key, 0);
    }

    /** Whether what begins here asks the record source. */
    public static boolean isQuery(String text, int at) {
        return text.regionMatches(true, at, ODATA, 0, ODATA.length());
    }

    /** What stands behind the word that makes a slug a query. */
    static String queryOf(String key) {
        return key.substring(ODATA.length());
    }

    /** Whether a brace stands here that is text. */
    static boolean isEscapedBrace(String text, int at) {
        return text.charAt(at) == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '{';
    }

    /** Where the slug ends whose brace opens here, and that is no query; -1 where there is none. */
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

    private static String literal(String text, Place place) {
        return place == Place.URL ? PercentEncoding.ofUrlText(text) : text;
    }

    /** The braces of one text. */
    private static final class Braces {
        private final String text;
        private int @Nullable [] closing;

        Braces(String text) {
            this.text = text;
        }

        /** Where the slug ends whose brace opens here; -1 where there is none. */
        int slugEnd(int open) {
            return isQuery(text, open + 1) ? closing()[open] : keyEnd(text, open);
        }

        /** For each opening brace its closing one, found once: a query holds slugs of its own. */
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
