package io.switchboard.callrecords;

import io.switchboard.http.Precondition;
import io.switchboard.http.Refusal;
import io.switchboard.http.Violations;
import java.util.List;

/** Errors that the operations on call records and what lies under them share. */
final class GraphRefusals {
    private GraphRefusals() {}

    static Refusal tooLarge(String what, int bytes, int maximum) {
        return Refusal.of(
                413,
                "contentTooLarge",
                what + " has " + bytes + " bytes once compressed; at most " + maximum
                        + " can be stored whole. Nothing was stored.");
    }

    static Refusal different(String what, String target, String url) {
        return Refusal.of(
                409,
                "nameAlreadyExists",
                "There is such a " + what + " already, and it says otherwise at " + target + ". Change it with PATCH "
                        + url + ", or delete it first.",
                target);
    }

    static Refusal keyReused() {
        return Refusal.unprocessable(
                "idempotencyKeyReused",
                "This Idempotency-Key came with another body before. Use a new one for a new request.",
                "Idempotency-Key");
    }

    static Refusal ambiguous(String what, String id, List<String> urls) {
        Violations violations = new Violations();
        for (String url : urls) {
            violations.add("ambiguousSessionId", url, url + " names one of them.");
        }
        return Refusal.conflict(
                "ambiguousSessionId",
                "Several " + what + "s have the id " + id
                        + ": name the one you mean by its own path; error.details has them.",
                violations.all());
    }

    /**
     * Demands that {@code If-Match}, if there is one, names this revision.
     *
     * @throws Refusal 412
     */
    static void requireMatch(GraphRequest request, long revision) {
        if (!Precondition.of(request.request()).admits(revision)) {
            throw Refusal.of(
                    412,
                    "preconditionFailed",
                    "It has changed since you read it: it is at W/\"" + revision
                            + "\". Read it again and decide anew.");
        }
    }
}
