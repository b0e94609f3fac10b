package io.switchboard.http;

import io.switchboard.json.Json;
import io.switchboard.json.Violation;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The error body of the API ({@code docs/reference/errors.md}), of at most {@link InputLimits#ERROR_BYTES}. */
public final class ErrorBody {
    /** Reserved for the commas and for the entry that counts the omitted violations. */
    private static final int OTHERS_BYTES = 256;

    private ErrorBody() {}

    /**
     * Returns the response to a rejected request.
     *
     * @param clientRequestId the id that the caller sent, or else the request id
     */
    public static Response response(Refusal refusal, Instant now, String requestId, String clientRequestId) {
        Map<String, @Nullable Object> inner = new LinkedHashMap<>();
        inner.put("date", now.toString());
        inner.put("request-id", requestId);
        inner.put("client-request-id", clientRequestId);
        Map<String, @Nullable Object> error = entry(refusal.code(), refusal.getMessage(), refusal.target());
        if (!refusal.details().isEmpty()) {
            int room = InputLimits.ERROR_BYTES - OTHERS_BYTES - Json.size(error) - Json.size(inner);
            error.put("details", details(refusal, room));
        }
        error.put("innerError", inner);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("error", error);
        return new Response(refusal.status(), refusal.headers(), body);
    }

    /** Returns as many violations as fit into this number of bytes; the last entry counts the omitted ones. */
    private static List<Map<String, @Nullable Object>> details(Refusal refusal, int room) {
        List<Map<String, @Nullable Object>> details = new ArrayList<>();
        int left = room;
        for (Violation violation : refusal.details()) {
            Map<String, @Nullable Object> detail = entry(violation.code(), violation.message(), violation.target());
            left -= Json.size(detail) + 1;
            if (left < 0) {
                break;
            }
            details.add(detail);
        }
        int others = refusal.others() + refusal.details().size() - details.size();
        if (others > 0) {
            Violation violation = Violation.others(others);
            details.add(entry(violation.code(), violation.message(), violation.target()));
        }
        return details;
    }

    private static Map<String, @Nullable Object> entry(String code, String message, @Nullable String target) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("code", code);
        entry.put("message", InputLimits.cut(message, InputLimits.MESSAGE));
        if (target != null) {
            entry.put("target", InputLimits.cut(target, InputLimits.MESSAGE));
        }
        return entry;
    }
}
