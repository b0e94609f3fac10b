package io.switchboard.callrecords.model;

import io.switchboard.text.InputLimits;
import org.jspecify.annotations.Nullable;

/**
 * The path of a value in a body, such as {@code segments[0].media[1].label}. It is written as text only for a
 * violation.
 *
 * @param outer null for the body itself
 */
record Target(@Nullable Target outer, String step) {
    /** Returns the target with this text; empty for the body itself. */
    static Target of(String text) {
        return new Target(null, text);
    }

    /** Returns true for the body itself. */
    boolean isBody() {
        return outer == null && step.isEmpty();
    }

    Target member(String name) {
        return new Target(this, name);
    }

    Target element(int index) {
        return new Target(this, "[" + index + "]");
    }

    /** Returns the path, cut to an excerpt: the names come from the caller and may be as long as the body. */
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
