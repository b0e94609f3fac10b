package io.switchboard.callrecords.graph;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.json.Violation;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.List;

/** Errors that the operations on call records and what lies under them share. */
public final class GraphRefusals {
    private GraphRefusals() {}

    public static Refusal tooLarge(String what, int bytes, int maximum) {
        return Refusal.of(
                ErrorCode.CONTENT_TOO_LARGE,
                what + " has " + bytes + " bytes once compressed; at most " + maximum
                        + " can be stored whole. Nothing was stored.");
    }

    public static Refusal different(String what, String target, String url) {
        return Refusal.of(
                ErrorCode.NAME_ALREADY_EXISTS,
                "A " + what + " with this key exists and differs at " + target + ". Change it with PATCH " + shown(url)
                        + ", or delete it first.",
                target);
    }

    /** A URL as a message repeats it: without an id that is longer than an excerpt, which would be cut to another one. */
    private static String shown(String url) {
        for (String segment : url.split("/", -1)) {
            if (segment.length() > InputLimits.EXCERPT) {
                return "on its own URL";
            }
        }
        return url;
    }

    public static Refusal keyReused() {
        return Refusal.of(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "This Idempotency-Key came with another body before. Use a new one for a new request.",
                "Idempotency-Key");
    }

    public static Refusal ambiguous(String what, String id, List<String> urls) {
        List<Violation> details = new ArrayList<>();
        for (String url : urls) {
            details.add(new Violation("ambiguousSessionId", InputLimits.excerpt(url) + " names one of them.", url));
        }
        return Refusal.of(
                ErrorCode.AMBIGUOUS_SESSION_ID,
                "Several " + what + "s have the id " + InputLimits.excerpt(id)
                        + ": name the one you mean by its own path; error.details has them.",
                details);
    }

    /**
     * Demands that {@code If-Match}, if there is one, names this revision.
     *
     * @throws Refusal 412
     */
    public static void requireMatch(GraphRequest request, long revision) {
        if (!request.request().precondition().admits(revision)) {
            throw Refusal.of(
                    ErrorCode.PRECONDITION_FAILED,
                    "It has changed since you read it: it is at W/\"" + revision
                            + "\". Read it again and decide anew.");
        }
    }
}
