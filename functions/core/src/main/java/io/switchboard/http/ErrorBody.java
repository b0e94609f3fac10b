package io.switchboard.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one error body of {@code API.md} §3. */
public final class ErrorBody {
    private ErrorBody() {}

    /**
     * The answer to a refused request.
     *
     * @param clientRequestId as the caller sent it, else the request's own id
     */
    public static Response response(Refusal refusal, Instant now, String requestId, String clientRequestId) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("code", refusal.code());
        error.put("message", refusal.getMessage());
        if (refusal.target() != null) {
            error.put("target", refusal.target());
        }
        if (!refusal.details().isEmpty()) {
            List<Map<String, Object>> details = new ArrayList<>();
            for (Violation violation : refusal.details()) {
                Map<String, Object> detail = new LinkedHashMap<>();
                detail.put("code", violation.code());
                detail.put("message", violation.message());
                detail.put("target", violation.target());
                details.add(detail);
            }
            error.put("details", details);
        }
        Map<String, @Nullable Object> inner = new LinkedHashMap<>();
        inner.put("date", now.toString());
        inner.put("request-id", requestId);
        inner.put("client-request-id", clientRequestId);
        error.put("innerError", inner);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("error", error);
        return new Response(refusal.status(), refusal.headers(), body);
    }
}
