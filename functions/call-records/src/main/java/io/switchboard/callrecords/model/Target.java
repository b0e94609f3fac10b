package io.switchboard.callrecords.model;

import io.switchboard.text.InputLimits;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a body, such as {@code segments[0].media[1].label}. It becomes text only where something is wrong.
 *
 * @param outer null for the body itself
 */
record Target(@Nullable Target outer, String step) {
    /** The place with this text; empty for the body itself. */
    static Target of(String text) {
        return new Target(null, text);
    }

    Target member(String name) {
        return new Target(this, name);
    }

    Target element(int index) {
        return new Target(this, "[" + index + "]");
    }

    /** Names are the caller's and may be as long as the body, so only the beginning of a long place is repeated. */
    @Override
    public String toString() {
        if (outer == null) {
            return step;
        }
        String before = outer.toString();
        String name = InputLimits.excerpt(step);
        return before.isEmpty() || name.startsWith("[")
                ? InputLimits.excerpt(before + name)
                : InputLimits.excerpt(before + "." + name);
    }
}
