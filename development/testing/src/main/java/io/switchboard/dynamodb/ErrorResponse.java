package io.switchboard.dynamodb;

import io.switchboard.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error response of DynamoDB.
 *
 * @param status the HTTP status
 * @param body the body in JSON
 */
public record ErrorResponse(int status, String body) {
    private static final String PREFIX = "com.amazonaws.dynamodb.v20120810#";

    /** The capacity of the table is exhausted. */
    public static ErrorResponse throttled() {
        return of(400, "ProvisionedThroughputExceededException", Map.of("message", "Slow down."));
    }

    /** Too many requests for the account or the operation. */
    public static ErrorResponse rateExceeded() {
        return of(400, "ThrottlingException", Map.of("message", "Rate exceeded."));
    }

    /** DynamoDB failed before it processed the request. */
    public static ErrorResponse serverError() {
        return of(500, "InternalServerError", Map.of("message", "Internal error."));
    }

    /** The service is unavailable. */
    public static ErrorResponse unavailable() {
        return of(503, "ServiceUnavailable", Map.of("message", "Unavailable."));
    }

    /** Another transaction has locked the item of a single write. */
    public static ErrorResponse conflict() {
        return of(400, "TransactionConflictException", Map.of("message", "Transaction is ongoing."));
    }

    /**
     * Another transaction has locked the first item of this one.
     *
     * @param request the body of the {@code TransactWriteItems}
     * @param others the reason of the other parts: {@code None} or {@code ConditionalCheckFailed}
     */
    public static ErrorResponse conflict(String request, String others) {
        return cancelled(request, "TransactionConflict", others);
    }

    /**
     * A transaction is cancelled.
     *
     * @param request the body of the {@code TransactWriteItems}
     * @param codes the reason of each part; the last one is also the reason of all parts after it
     */
    public static ErrorResponse cancelled(String request, String... codes) {
        List<Map<String, Object>> reasons = new ArrayList<>();
        int parts = Json.readOwn(request).get("TransactItems") instanceof List<?> items ? items.size() : 0;
        for (int i = 0; i < parts; i++) {
            String code = codes[Math.min(i, codes.length - 1)];
            reasons.add(code.equals("None") ? Map.of("Code", code) : Map.of("Code", code, "Message", "No."));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("Message", "Transaction cancelled, please refer cancellation reasons for specific reasons");
        members.put("CancellationReasons", reasons);
        return of(400, "TransactionCanceledException", members);
    }

    /** An exception of this type, such as {@code RequestLimitExceeded}. */
    public static ErrorResponse exception(String type) {
        return of(400, type, Map.of("message", "No."));
    }

    private static ErrorResponse of(int status, String type, Map<String, Object> members) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("__type", PREFIX + type);
        body.putAll(members);
        return new ErrorResponse(status, Json.write(body));
    }
}
