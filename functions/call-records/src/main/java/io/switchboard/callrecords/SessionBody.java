package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.NewCallSession;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.http.Refusal;
import io.switchboard.json.Violations;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.text.DerivedId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads posted sessions, alone or inside a call record. */
final class SessionBody {
    /** The code of a violation or warning about two entities with one key. */
    static final String DUPLICATE = "duplicateValue";

    private SessionBody() {}

    /**
     * Returns a session that was read without violations, with ids for it and its segments.
     *
     * @param key the {@code Idempotency-Key}, from which a missing id is derived; null without one
     * @throws Refusal 400 if an id is too long
     */
    static NewCallSession of(
            CallRecordKey record, Map<String, @Nullable Object> read, String target, @Nullable IdempotencyKey key) {
        Map<String, @Nullable Object> content = withSegments(record, read);
        if (key != null && content.get(GraphIds.ID) == null) {
            content = GraphIds.withId(content, DerivedId.of(record.tenant(), record.id(), key.key()));
        }
        content = GraphIds.identified(CallRecordTypes.session(), content, record.tenant(), record.id());
        SessionKey sessionKey = requireFitting(GraphIds.sessionKey(content), target);
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

    /** Returns a segment with an id. */
    static Map<String, @Nullable Object> segment(CallRecordKey record, Map<String, @Nullable Object> read) {
        return GraphIds.identified(CallRecordTypes.segment(), read, record.tenant(), record.id());
    }

    /**
     * Checks that a key can be stored.
     *
     * @throws Refusal 400
     */
    static SessionKey requireFitting(SessionKey key, String target) {
        if (!key.fits()) {
            String id = target.isEmpty() ? GraphIds.ID : target + "." + GraphIds.ID;
            throw Refusal.invalid(
                    "tooLong",
                    id,
                    id + " and the callee's id together have more than " + CallRecordKey.LONGEST_ID
                            + " bytes when encoded. Send shorter ids.");
        }
        return key;
    }

    /**
     * Returns the sessions of a posted call record, each once.
     *
     * @param violations collects sessions with the key of another one, if {@code warnings} is null
     */
    static List<NewCallSession> all(
            CallRecordKey record,
            List<Map<String, @Nullable Object>> read,
            Violations violations,
            @Nullable Violations warnings) {
        Map<SessionKey, NewCallSession> sessions = new LinkedHashMap<>();
        EntityType type = CallRecordTypes.session();
        for (int i = 0; i < read.size(); i++) {
            String target = Shape.SESSIONS + "[" + i + "]";
            NewCallSession session = of(record, read.get(i), target, null);
            @Nullable NewCallSession before = sessions.putIfAbsent(session.key(), session);
            if (before != null && !type.normal(before.content()).equals(type.normal(session.content()))) {
                String message = target
                        + " has the same id, start, caller and callee as another session in the body but different"
                        + " content.";
                if (warnings == null) {
                    violations.add(DUPLICATE, target, message + " Send only one of them.");
                } else {
                    warnings.add(DUPLICATE, target, message + " Both are stored.");
                    SessionKey other = session.key().withDigest(GraphIds.contentDigest(type, session.content()));
                    sessions.put(other, new NewCallSession(other, session.end(), session.content(), null));
                }
            }
        }
        return List.copyOf(sessions.values());
    }
}
