package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphBody;
import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRefusals;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.Paging;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.callrecords.store.CallSession;
import io.switchboard.callrecords.store.CallSessionPoster;
import io.switchboard.callrecords.store.CallSessionStore;
import io.switchboard.callrecords.store.NewCallSession;
import io.switchboard.callrecords.store.PostSessionOutcome;
import io.switchboard.callrecords.store.RecordChangeOutcome;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.http.EntityTag;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.storage.Page;
import io.switchboard.storage.PositionForm;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on the sessions of a call record. Thread-safe. */
final class CallRecordSessionOperations {
    static final String SESSION_ID = "sessionId";

    /** The most content of a page, in bytes of JSON ({@code docs/decisions/0019-call-records-over-http.md}). */
    static final int LARGEST_PAGE = 4 * 1_048_576;

    private static final String VALUE = "value";
    private static final String NEXT_LINK = "@odata.nextLink";
    private static final String CONTEXT = "@odata.context";
    /** The most sessions or participants with one id that an error lists. */
    static final int MOST_NAMED = 10;

    private static final Set<String> LIST_OPTIONS =
            Set.of(Shape.SELECT, Shape.EXPAND, Paging.TOP, Paging.COUNT, Paging.SKIP_TOKEN);

    private final CallRecordReader records;
    private final CallSessionStore store;
    private final CallSessionPoster poster;

    CallRecordSessionOperations(CallRecordReader records, CallSessionStore store, CallSessionPoster poster) {
        this.records = records;
        this.store = store;
        this.poster = poster;
    }

    /**
     * Adds the sessions that a record lacks. Stored ones stay as they are.
     *
     * @throws Refusal 413 if one is too large, 404 if the record was deleted
     */
    void add(CallRecord record, List<NewCallSession> sessions, Instant now) {
        for (NewCallSession session : sessions) {
            switch (poster.post(record.key(), session, now)) {
                case PostSessionOutcome.TooLarge large -> throw CallSessionJson.tooLarge(large.oversize());
                case PostSessionOutcome.NoRecord none ->
                    throw GraphRequest.recordNotFound(record.key().id());
                case PostSessionOutcome.Posted posted -> {}
                case PostSessionOutcome.Different different -> {}
                case PostSessionOutcome.Replayed replayed -> {}
                case PostSessionOutcome.Deleted deleted -> {}
                case PostSessionOutcome.KeyReused reused -> {}
            }
        }
    }

    Response list(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Map<String, String> options = from.query(LIST_OPTIONS);
        Shape shape = Shape.of(options, CallRecordTypes.session());
        boolean counts = Paging.isCountRequested(options);
        Paging paging = Paging.of(
                request,
                options,
                request.preferences().pageSize(Paging.SESSIONS),
                PositionForm.key(CallRecordKey.LONGEST_KEY));
        CallRecord record = request.record(records);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(CONTEXT, request.recordContext(record.key().id(), "/sessions" + shape.context()));
        if (counts) {
            body.put("@odata.count", store.countSessions(record));
        }
        addPage(request, record, shape, paging, VALUE, NEXT_LINK, body);
        return request.page(body, Paging.SESSIONS);
    }

    /** Adds a page of sessions to a response, with the link to the next page. */
    void addPage(
            GraphRequest request,
            CallRecord record,
            Shape shape,
            Paging paging,
            String name,
            String linkName,
            Map<String, @Nullable Object> body) {
        Page<CallSession> page =
                paging.read(asked -> store.sessions(record, shape.of(Shape.SEGMENTS) != null, asked, LARGEST_PAGE));
        List<Map<String, @Nullable Object>> value = new ArrayList<>();
        @Nullable String next = page.next();
        int size = 0;
        for (CallSession session : page.items()) {
            Map<String, @Nullable Object> json =
                    CallSessionJson.identified(request, record.key().id(), session, shape);
            size += request.growth() * Json.escapedSize(json);
            if (size > CallSessionStore.LARGEST_RESPONSE && !value.isEmpty()) {
                // A function's response has quotes and backslashes twice. Sessions that do not fit go to the next page.
                break;
            }
            value.add(json);
            if (value.size() < page.items().size()) {
                next = session.key().text();
            } else {
                next = page.next();
            }
        }
        if (shape.counts()) {
            body.put(name + "@odata.count", store.countSessions(record));
        }
        body.put(name, value);
        @Nullable String link = paging.nextLink(request, next, value.size());
        if (link != null) {
            body.put(linkName, link);
        }
    }

    Response count(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        return GraphRequest.count(store.countSessions(request.record(records)));
    }

    Response read(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Shape shape = Shape.of(from.query(Set.of(Shape.SELECT, Shape.EXPAND)), CallRecordTypes.session());
        CallRecord record = request.record(records);
        CallSession session = find(request, record, shape.of(Shape.SEGMENTS) != null);
        return GraphRequest.odata(
                        request.ok(CallSessionJson.one(request, record.key().id(), session, shape)))
                .withEntityTag(EntityTag.ofVersion(session.revision()), from);
    }

    /** Returns the session that the path names; the earliest if several have that id. */
    CallSession find(GraphRequest request, CallRecord record, boolean withSegments) {
        return named(request, record, withSegments, 1).getFirst();
    }

    /**
     * Returns the one session that the path names.
     *
     * @throws Refusal 404, or 409 if several sessions have that id
     */
    CallSession findOne(GraphRequest request, CallRecord record) {
        List<CallSession> named = named(request, record, true, MOST_NAMED);
        if (named.size() > 1) {
            throw GraphRefusals.ambiguous(
                    "session",
                    named.getFirst().key().id(),
                    named.stream()
                            .map(session ->
                                    CallSessionJson.url(request, record.key().id(), session.key()))
                            .toList());
        }
        return named.getFirst();
    }

    private List<CallSession> named(GraphRequest request, CallRecord record, boolean withSegments, int limit) {
        String segment = request.request().pathParameter(SESSION_ID);
        Optional<SessionKey> key = SessionKey.ofPathSegment(segment);
        List<CallSession> named = key.isPresent()
                ? store.sessions(record, key.get(), withSegments, limit)
                : segment.startsWith("~") ? List.of() : store.sessions(record, segment, withSegments, limit);
        if (key.isPresent() && !named.isEmpty() && named.getFirst().key().equals(key.get())) {
            return List.of(named.getFirst());
        }
        if (named.isEmpty()) {
            throw Refusal.notFound("The session " + InputLimits.excerpt(segment)
                    + " does not exist in the call record "
                    + InputLimits.excerpt(record.key().id())
                    + ". To list its sessions, use GET …/sessions.");
        }
        return named;
    }

    Response patch(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> body = from.mergePatch(GraphRequest.MAXIMUM_BODY);
        CallSession after = settled(request, RecordChangeOutcome.settle("a session kept changing", () -> {
            CallRecord record = request.record(records);
            CallSession before = findOne(request, record);
            GraphRefusals.requireMatch(request, before.revision());
            Map<String, @Nullable Object> content = patched(request, record, before, body);
            SessionKey key = SessionBody.requireFitting(GraphIds.sessionKey(content), "");
            boolean stays = key.equals(GraphIds.sessionKey(before.content()));
            return store.change(record, before, stays ? before.key() : key, content, request.now());
        }));
        String id = request.recordKey().id();
        return CallSessionJson.tagged(request.changed(CallSessionJson.one(request, id, after, Shape.WHOLE)), after);
    }

    private static Map<String, @Nullable Object> patched(
            GraphRequest request, CallRecord record, CallSession before, Map<String, @Nullable Object> body) {
        Shape whole = new Shape(null, Map.of(Shape.SEGMENTS, Shape.WHOLE));
        return GraphBody.patched(
                request,
                CallRecordTypes.session(),
                before.content(),
                body,
                body.containsKey(Shape.SEGMENTS)
                        ? CallSessionJson.json(request.preferences(), before, whole)
                        : Map.of(),
                CallSessionJson.url(request, record.key().id(), before.key()));
    }

    /**
     * Returns the session after a change.
     *
     * @throws Refusal the reason why it was not changed
     */
    static CallSession settled(GraphRequest request, RecordChangeOutcome.Settled<CallSession> outcome) {
        return switch (outcome) {
            case RecordChangeOutcome.Done<CallSession> done -> done.now();
            case RecordChangeOutcome.Taken<CallSession> taken ->
                throw Refusal.of(
                        ErrorCode.NAME_ALREADY_EXISTS,
                        "Another session with this id, start, caller and callee exists. Change at least one of them.");
            case RecordChangeOutcome.TooLarge<CallSession> large -> throw CallSessionJson.tooLarge(large.oversize());
            case RecordChangeOutcome.Gone<CallSession> gone -> {
                String segment = request.request().pathParameter(SESSION_ID);
                String id =
                        SessionKey.ofPathSegment(segment).map(SessionKey::id).orElse(segment);
                throw Refusal.notFound("The session " + InputLimits.excerpt(id) + " was deleted during this request.");
            }
        };
    }

    Response delete(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        RecordChangeOutcome.settle("a session kept changing", () -> {
            CallRecord record = request.record(records);
            CallSession before = findOne(request, record);
            GraphRefusals.requireMatch(request, before.revision());
            return store.delete(record, before, request.now());
        });
        return GraphRequest.odata(Response.noContent());
    }
}
