package io.switchboard.slug;

import io.switchboard.json.ObjectReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Resolves the slugs in the texts of one response and collects the warnings. Not thread-safe. */
public final class TextResolver {
    public static final String ANCHOR = "anchor.";

    /** The most warnings about slugs, so that a response stays in proportion to its request. */
    private static final int MAXIMUM_UNRESOLVED = 100;

    private static final int MAXIMUM_KEY = 200;
    private static final String UNRESOLVED_SLUG = "unresolvedSlug";

    /**
     * The most characters of all inserted values. A long value that ten thousand slugs use would not fit into memory.
     */
    private static final int LONGEST_VALUES = 1_048_576;

    private static final SlugText.NoValue TOO_LONG =
            new SlugText.NoValue("the inserted values exceed " + LONGEST_VALUES + " characters in total");

    private final List<Warning> warnings = new ArrayList<>();
    private final Set<String> unresolved = new HashSet<>();
    private int left = LONGEST_VALUES;

    /** Returns the warnings so far, in the order in which they occurred. */
    public List<Warning> warnings() {
        return warnings;
    }

    /** Replaces slugs with their values. */
    public String resolve(String text, SlugText.Source source, SlugText.Encoding encoding, String target) {
        return SlugText.resolve(text, bounded(source), encoding, (key, why) -> warnOfUnresolved(key, why, target));
    }

    /** Replaces slugs with their values. Returns an empty text if a slug has no value. */
    public String resolveWhole(String text, SlugText.Source source) {
        List<String> without = new ArrayList<>();
        String resolved =
                SlugText.resolve(text, bounded(source), SlugText.Encoding.TEXT, (key, why) -> without.add(key));
        return without.isEmpty() ? resolved : "";
    }

    private SlugText.Source bounded(SlugText.Source source) {
        return key -> {
            @Nullable Object value = source.value(key);
            if (value == null || value instanceof SlugText.NoValue) {
                return value;
            }
            int length = ObjectReader.textOf(value).length();
            if (length > left) {
                return TOO_LONG;
            }
            left -= length;
            return value;
        };
    }

    /** Resolves a caller's text. Its slugs use raw values only, not the anchor and not the record source. */
    public Object callersValue(Object value, SlugText.Source raw, String target) {
        return value instanceof String text
                ? resolve(
                        text,
                        key -> key.startsWith(ANCHOR) || SlugText.isQuery(key) ? null : raw.value(key),
                        SlugText.Encoding.TEXT,
                        target)
                : value;
    }

    /** Truncates a text that is too long, never inside a character. */
    public String cut(String text, int maximum, String target) {
        if (text.length() <= maximum) {
            return text;
        }
        warn("textCut", target, target + " exceeded " + maximum + " characters when resolved and was truncated.");
        boolean splitsPair = Character.isHighSurrogate(text.charAt(maximum - 1));
        return text.substring(0, splitsPair ? maximum - 1 : maximum);
    }

    public void warn(String code, String target, String message) {
        warnings.add(new Warning(code, message, target));
    }

    private void warnOfUnresolved(String key, SlugText.@Nullable NoValue why, String target) {
        if (unresolved.size() > MAXIMUM_UNRESOLVED || !unresolved.add(target + '{' + key)) {
            return;
        }
        if (unresolved.size() > MAXIMUM_UNRESOLVED) {
            warn(
                    UNRESOLVED_SLUG,
                    target,
                    "More than " + MAXIMUM_UNRESOLVED
                            + " slugs have no value. The others are not listed; they were replaced by empty strings.");
            return;
        }
        String slug = "The slug {" + (key.length() > MAXIMUM_KEY ? key.substring(0, MAXIMUM_KEY) + '…' : key) + "} in "
                + target + " has no value";
        warn(
                UNRESOLVED_SLUG,
                target,
                why == null
                        ? slug + ". It was replaced by an empty string. Send a value for it."
                        : slug + ": " + why.why() + ". It was replaced by an empty string.");
    }

    /**
     * Returns the first text, number or boolean for the key in these maps. Objects and arrays cannot be values of
     * slugs.
     */
    public static @Nullable Object first(
            String key, Map<String, Object> one, Map<String, Object> two, Map<String, Object> three) {
        @Nullable Object value = scalar(key, one);
        if (value == null) {
            value = scalar(key, two);
        }
        return value == null ? scalar(key, three) : value;
    }

    /** Returns the text, number or boolean for the key; null for none. */
    public static @Nullable Object scalar(String key, Map<String, Object> values) {
        @Nullable Object value = values.get(key);
        return ObjectReader.isScalar(value) ? value : null;
    }
}
