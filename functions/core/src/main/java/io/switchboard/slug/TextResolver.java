package io.switchboard.slug;

import io.switchboard.json.ObjectReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Resolves the texts of one answer, and notes as warnings what could not be done as it was meant. Not thread-safe. */
public final class TextResolver {
    public static final String ANCHOR = "anchor.";

    /** So that no text makes an answer many times as long as it is itself. */
    private static final int MAXIMUM_UNRESOLVED = 100;

    private static final int MAXIMUM_KEY = 200;
    private static final String UNRESOLVED_SLUG = "unresolvedSlug";

    /** All values put in, in characters: a long one that is asked for ten thousand times would not fit into memory. */
    private static final int LONGEST_VALUES = 1_048_576;

    private static final SlugText.NoValue TOO_LONG =
            new SlugText.NoValue("the values put in would have more than " + LONGEST_VALUES + " characters together");

    private final List<Warning> warnings = new ArrayList<>();
    private final Set<String> unresolved = new HashSet<>();
    private int left = LONGEST_VALUES;

    /** What was noted so far, in the order it happened. */
    public List<Warning> warnings() {
        return warnings;
    }

    /** Puts values in place of slugs. */
    public String resolve(String text, SlugText.Source source, SlugText.Place place, String target) {
        return SlugText.resolve(text, bounded(source), place, (key, why) -> warnOfUnresolved(key, why, target));
    }

    /** The text with values in place of its slugs; empty where not all of them have one. */
    public String resolveWhole(String text, SlugText.Source source) {
        List<String> without = new ArrayList<>();
        String resolved = SlugText.resolve(text, bounded(source), SlugText.Place.TEXT, (key, why) -> without.add(key));
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

    /** A caller's text, whose slugs see raw values only: neither the anchor nor the record source. */
    public Object callersValue(Object value, SlugText.Source raw, String target) {
        return value instanceof String text
                ? resolve(
                        text,
                        key -> key.startsWith(ANCHOR) || SlugText.isQuery(key) ? null : raw.value(key),
                        SlugText.Place.TEXT,
                        target)
                : value;
    }

    /** The text, cut where it is longer; never inside a character. */
    public String cut(String text, int maximum, String target) {
        if (text.length() <= maximum) {
            return text;
        }
        warn("textCut", target, target + " is longer than " + maximum + " characters once resolved, and was cut.");
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
                    "More slugs have no value than the " + MAXIMUM_UNRESOLVED
                            + " that are named; nothing stands in their place.");
            return;
        }
        String slug = "The slug {" + (key.length() > MAXIMUM_KEY ? key.substring(0, MAXIMUM_KEY) + '…' : key) + "} in "
                + target + " has no value";
        warn(
                UNRESOLVED_SLUG,
                target,
                why == null
                        ? slug + "; nothing stands in its place. Send a value for it."
                        : slug + ": " + why.why() + ". Nothing stands in its place.");
    }

    /** The first of these that has a text, number or boolean for the key: an object or an array is the value of no slug. */
    public static @Nullable Object first(
            String key, Map<String, Object> one, Map<String, Object> two, Map<String, Object> three) {
        @Nullable Object value = scalar(key, one);
        if (value == null) {
            value = scalar(key, two);
        }
        return value == null ? scalar(key, three) : value;
    }

    /** The text, number or boolean of this name; null if there is none. */
    public static @Nullable Object scalar(String key, Map<String, Object> values) {
        @Nullable Object value = values.get(key);
        return ObjectReader.isScalar(value) ? value : null;
    }
}
