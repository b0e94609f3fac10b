package io.switchboard.http;

import java.util.ArrayList;
import java.util.List;

/** Collects every violation of one body, so that one answer names them all. Not thread-safe. */
public final class Violations {
    private final List<Violation> all = new ArrayList<>();

    /** Notes one violation. */
    public void add(String code, String target, String message) {
        all.add(new Violation(code, message, target));
    }

    /** Notes what others have found. */
    public void addAll(Violations others) {
        all.addAll(others.all);
    }

    /** Whether nothing is wrong so far. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** What is wrong so far, in the order it was found. */
    public List<Violation> all() {
        return List.copyOf(all);
    }

    /**
     * Ends the request with a 400 that names all violations, if there are any.
     *
     * @throws Refusal 400 {@code invalidRequest}
     */
    public void refuseAny() {
        if (!all.isEmpty()) {
            throw Refusal.invalid(all);
        }
    }
}
