package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphBody;
import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRefusals;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.Paging;
import io.switchboard.callrecords.graph.Preferences;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.Showing;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordStore;
import io.switchboard.callrecords.store.ChangeOutcome;
import io.switchboard.callrecords.store.IdempotencyKey;
import io.switchboard.callrecords.store.NewSession;
import io.switchboard.callrecords.store.PostSessionOutcome;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.callrecords.store.StoredSession;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.http.EntityTag;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.storage.Page;
import io.switchboard.storage.PositionForm;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on the sessions of a call record. Thread-safe. */
record CallRecordSessionOperations(CallRecordStore store) {
    static final String SESSION_ID = "sessionId";

    /** The most content of a page, in bytes of JSON ({@code API.md} §2). */
    static final int LARGEST_PAGE = 4 * 1_048_576;

    private static final String VALUE = "value";
    private static final String NEXT_LINK = "@odata.nextLink";
    private static final String CONTEXT = "@odata.context";
    /** So many sessions of one id a refusal names. */
    private static final int MOST_NAMED = 10;

    private static final Set<String> LIST_OPTIONS =
            Set.of(Shape.SELECT, Shape.EXPAND, Paging.TOP, Paging.COUNT, Paging.SKIP_TOKEN);

    Response create(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        CallRecordKey record = request.recordKey();
        Map<String, @Nullable Object> read = GraphBody.created(CallRecordTypes.session(), request.newBody());
        @Nullable
        IdempotencyKey key = from.idempotencyKey()
                .map(text -> new IdempotencyKey(from.caller().provider() + " sessions " + text, from.bodyHash()))
                .orElse(null);
        NewSession wanted = SessionBody.of(record, read, "", key);
        return switch (store.post(record, wanted, request.now())) {
            case PostSessionOutcome.Posted posted -> {
                RequestLog.current().count(Metric.CALL_RECORD_SESSIONS_POSTED);
                yield created(request, record, posted.session());
            }
            case PostSessionOutcome.Replayed replayed ->
                created(request, record, replayed.session()).with("Idempotency-Replayed", "true");
            case PostSessionOutcome.Deleted deleted ->
                throw Refusal.notFound(
                        "This Idempotency-Key made a session that was deleted since. Use a new key for a new session.");
            case PostSessionOutcome.KeyReused reused -> throw GraphRefusals.keyReused();
            case PostSessionOutcome.Different different ->
                throw GraphRefusals.different(
                        "session",
                        different.target(),
                        url(request, record.id(), different.stored().key()));
            case PostSessionOutcome.NoRecord none -> throw GraphRequest.noRecord(record.id());
            case PostSessionOutcome.TooLarge large -> throw tooLarge(large.compressedBytes(), large.maximum());
        };
    }

    private static Refusal tooLarge(int bytes, int maximum) {
        return GraphRefusals.tooLarge("What the session's segments hold", bytes, maximum);
    }

    /** With its segments, where it has some: a deep insert is answered as deep. */
    private static Response created(GraphRequest request, CallRecordKey record, StoredSession session) {
        Shape shape = segments(session).isEmpty() ? Shape.WHOLE : new Shape(null, Map.of(Shape.SEGMENTS, Shape.WHOLE));
        return tagged(
                request.created(url(request, record.id(), session.key()), one(request, record.id(), session, shape)),
                session);
    }

    Response list(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Map<String, String> options = from.query(LIST_OPTIONS);
        Shape shape = Shape.of(options, CallRecordTypes.session());
        boolean counts = Paging.wantsCount(options);
        Paging paging = Paging.of(
                request,
                options,
                request.preferences().pageSize(Paging.SESSIONS),
                PositionForm.key(CallRecordKey.LONGEST_ID));
        CallRecord record = request.record(store);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(CONTEXT, request.recordContext(record.key().id(), "/sessions" + shape.context()));
        if (counts) {
            body.put("@odata.count", store.countSessions(record));
        }
        addPage(request, record, shape, paging, VALUE, NEXT_LINK, body);
        return request.page(body, Paging.SESSIONS);
    }

    /** Adds a page of sessions to an answer, with the link to the next. */
    void addPage(
            GraphRequest request,
            CallRecord record,
            Shape shape,
            Paging paging,
            String name,
            String linkName,
            Map<String, @Nullable Object> body) {
        Page<StoredSession> page =
                store.sessions(record, shape.of(Shape.SEGMENTS) != null, paging.page(), LARGEST_PAGE);
        List<Map<String, @Nullable Object>> value = new ArrayList<>();
        @Nullable String next = page.next();
        int size = 0;
        for (StoredSession session : page.items()) {
            Map<String, @Nullable Object> json = json(request.preferences(), session, shape);
            size += Json.escapedSize(json);
            if (size > Shape.LARGEST_ANSWER && !value.isEmpty()) {
                // Quotes and backslashes count twice in a function's answer: what does not fit is the next page's.
                break;
            }
            value.add(json);
            if (value.size() < page.items().size()) {
                next = session.key().text();
            } else {
                next = page.next();
            }
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
        return GraphRequest.count(store.countSessions(request.record(store)));
    }

    Response read(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Shape shape = Shape.of(from.query(Set.of(Shape.SELECT, Shape.EXPAND)), CallRecordTypes.session());
        CallRecord record = request.record(store);
        StoredSession session = find(request, record, shape.of(Shape.SEGMENTS) != null);
        return GraphRequest.odata(request.ok(one(request, record.key().id(), session, shape)))
                .withEntityTag(EntityTag.ofVersion(session.revision()), from);
    }

    /** The session that the path names; of several with one id the earliest. */
    StoredSession find(GraphRequest request, CallRecord record, boolean withSegments) {
        return named(request, record, withSegments, 1).getFirst();
    }

    /**
     * The one session that the path names.
     *
     * @throws Refusal 404, or 409 where an id names several
     */
    StoredSession findOne(GraphRequest request, CallRecord record) {
        List<StoredSession> named = named(request, record, true, MOST_NAMED);
        if (named.size() > 1) {
            throw GraphRefusals.ambiguous(
                    "session",
                    named.getFirst().key().id(),
                    named.stream()
                            .map(session -> url(request, record.key().id(), session.key()))
                            .toList());
        }
        return named.getFirst();
    }

    private List<StoredSession> named(GraphRequest request, CallRecord record, boolean withSegments, int limit) {
        String segment = request.request().pathParameter(SESSION_ID);
        Optional<SessionKey> key = SessionKey.ofPathSegment(segment);
        List<StoredSession> named = key.isPresent()
                ? store.session(record, key.get(), withSegments).stream().toList()
                : segment.startsWith("~") ? List.of() : store.sessions(record, segment, withSegments, limit);
        if (named.isEmpty()) {
            throw Refusal.notFound("There is no session " + InputLimits.excerpt(segment) + " in the call record "
                    + InputLimits.excerpt(record.key().id()) + ". GET …/sessions lists those that are there.");
        }
        return named;
    }

    Response patch(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> body = from.mergePatch(GraphRequest.MAXIMUM_BODY);
        while (true) {
            CallRecord record = request.record(store);
            StoredSession before = findOne(request, record);
            GraphRefusals.requireMatch(request, before.revision());
            Map<String, @Nullable Object> content = GraphBody.patched(
                    CallRecordTypes.session(),
                    before.content(),
                    body,
                    body.containsKey(Shape.SEGMENTS)
                            ? json(request.preferences(), before, new Shape(null, Map.of(Shape.SEGMENTS, Shape.WHOLE)))
                            : Map.of(),
                    url(request, record.key().id(), before.key()));
            SessionBody.requireReadable(content, "");
            ChangeOutcome<StoredSession> outcome = store.change(
                    record,
                    before,
                    SessionBody.requireFitting(GraphIds.sessionKey(content), ""),
                    content,
                    request.now());
            if (!(outcome instanceof ChangeOutcome.Overtaken)) {
                StoredSession after = done(request, record, before, outcome);
                return tagged(request.changed(one(request, record.key().id(), after, Shape.WHOLE)), after);
            }
            WriteLoop.requireTime("a session kept changing");
        }
    }

    /** The session as a change left it, or the answer that says why it did not; whoever was overtaken asks again before. */
    StoredSession done(
            GraphRequest request, CallRecord record, StoredSession before, ChangeOutcome<StoredSession> outcome) {
        return switch (outcome) {
            case ChangeOutcome.Done<StoredSession> done -> done.now();
            case ChangeOutcome.Taken<StoredSession> taken ->
                throw Refusal.of(
                        ErrorCode.NAME_ALREADY_EXISTS,
                        "There is another session of this id, start and callee: a session cannot become the same as another.");
            case ChangeOutcome.TooLarge<StoredSession> large ->
                throw tooLarge(large.compressedBytes(), large.maximum());
            case ChangeOutcome.Gone<StoredSession> gone ->
                throw Refusal.notFound(
                        "The session " + InputLimits.excerpt(before.key().id()) + " was deleted a moment ago.");
            case ChangeOutcome.Overtaken<StoredSession> overtaken ->
                throw new IllegalStateException("Who is overtaken asks again");
        };
    }

    Response delete(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        while (true) {
            CallRecord record = request.record(store);
            StoredSession before = findOne(request, record);
            GraphRefusals.requireMatch(request, before.revision());
            ChangeOutcome<Void> outcome = store.delete(record, before, request.now());
            if (!(outcome instanceof ChangeOutcome.Overtaken)) {
                return GraphRequest.odata(Response.noContent());
            }
            WriteLoop.requireTime("a session kept changing");
        }
    }

    private static Map<String, @Nullable Object> one(
            GraphRequest request, String record, StoredSession session, Shape shape) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(CONTEXT, request.recordContext(record, "/sessions" + shape.context() + "/$entity"));
        body.putAll(json(request.preferences(), session, shape));
        return body;
    }

    private static Map<String, @Nullable Object> json(Preferences preferences, StoredSession session, Shape shape) {
        Map<String, @Nullable Object> json =
                CallRecordTypes.session().show(session.content(), showing(preferences, shape));
        @Nullable Shape wanted = shape.of(Shape.SEGMENTS);
        if (wanted != null) {
            Showing showing = showing(preferences, wanted);
            List<Map<String, @Nullable Object>> shown = new ArrayList<>();
            for (Map<String, @Nullable Object> segment : segments(session)) {
                shown.add(CallRecordTypes.segment().show(segment, showing));
            }
            json.put(Shape.SEGMENTS, shown);
        }
        return json;
    }

    static Showing showing(Preferences preferences, Shape shape) {
        return new Showing(preferences.omitsNulls(), preferences.unknownMembers(), shape.select());
    }

    /** The segments that were read with a session. */
    static List<Map<String, @Nullable Object>> segments(StoredSession session) {
        return GraphIds.objects(session.content().get(Shape.SEGMENTS));
    }

    /** The absolute URL that names this session and no other. */
    static String url(GraphRequest request, String record, SessionKey key) {
        return request.url(request.recordPath(record) + "/sessions/" + key.pathSegment());
    }

    private static Response tagged(Response response, StoredSession session) {
        return response.with("ETag", EntityTag.ofVersion(session.revision()).toString());
    }
}
