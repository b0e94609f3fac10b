package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.storage.IdempotencyKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Valid content for tests. */
public final class TestCallRecords {
    private TestCallRecords() {}

    /** Returns the instant of a time without a zone and seconds, for example {@code 2026-03-04T09:15}. */
    public static GraphInstant at(String minute) {
        return GraphInstant.of(minute + ":00Z").orElseThrow();
    }

    /** Returns a session between two minutes of 4 March 2026. */
    public static NewCallSession session(String id, String from, String to, String... modalities) {
        return session(content(id, "2026-03-04T" + from, "2026-03-04T" + to, modalities));
    }

    /** Returns the session with this content and an unknown callee. */
    public static NewCallSession session(Map<String, @Nullable Object> content) {
        return session(content, "-", null);
    }

    /** Returns the session with this content, a callee and an {@code Idempotency-Key}. */
    public static NewCallSession session(
            Map<String, @Nullable Object> content, String callee, @Nullable IdempotencyKey key) {
        Span span = Span.of(content);
        return new NewCallSession(
                new SessionKey(String.valueOf(content.get("id")), span.start().key(), callee),
                span.end(),
                content,
                key);
    }

    /** Returns the content of a session. */
    public static Map<String, @Nullable Object> content(String id, String from, String to, String... modalities) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        content.put("startDateTime", from + ":00Z");
        content.put("endDateTime", to + ":00Z");
        content.put("modalities", modalities.length == 0 ? List.of("audio") : List.of(modalities));
        return content;
    }

    /** Returns a copy of the content with one added or replaced member. */
    public static Map<String, @Nullable Object> with(
            Map<String, @Nullable Object> content, String name, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(content);
        changed.put(name, value);
        return changed;
    }

    /** Returns a segment whose label cannot be compressed below three quarters of its length. */
    public static Map<String, @Nullable Object> segment(String id, int bytes) {
        byte[] noise = new byte[bytes * 3 / 4];
        new Random(id.hashCode()).nextBytes(noise);
        Map<String, @Nullable Object> segment = new LinkedHashMap<>();
        segment.put("id", id);
        segment.put("startDateTime", "2026-03-04T09:15:00Z");
        segment.put("endDateTime", "2026-03-04T09:16:00Z");
        segment.put("media", List.of(Map.of("label", Base64.getEncoder().encodeToString(noise))));
        return segment;
    }

    /** Returns a posted record without children. */
    public static NewCallRecord record(CallRecordKey key, long version, String from, String to) {
        return record(key, version, from, to, null, null, null);
    }

    /** Returns a posted record. */
    public static NewCallRecord record(
            CallRecordKey key,
            long version,
            String from,
            String to,
            @Nullable List<NewCallSession> sessions,
            @Nullable List<Participant> participants,
            @Nullable IdempotencyKey idempotencyKey) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", key.id());
        content.put("version", Math.toIntExact(version));
        content.put("type", "groupCall");
        content.put("modalities", List.of("video", "audio"));
        content.put("lastModifiedDateTime", "2026-03-04T12:00:00Z");
        content.put("startDateTime", from + ":00Z");
        content.put("endDateTime", to + ":00Z");
        content.put("organizer_v2", Map.of("id", "organizer of " + key.id()));
        return new NewCallRecord(key, version, content, sessions, participants, idempotencyKey);
    }

    /** Returns a participant with a name. */
    public static Participant participant(String id) {
        Map<String, @Nullable Object> identity = new HashMap<>();
        identity.put("@odata.type", "#microsoft.graph.communicationsIdentitySet");
        identity.put("user", Map.of("id", id, "displayName", "Name of " + id));
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        content.put("identity", identity);
        return new Participant(id, content, 1);
    }

    /** Returns this many sessions of one minute each, whose ids are in order. */
    public static List<NewCallSession> sessions(int count) {
        List<NewCallSession> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(session("s%04d".formatted(i), "10:%02d".formatted(i % 60), "11:%02d".formatted(i % 60)));
        }
        return sessions;
    }

    /** Returns the content as read with segments. */
    public static Map<String, @Nullable Object> shown(Map<String, @Nullable Object> content) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(content);
        shown.putIfAbsent("segments", List.of());
        return shown;
    }
}
