package io.switchboard.replay;

import io.switchboard.json.Json;
import io.switchboard.replay.EventEnvelope.EventId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Creates the event of a batch of messages, as an SQS queue sends it.
 *
 * @param envelope the common part of all payloads
 * @param id the case
 * @param source the queue
 */
record MessagePayload(EventEnvelope envelope, EventId id, TableEntry source) {
    Map<String, @Nullable Object> of(TableEntry entry) {
        List<Object> records = new ArrayList<>();
        for (TableEntry message : entry.only("messages", "committed").entries("messages")) {
            records.add(record(message.only("body", "text", "receiveCount"), records.size()));
        }
        return new LinkedHashMap<>(Map.of("Records", records));
    }

    private Map<String, @Nullable Object> record(TableEntry message, int index) {
        String kind = message.one("body", "text");
        if (kind.isEmpty()) {
            throw message.wrong("body", "the content of the message, or use text");
        }
        String body = kind.equals("text") ? message.text(kind) : Json.write(message.json(kind));
        String messageId = id.uuid("#" + index);
        Map<String, @Nullable Object> record = envelope.part("message");
        record.put("messageId", messageId);
        record.put("receiptHandle", Base64.getEncoder().encodeToString(messageId.getBytes(StandardCharsets.UTF_8)));
        record.put("body", body);
        EventEnvelope.inside(record, "attributes")
                .put("ApproximateReceiveCount", String.valueOf(message.number("receiveCount", 1)));
        record.put("md5OfBody", md5(body));
        record.put("eventSourceARN", source.text("arn"));
        return record;
    }

    @SuppressWarnings("InsecureCryptoUse") // SQS sends the MD5 of each body
    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
