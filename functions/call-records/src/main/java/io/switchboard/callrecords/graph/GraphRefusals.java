package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.store.Oversize;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.json.Violation;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.List;

/** Errors shared by the operations on call records, sessions, segments and participants. */
public final class GraphRefusals {
    private GraphRefusals() {}

    public static Refusal tooLarge(String what, Oversize oversize) {
        boolean isResponse = oversize.measure() == Oversize.Measure.RESPONSE;
        return Refusal.of(
                ErrorCode.CONTENT_TOO_LARGE,
                what + " has " + oversize.bytes()
                        + (isResponse
                                ? " bytes in a response, with quotes and backslashes counted twice"
                                : " bytes after compression")
                        + "; at most " + oversize.maximum() + " are allowed. Nothing was stored. "
                        + (isResponse ? "Split its segments over several sessions." : "Send less content."));
    }

    public static Refusal different(String what, String target, String url) {
        return Refusal.of(
                ErrorCode.NAME_ALREADY_EXISTS,
                "A " + what + " with this key exists with a different " + target + ". Change it with PATCH "
                        + shown(url) + ", or delete it first.",
                target);
    }

    /** Returns a URL for a message. An id longer than an excerpt would be cut to another id, so it is not shown. */
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
                "This Idempotency-Key was already used with a different body. Use a new key for a new request.",
                "Idempotency-Key");
    }

    public static Refusal ambiguous(String what, String id, List<String> urls) {
        List<Violation> details = new ArrayList<>();
        for (String url : urls) {
            details.add(
                    new Violation("ambiguousSessionId", InputLimits.excerpt(url) + " is the URL of one of them.", url));
        }
        return Refusal.of(
                ErrorCode.AMBIGUOUS_SESSION_ID,
                "Several " + what + "s have the id " + InputLimits.excerpt(id)
                        + ". Use the URL of one of them; error.details lists the URLs.",
                details);
    }

    /**
     * Checks that {@code If-Match}, if sent, matches this revision.
     *
     * @throws Refusal 412
     */
    public static void requireMatch(GraphRequest request, long revision) {
        if (!request.request().precondition().admits(revision)) {
            throw Refusal.of(
                    ErrorCode.PRECONDITION_FAILED,
                    "The resource has changed since you fetched it: its ETag is W/\"" + revision
                            + "\". Fetch it again and retry with the new ETag.");
        }
    }
}
