package io.switchboard.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with an error of {@code API.md} §3: the request cannot be served as it is, and nothing was written.
 * Carries no stack trace: it is an answer, not a fault.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final @Nullable String target;
    private final transient List<Violation> details;
    private final transient Map<String, String> headers;

    private Refusal(
            int status,
            String code,
            String message,
            @Nullable String target,
            List<Violation> details,
            Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.target = target;
        this.details = details;
        this.headers = headers;
    }

    /** Any error without a target. */
    public static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, message, null, List.of(), Map.of());
    }

    /** Any error that concerns one part of the request. */
    public static Refusal of(int status, String code, String message, String target) {
        return new Refusal(status, code, message, target, List.of(), Map.of());
    }

    /** 400 {@code invalidRequest} for one violation. */
    public static Refusal invalid(String code, String target, String message) {
        return invalid(List.of(new Violation(code, message, target)));
    }

    /** 400 {@code invalidRequest} naming every violation. */
    public static Refusal invalid(List<Violation> violations) {
        String message = violations.size() == 1
                ? violations.getFirst().message()
                : "The request has " + violations.size()
                        + " problems; error.details names each. Mend them and send it again.";
        return new Refusal(400, "invalidRequest", message, null, List.copyOf(violations), Map.of());
    }

    /** 404 {@code notFound}: the resource of the URL is not there, or not the caller's. */
    public static Refusal notFound(String message) {
        return of(404, "notFound", message);
    }

    /** 409: the state forbids it. */
    public static Refusal conflict(String code, String message) {
        return of(409, code, message);
    }

    /** 409 for several findings, named in {@code details}. */
    public static Refusal conflict(String code, String message, List<Violation> details) {
        return new Refusal(409, code, message, null, List.copyOf(details), Map.of());
    }

    /** 422: well formed, but what it refers to cannot be used. */
    public static Refusal unprocessable(String code, String message, String target) {
        return of(422, code, message, target);
    }

    /** 422 for several findings, named in {@code details}. */
    public static Refusal unprocessable(String code, String message, List<Violation> details) {
        return new Refusal(422, code, message, null, List.copyOf(details), Map.of());
    }

    /** The answer to a fault: it says nothing of the inside, and has {@code Retry-After} if a retry may succeed. */
    public static Refusal of(RuntimeException fault) {
        if (!(fault instanceof Unavailable unavailable)) {
            return of(
                    500,
                    "internalServerError",
                    "Something went wrong on our side. Try again; if it stays, report the request-id.");
        }
        Refusal refusal = unavailable.isThrottled()
                ? of(429, "tooManyRequests", "Too many requests at once. Send it again after Retry-After seconds.")
                : of(
                        503,
                        "serviceUnavailable",
                        "The store did not answer in time. Send it again after Retry-After seconds; with the same"
                                + " Idempotency-Key nothing is done twice.");
        return refusal.withHeader(
                "Retry-After", Integer.toString(RetryAfter.ofThisEnvironment().next()));
    }

    /** The same error with one more response header. */
    public Refusal withHeader(String name, String value) {
        return new Refusal(status, code, getMessage(), target, details, Map.of(name, value));
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The error's code. */
    public String code() {
        return code;
    }

    /** What is wrong in detail; empty unless a body was refused. */
    public List<Violation> details() {
        return details;
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
