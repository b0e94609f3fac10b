package io.switchboard.http;

import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.runtime.Unavailable;
import io.switchboard.text.InputLimits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with an error of {@code docs/reference/errors.md}. The request was rejected and nothing was written.
 * It carries no stack trace, because it is a response and not a fault.
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
        // The first violations are enough to work on; the response counts the others.
        this.details = List.copyOf(details.subList(0, Math.min(details.size(), InputLimits.VIOLATIONS)));
        this.others = others + details.size() - this.details.size();
        this.headers = headers;
    }

    /** Returns an error without a target. */
    public static Refusal of(ErrorCode code, String message) {
        return new Refusal(code, message, null, List.of(), 0, Map.of());
    }

    /** Returns an error about one part of the request. */
    public static Refusal of(ErrorCode code, String message, String target) {
        return new Refusal(code, message, target, List.of(), 0, Map.of());
    }

    /** Returns an error with several findings in {@code details}. */
    public static Refusal of(ErrorCode code, String message, List<Violation> details) {
        return new Refusal(code, message, null, details, 0, Map.of());
    }

    /** Returns 400 {@code invalidRequest} with one violation. */
    public static Refusal invalid(String code, String target, String message) {
        return invalid(List.of(new Violation(code, message, target)), 0);
    }

    /** Returns 400 {@code invalidRequest} with the violations. */
    public static Refusal invalid(Violations violations) {
        return invalid(violations.first(), violations.others());
    }

    /**
     * Ends the request if there are violations.
     *
     * @throws Refusal 400 {@code invalidRequest} with the violations
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
                : "The request has " + count + " problems; error.details lists "
                        + (others == 0 ? "each" : "the first " + violations.size()) + ". Fix them and retry.";
        return new Refusal(ErrorCode.INVALID_REQUEST, message, null, violations, others, Map.of());
    }

    /** Returns 404 {@code notFound}: the resource does not exist, or belongs to another caller. */
    public static Refusal notFound(String message) {
        return of(ErrorCode.NOT_FOUND, message);
    }

    /** Returns 422: a different request used this {@code Idempotency-Key}. */
    public static Refusal idempotencyKeyReused() {
        return of(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "This Idempotency-Key was already used for a different request. Use a new key for each new request.",
                "Idempotency-Key");
    }

    /**
     * Turns warnings into an error, as {@code Prefer: handling=strict} requests: 422 with the code of the first warning
     * and all warnings in its details.
     *
     * @param warnings at least one
     */
    public static Refusal strict(List<Violation> warnings) {
        return of(
                ErrorCode.of(warnings.getFirst().code()),
                warnings.getFirst().message() + " (Prefer: handling=strict turns warnings into errors.)",
                warnings);
    }

    /** Returns the error for a fault. It shows no internals, and has {@code Retry-After} if a retry may succeed. */
    public static Refusal of(Throwable fault) {
        if (!(fault instanceof Unavailable unavailable)) {
            return of(
                    ErrorCode.INTERNAL_SERVER_ERROR,
                    "An internal error occurred. Retry the request; if the error persists, report the request-id.");
        }
        Refusal refusal = unavailable.isThrottled()
                ? of(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "Too many requests at once. Retry after the time in the Retry-After header.")
                : of(
                        ErrorCode.SERVICE_UNAVAILABLE,
                        unavailable.dependency().text()
                                + " did not respond in time. Retry after the time in the Retry-After header; the same"
                                + " Idempotency-Key prevents a duplicate.");
        return refusal.withHeader(
                "Retry-After", Integer.toString(RetryAfter.ofThisEnvironment().next()));
    }

    /** Returns the same error with another response header. */
    public Refusal withHeader(String name, String value) {
        return new Refusal(code, getMessage(), target, details, others, Map.of(name, value));
    }

    /** Returns the HTTP status. */
    public int status() {
        return code.status();
    }

    /** Returns the error code. */
    public String code() {
        return code.text();
    }

    /** Returns the violations, at most {@link InputLimits#VIOLATIONS}; empty unless a body was rejected. */
    public List<Violation> details() {
        return details;
    }

    /** Returns the number of violations that the details do not list. */
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
