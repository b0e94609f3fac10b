package io.switchboard.json;

import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the violations of one request, so that one response reports all of them: the first
 * {@link InputLimits#VIOLATIONS} and the number of others. Not thread-safe.
 */
public final class Violations {
    private final List<Violation> first = new ArrayList<>();
    private final Set<String> listed = new HashSet<>();
    private int others;

    /** Adds a violation. */
    public void add(String code, String target, String message) {
        if (isFull()) {
            others++;
        } else {
            first.add(new Violation(code, InputLimits.abridged(message, target), InputLimits.excerpt(target)));
        }
    }

    /**
     * Adds a violation of a rule that allows some names only. One response lists the same names once.
     *
     * @param message the message to which the names are appended, such as {@code kind must be one of}
     * @param names the allowed names in the order of the message, at least one
     */
    public void add(String code, String target, String message, Collection<String> names) {
        if (isFull()) {
            others++;
        } else if (listed.add(String.join(", ", names))) {
            add(code, target, message + ": " + String.join(", ", names) + ".");
        } else {
            add(code, target, message + " the values that an earlier message lists.");
        }
    }

    /** Adds violations without a description: a full response only counts them. */
    public void addUnnamed(int count) {
        others += count;
    }

    /** Adds all violations of another collection. */
    public void addAll(Violations added) {
        for (Violation violation : added.first) {
            add(violation.code(), violation.target(), violation.message());
        }
        others += added.others;
    }

    /** Returns whether no violation was added. */
    public boolean isEmpty() {
        return first.isEmpty();
    }

    /** Returns whether further violations are only counted, so that no description is needed. */
    public boolean isFull() {
        return first.size() == InputLimits.VIOLATIONS;
    }

    /**
     * Returns the violations in the order they were added; {@code tooMany} at the end of a full list counts the others.
     */
    public List<Violation> all() {
        List<Violation> all = new ArrayList<>(first);
        if (others > 0) {
            all.add(Violation.others(others));
        }
        return List.copyOf(all);
    }

    /** Returns the violations with a description, in the order they were added. */
    public List<Violation> first() {
        return List.copyOf(first);
    }

    /** Returns the number of violations that are only counted. */
    public int others() {
        return others;
    }
}
