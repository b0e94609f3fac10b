package io.switchboard.dynamodb;

import io.switchboard.runtime.RequestLog;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The request that caused a write. The id of the write contains it, so that every item that the write stores has it,
 * and a reader of the table's stream knows it: {@code <unique> <requestId> <correlationId>}.
 *
 * @param requestId null if no request caused the write, or if an earlier release wrote it
 * @param correlationId the caller's own id; null for none
 */
public record WriteCause(
        @Nullable String requestId, @Nullable String correlationId) {
    /** The cause of a write without a request. */
    public static final WriteCause NONE = new WriteCause(null, null);

    /** The longest request id that is stored. API Gateway's have 16 characters. */
    private static final int LONGEST = 64;

    private static final String SEPARATOR = " ";
    private static final int PARTS = 3;

    /** Returns a new write id, unique and with the current request. */
    public static String newWriteId() {
        RequestLog log = RequestLog.current();
        @Nullable String requestId = log.requestId();
        @Nullable String correlationId = log.correlationId();
        String unique = unique();
        if (requestId == null || requestId.length() > LONGEST || requestId.contains(SEPARATOR)) {
            return unique;
        }
        String caused = unique + SEPARATOR + requestId;
        return correlationId == null ? caused : caused + SEPARATOR + correlationId;
    }

    /** A shorter form of a GUID, because each item has it. */
    private static String unique() {
        UUID id = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Returns the cause in the id of a write of any release. */
    public static WriteCause of(String writeId) {
        String[] parts = writeId.split(SEPARATOR, PARTS);
        return parts.length == 1 ? NONE : new WriteCause(parts[1], parts.length < PARTS ? null : parts[2]);
    }

    /** Returns the unique part of a write id, which fits DynamoDB's token of 36 characters. */
    static String token(String writeId) {
        int end = writeId.indexOf(SEPARATOR);
        return end < 0 ? writeId : writeId.substring(0, end);
    }
}
