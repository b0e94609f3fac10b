package io.switchboard.callrecords.store;

import io.switchboard.storage.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The sessions in the files {@code stored/call-sessions-*.json}. Each file has the items that a release stored when it
 * ran {@link #fill}, with random generations and write ids.
 */
final class StoredCallSessionExamples {
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final CallRecordKey CALL = new CallRecordKey("tenant", "call");
    static final IdempotencyKey REQUEST = new IdempotencyKey("key", "hash");

    private static final String START = "2026-03-04T09:15:02.4410000Z";
    private static final int MORE_THAN_ONE_ITEM_HELD = 6_000;
    private static final int LONG_TEXT = 9_000;

    private StoredCallSessionExamples() {}

    /** Returns the posted sessions, by id and in the order of their ids. */
    static Map<String, NewCallSession> sessions() {
        Map<String, NewCallSession> sessions = new LinkedHashMap<>();
        put(sessions, "a-without-segments", Map.of(), List.of(), null);
        put(sessions, "b-with-small-segments", Map.of(), List.of(segment(40), segment(50)), null);
        put(sessions, "c-with-large-segments", Map.of(), List.of(segment(MORE_THAN_ONE_ITEM_HELD)), null);
        put(sessions, "d-long", Map.of("name", "Name ".repeat(LONG_TEXT / 5)), List.of(segment(30)), null);
        put(sessions, "e-of-a-request", Map.of("name", "LAPTOP-NORA"), List.of(segment(20)), REQUEST);
        return sessions;
    }

    /** Posts the sessions. */
    static void fill(CallSessionPoster poster) {
        sessions().values().forEach(session -> poster.post(CALL, session, NOW));
    }

    private static void put(
            Map<String, NewCallSession> sessions,
            String id,
            Map<String, Object> caller,
            List<Object> segments,
            @Nullable IdempotencyKey request) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        content.put("modalities", List.of("audio"));
        content.put("startDateTime", START);
        content.put("endDateTime", "2026-03-04T09:21:47.0930000Z");
        if (!caller.isEmpty()) {
            content.put("caller", new LinkedHashMap<>(caller));
        }
        if (!segments.isEmpty()) {
            content.put("segments", segments);
        }
        Span span = Span.of(content);
        sessions.put(
                id, new NewCallSession(new SessionKey(id, span.start().key(), "callee"), span.end(), content, request));
    }

    /** Returns a segment with a text of random letters, which compression shortens by a quarter. */
    private static Object segment(int letters) {
        byte[] label = new byte[letters];
        SplittableRandom random = new SplittableRandom(letters);
        for (int i = 0; i < letters; i++) {
            label[i] = (byte) ('0' + random.nextInt(64));
        }
        Map<String, @Nullable Object> segment = new LinkedHashMap<>();
        segment.put("id", "segment of " + letters);
        segment.put("startDateTime", START);
        segment.put("endDateTime", "2026-03-04T09:21:47.0930000Z");
        List<Object> media = new ArrayList<>();
        media.add(new LinkedHashMap<>(Map.of("label", new String(label, StandardCharsets.US_ASCII))));
        segment.put("media", media);
        return segment;
    }
}
