package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.NewCallSession;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.json.Json;
import io.switchboard.json.Violations;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.text.DerivedId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions as they are posted, alone or inside a call record. */
final class SessionBody {

    private SessionBody() {}

    /**
     * A session that was read without violations, with ids for itself and its segments.
     *
     * @param key null without an {@code Idempotency-Key}, from which an absent id comes then
     * @throws Refusal 400 where an id is too long, 413 where it could not be read back
     */
    static NewCallSession of(
            CallRecordKey record, Map<String, @Nullable Object> read, String target, @Nullable IdempotencyKey key) {
        Map<String, @Nullable Object> content = withSegments(record, read);
        if (key != null && content.get(GraphIds.ID) == null) {
            content = GraphIds.withId(content, DerivedId.of(record.tenant(), record.id(), key.key()));
        }
        content = GraphIds.identified(CallRecordTypes.session(), content, record.tenant(), record.id());
        SessionKey sessionKey = requireFitting(GraphIds.sessionKey(content), target);
        requireReadable(content, target);
        return new NewCallSession(sessionKey, end(content), content, key);
    }

    static GraphInstant end(Map<String, @Nullable Object> content) {
        return GraphIds.instant(content, "endDateTime");
    }

    private static Map<String, @Nullable Object> withSegments(
            CallRecordKey record, Map<String, @Nullable Object> read) {
        List<Map<String, @Nullable Object>> segments = new ArrayList<>();
        for (Map<String, @Nullable Object> segment : GraphIds.objects(read.get(Shape.SEGMENTS))) {
            segments.add(segment(record, segment));
        }
        Map<String, @Nullable Object> content = new LinkedHashMap<>(read);
        content.remove(Shape.SEGMENTS);
        if (!segments.isEmpty()) {
            content.put(Shape.SEGMENTS, segments);
        }
        return content;
    }

    /** A segment with an id. */
    static Map<String, @Nullable Object> segment(CallRecordKey record, Map<String, @Nullable Object> read) {
        return GraphIds.identified(CallRecordTypes.segment(), read, record.tenant(), record.id());
    }

    /**
     * Demands a key that can be stored.
     *
     * @throws Refusal 400
     */
    static SessionKey requireFitting(SessionKey key, String target) {
        if (!key.fits()) {
            String id = target.isEmpty() ? GraphIds.ID : target + "." + GraphIds.ID;
            throw Refusal.invalid(
                    "tooLong",
                    id,
                    id + " and the callee's id have more than " + CallRecordKey.LONGEST_ID
                            + " bytes together, once encoded: send shorter ones.");
        }
        return key;
    }

    /**
     * Demands a session that one answer can hold.
     *
     * @throws Refusal 413
     */
    static void requireReadable(Map<String, @Nullable Object> content, String target) {
        int size = Json.escapedSize(content);
        if (size > Shape.LARGEST_ANSWER) {
            throw Refusal.of(
                    ErrorCode.CONTENT_TOO_LARGE,
                    (target.isEmpty() ? "The session" : target) + " would take " + size
                            + " bytes of an answer, quotes and backslashes counted twice; at most "
                            + Shape.LARGEST_ANSWER
                            + " are possible. Split its segments over several sessions.");
        }
    }

    /** The sessions of a posted call record, each key once. */
    static List<NewCallSession> all(
            CallRecordKey record, List<Map<String, @Nullable Object>> read, Violations violations) {
        Map<SessionKey, NewCallSession> sessions = new LinkedHashMap<>();
        for (int i = 0; i < read.size(); i++) {
            String target = Shape.SESSIONS + "[" + i + "]";
            NewCallSession session = of(record, read.get(i), target, null);
            @Nullable NewCallSession before = sessions.putIfAbsent(session.key(), session);
            if (before != null
                    && !CallRecordTypes.session()
                            .normal(before.content())
                            .equals(CallRecordTypes.session().normal(session.content()))) {
                violations.add(
                        "duplicateValue",
                        target,
                        target
                                + " has id, start and callee of another session of the body, but says otherwise: send one of them.");
            }
        }
        return List.copyOf(sessions.values());
    }
}
