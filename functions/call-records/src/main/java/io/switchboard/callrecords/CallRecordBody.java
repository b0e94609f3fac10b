package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphBody;
import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.graph.Truncation;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.NewCallRecord;
import io.switchboard.callrecords.store.NewCallSession;
import io.switchboard.callrecords.store.Participant;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.json.Violations;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.text.DerivedId;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads posted call records. */
final class CallRecordBody {
    private static final String VERSION = "version";
    private static final String LAST_MODIFIED = "lastModifiedDateTime";

    private CallRecordBody() {}

    /**
     * Reads the call record that a request posts, and assigns ids to it and everything in it.
     *
     * @throws Refusal 400 if the body is invalid
     */
    static NewCallRecord of(GraphRequest request) {
        Request from = request.request();
        Map<String, @Nullable Object> body = request.newBody();
        Map<String, @Nullable Object> read = GraphBody.created(request, CallRecordTypes.callRecord(), body);
        List<String> truncated = Truncation.of(request, body);
        Violations violations = new Violations();
        @Nullable Violations warnings = request.newWarnings();
        @Nullable
        IdempotencyKey key = from.idempotencyKey()
                .map(text -> new IdempotencyKey(from.caller().provider() + " callRecords " + text, from.bodyHash()))
                .orElse(null);
        Map<String, @Nullable Object> content = key != null && read.get(GraphIds.ID) == null
                ? GraphIds.withId(read, DerivedId.of(request.tenant(), key.key()))
                : GraphIds.identified(CallRecordTypes.callRecord(), read, request.tenant());
        String id = GraphIds.id(content);
        GraphRequest.requireFitting(GraphIds.ID, id);
        long version = number(content.get(VERSION));
        if (version < 0) {
            violations.add("invalidValue", VERSION, "version must be at least 0.");
        }
        CallRecordKey recordKey = new CallRecordKey(request.tenant(), id);
        @Nullable
        List<NewCallSession> sessions = content.get(Shape.SESSIONS) == null
                ? null
                : SessionBody.all(recordKey, GraphIds.objects(content.get(Shape.SESSIONS)), violations, warnings);
        @Nullable
        List<Participant> participants = content.get(Shape.PARTICIPANTS) == null
                ? null
                : CallRecordParticipantOperations.all(
                        recordKey, GraphIds.objects(content.get(Shape.PARTICIPANTS)), violations, warnings);
        Refusal.ifAny(violations);
        request.warn(warnings);
        Map<String, @Nullable Object> own = new LinkedHashMap<>(content);
        own.remove(Shape.SESSIONS);
        own.remove(Shape.PARTICIPANTS);
        own.putIfAbsent(LAST_MODIFIED, request.now().toString());
        Map<String, @Nullable Object> organizer = GraphIds.object(own.get(Shape.ORGANIZER));
        if (!organizer.isEmpty()) {
            own.put(Shape.ORGANIZER, identifiedOrganizer(organizer, recordKey));
        }
        return new NewCallRecord(recordKey, version, Truncation.marked(own, truncated), sessions, participants, key);
    }

    /** Returns an Edm.Int64 that was read without violations; 3.0 becomes 3. */
    static long number(@Nullable Object value) {
        return new BigDecimal(String.valueOf(value)).longValueExact();
    }

    /** Returns an organizer with an id: the id sent, otherwise that of its identity, otherwise one of its content. */
    static Map<String, @Nullable Object> identifiedOrganizer(
            Map<String, @Nullable Object> organizer, CallRecordKey record) {
        @Nullable String identity = GraphIds.firstId(GraphIds.object(organizer.get("identity")));
        return organizer.get(GraphIds.ID) == null && identity != null
                ? GraphIds.withId(organizer, identity)
                : GraphIds.identified(CallRecordTypes.organizer(), organizer, record.tenant(), record.id());
    }

    /** Returns a shape that expands the sent parts: the response to a deep insert is as deep as the request. */
    static Shape deep(NewCallRecord requested) {
        Map<String, Shape> expand = new LinkedHashMap<>();
        if (requested.sessions() != null && !requested.sessions().isEmpty()) {
            boolean hasSegments = requested.sessions().stream()
                    .anyMatch(session -> session.content().containsKey(Shape.SEGMENTS));
            expand.put(
                    Shape.SESSIONS, hasSegments ? new Shape(null, Map.of(Shape.SEGMENTS, Shape.WHOLE)) : Shape.WHOLE);
        }
        if (requested.participants() != null && !requested.participants().isEmpty()) {
            expand.put(Shape.PARTICIPANTS, Shape.WHOLE);
        }
        return new Shape(null, expand);
    }
}
