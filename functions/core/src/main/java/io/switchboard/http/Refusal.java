package io.switchboard.http;

import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.runtime.Unavailable;
import io.switchboard.text.InputLimits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with an error of {@code API.md} §3: the request cannot be served as it is, and nothing was written.
 * Carries no stack trace: it is an answer, not a fault.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String target;
    private final transient List<Violation> details;
    private final int others;
    private final transient Map<String, String> headers;

    private Refusal(
            ErrorCode code,
            String message,
            @Nullable String target,
            List<Violation> details,
            int others,
            Map<String, String> headers) {
        super(message, null, false, false);
        this.code = code;
        this.target = target;
        // The first of them are enough to work on; the answer counts the others.
        this.details = List.copyOf(details.subList(0, Math.min(details.size(), InputLimits.VIOLATIONS)));
        this.others = others + details.size() - this.details.size();
        this.headers = headers;
    }

    /** Any error without a target. */
    public static Refusal of(ErrorCode code, String message) {
        return new Refusal(code, message, null, List.of(), 0, Map.of());
    }

    /** Any error that concerns one part of the request. */
    public static Refusal of(ErrorCode code, String message, String target) {
        return new Refusal(code, message, target, List.of(), 0, Map.of());
    }

    /** An error for several findings, named in {@code details}. */
    public static Refusal of(ErrorCode code, String message, List<Violation> details) {
        return new Refusal(code, message, null, details, 0, Map.of());
    }

    /** 400 {@code invalidRequest} for one violation. */
    public static Refusal invalid(String code, String target, String message) {
        return invalid(List.of(new Violation(code, message, target)), 0);
    }

    /** 400 {@code invalidRequest} naming the violations. */
    public static Refusal invalid(Violations violations) {
        return invalid(violations.first(), violations.others());
    }

    /**
     * Ends the request if there are violations.
     *
     * @throws Refusal 400 {@code invalidRequest} naming the violations
     */
    public static void ifAny(Violations violations) {
        if (!violations.isEmpty()) {
            throw invalid(violations);
        }
    }

    private static Refusal invalid(List<Violation> violations, int others) {
        int count = violations.size() + others;
        String message = count == 1
                ? violations.getFirst().message()
                : "The request has " + count + " problems; error.details names "
                        + (others == 0 ? "each" : "the first " + violations.size()) + ". Fix them and send it again.";
        return new Refusal(ErrorCode.INVALID_REQUEST, message, null, violations, others, Map.of());
    }

    /** 404 {@code notFound}: the resource of the URL is not there, or not the caller's. */
    public static Refusal notFound(String message) {
        return of(ErrorCode.NOT_FOUND, message);
    }

    /** 422: another request had this {@code Idempotency-Key}. */
    public static Refusal idempotencyKeyReused() {
        return of(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "This Idempotency-Key was used for another request. Use a fresh key for each new request.",
                "Idempotency-Key");
    }

    /**
     * The error that {@code Prefer: handling=strict} makes of warnings: 422 with the first one's code, and all in its details.
     *
     * @param warnings at least one
     */
    public static Refusal strict(List<Violation> warnings) {
        return of(
                ErrorCode.of(warnings.getFirst().code()),
                warnings.getFirst().message() + " (Prefer: handling=strict makes warnings errors.)",
                warnings);
    }

    /** The answer to a fault: it says nothing of the inside, and has {@code Retry-After} if a retry may succeed. */
    public static Refusal of(Throwable fault) {
        if (!(fault instanceof Unavailable unavailable)) {
            return of(
                    ErrorCode.INTERNAL_SERVER_ERROR,
                    "Something went wrong on our side. Try again; if it stays, report the request-id.");
        }
        Refusal refusal = unavailable.isThrottled()
                ? of(ErrorCode.TOO_MANY_REQUESTS, "Too many requests at once. Send it again after Retry-After seconds.")
                : of(
                        ErrorCode.SERVICE_UNAVAILABLE,
                        unavailable.dependency().text()
                                + " did not answer in time. Send the request again after Retry-After seconds; with the same"
                                + " Idempotency-Key nothing is done twice.");
        return refusal.withHeader(
                "Retry-After", Integer.toString(RetryAfter.ofThisEnvironment().next()));
    }

    /** The same error with one more response header. */
    public Refusal withHeader(String name, String value) {
        return new Refusal(code, getMessage(), target, details, others, Map.of(name, value));
    }

    /** The HTTP status. */
    public int status() {
        return code.status();
    }

    /** The error's code. */
    public String code() {
        return code.text();
    }

    /** What is wrong in detail, at most {@link InputLimits#VIOLATIONS}; empty unless a body was refused. */
    public List<Violation> details() {
        return details;
    }

    /** How much more is wrong than the details name. */
    public int others() {
        return others;
    }

    @Nullable
    String target() {
        return target;
    }

    Map<String, String> headers() {
        return headers;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
