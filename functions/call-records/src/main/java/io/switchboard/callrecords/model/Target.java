package io.switchboard.callrecords.model;

import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a body, such as {@code segments[0].media[1].label}. It becomes text only where something is wrong.
 *
 * @param outer null for the body itself
 */
record Target(@Nullable Target outer, String step) {
    /** Names are the caller's, and so may be as long as the body. */
    private static final int LONGEST_NAME = 128;

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

    @Override
    public String toString() {
        if (outer == null) {
            return step;
        }
        String before = outer.toString();
        String name = step.length() > LONGEST_NAME ? cut(step) : step;
        return before.isEmpty() || name.startsWith("[") ? before + name : before + "." + name;
    }

    private static String cut(String name) {
        // Half of a surrogate pair could not be written.
        int end = Character.isHighSurrogate(name.charAt(LONGEST_NAME - 1)) ? LONGEST_NAME - 1 : LONGEST_NAME;
        return name.substring(0, end) + "…";
    }
}
