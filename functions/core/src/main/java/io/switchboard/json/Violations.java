package io.switchboard.json;

import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the violations of one request, so that one answer names them all: the first {@link InputLimits#VIOLATIONS}, and how many
 * others there are. Not thread-safe.
 */
public final class Violations {
    private final List<Violation> first = new ArrayList<>();
    private final Set<String> listed = new HashSet<>();
    private int others;

    /** Notes one violation. */
    public void add(String code, String target, String message) {
        if (isFull()) {
            others++;
        } else {
            first.add(new Violation(code, InputLimits.abridged(message, target), InputLimits.excerpt(target)));
        }
    }

    /**
     * Notes a violation of a rule that admits some names only. One answer lists the same names once.
     *
     * @param message to which the names are added, such as {@code kind must be one of}
     * @param names in the order of the answer, at least one
     */
    public void add(String code, String target, String message, Collection<String> names) {
        if (isFull()) {
            others++;
        } else if (listed.add(String.join(", ", names))) {
            add(code, target, message + ": " + String.join(", ", names) + ".");
        } else {
            add(code, target, message + " those that an earlier message lists.");
        }
    }

    /** Notes violations that nobody describes: an answer that is full only counts them. */
    public void addUnnamed(int count) {
        others += count;
    }

    /** Notes what others have found. */
    public void addAll(Violations found) {
        for (Violation violation : found.first) {
            add(violation.code(), violation.target(), violation.message());
        }
        others += found.others;
    }

    /** Whether nothing is wrong so far. */
    public boolean isEmpty() {
        return first.isEmpty();
    }

    /** Whether further violations are only counted, so that nobody needs to describe them. */
    public boolean isFull() {
        return first.size() == InputLimits.VIOLATIONS;
    }

    /** What is wrong so far, in the order it was found; {@code tooMany} at the end of a full list counts the others. */
    public List<Violation> all() {
        List<Violation> all = new ArrayList<>(first);
        if (others > 0) {
            all.add(Violation.others(others));
        }
        return List.copyOf(all);
    }

    /** The violations that are described, in the order they were found. */
    public List<Violation> first() {
        return List.copyOf(first);
    }

    /** The number of violations that are only counted. */
    public int others() {
        return others;
    }
}
