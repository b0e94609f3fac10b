package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphBody;
import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRefusals;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.ListOrderParser;
import io.switchboard.callrecords.graph.Paging;
import io.switchboard.callrecords.graph.RecordFilterParser;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.graph.Truncation;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordFilter;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordStore;
import io.switchboard.callrecords.store.ListOrder;
import io.switchboard.callrecords.store.NewCallRecord;
import io.switchboard.callrecords.store.PutRecordOutcome;
import io.switchboard.callrecords.store.RecordChangeOutcome;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Violations;
import io.switchboard.storage.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations on call records. Thread-safe. */
final class CallRecordOperations {
    private static final String CONTEXT = "@odata.context";
    private static final String VERSION = "version";
    private static final String LAST_MODIFIED = "lastModifiedDateTime";

    private final CallRecordStore store;
    private final CallRecordSessionOperations sessions;
    private final CallRecordParticipantOperations participants;

    CallRecordOperations(
            CallRecordStore store, CallRecordSessionOperations sessions, CallRecordParticipantOperations participants) {
        this.store = store;
        this.sessions = sessions;
        this.participants = participants;
    }

    Response list(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Map<String, String> options = from.query(Set.of(
                Shape.SELECT,
                RecordFilterParser.FILTER,
                ListOrderParser.ORDER_BY,
                Paging.TOP,
                Paging.COUNT,
                Paging.SKIP_TOKEN));
        Violations violations = new Violations();
        Shape shape = Shape.of(options, CallRecordTypes.callRecord(), violations);
        @Nullable String orderBy = options.get(ListOrderParser.ORDER_BY);
        ListOrder order = ListOrderParser.parse(orderBy, violations);
        @Nullable String condition = options.get(RecordFilterParser.FILTER);
        CallRecordFilter filter = RecordFilterParser.parse(condition, orderBy == null ? null : order, violations);
        Refusal.ifAny(violations);
        boolean counts = Paging.isCountRequested(options);
        Paging paging = Paging.of(
                request,
                options,
                request.preferences().pageSize(Paging.SESSIONS),
                position -> CallRecordStore.isPosition(filter, position));
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(CONTEXT, request.context("communications/callRecords" + shape.context()));
        if (counts) {
            // The number of records does not depend on their order.
            CallRecordFilter counted = order.time() == ListOrder.Time.START
                    ? filter
                    : RecordFilterParser.parse(condition, new Violations());
            body.put("@odata.count", store.count(request.tenant(), counted, request.now()));
        }
        Page<CallRecord> page = paging.read(asked -> store.list(request.tenant(), filter, order, asked, request.now()));
        body.put(
                "value",
                page.items().stream()
                        .map(record -> json(request, record, shape))
                        .toList());
        @Nullable
        String link = paging.nextLink(request, page.next(), page.items().size());
        if (link != null) {
            body.put("@odata.nextLink", link);
        }
        return request.page(body, Paging.SESSIONS);
    }

    Response count(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Violations violations = new Violations();
        CallRecordFilter filter = RecordFilterParser.parse(
                from.query(Set.of(RecordFilterParser.FILTER)).get(RecordFilterParser.FILTER), violations);
        Refusal.ifAny(violations);
        return GraphRequest.count(store.count(request.tenant(), filter, request.now()));
    }

    Response create(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        NewCallRecord requested = CallRecordBody.of(request);
        return switch (store.put(requested, request.now())) {
            case PutRecordOutcome.Stored stored -> created(request, stored.record(), requested);
            case PutRecordOutcome.Unchanged unchanged -> {
                CallRecord record = completed(request, unchanged.record(), requested);
                yield tagged(request.changed(read(request, record, CallRecordBody.deep(requested))), record)
                        .with("Location", url(request, record));
            }
            case PutRecordOutcome.Replayed replayed ->
                created(request, replayed.record(), requested).with("Idempotency-Replayed", "true");
            case PutRecordOutcome.Deleted deleted ->
                throw Refusal.notFound("The call record created with this Idempotency-Key was deleted."
                        + " Use a new key to create another.");
            case PutRecordOutcome.KeyReused reused -> throw GraphRefusals.keyReused();
            case PutRecordOutcome.TooLarge large ->
                throw GraphRefusals.tooLarge(
                        large.target().isEmpty() ? "The call record" : large.target(), large.oversize());
        };
    }

    /**
     * Adds to an incomplete record what the same version brings: the sessions and participants that it lacks. A
     * collection without a further page is complete then.
     */
    private CallRecord completed(GraphRequest request, CallRecord record, NewCallRecord requested) {
        List<?> incomplete = Truncation.incomplete(record.content());
        if (incomplete.isEmpty() || record.version() != requested.version()) {
            return record;
        }
        if (requested.sessions() != null) {
            sessions.add(record, requested.sessions(), request.now());
        }
        if (requested.participants() != null) {
            participants.add(record, requested.participants(), request.now());
        }
        List<?> truncated = Truncation.incomplete(requested.content());
        return change(request, record.key(), before -> {
            List<Object> left = new ArrayList<>(Truncation.incomplete(before.content()));
            left.removeIf(name -> requested.has((String) name) && !truncated.contains(name));
            return Truncation.marked(before.content(), left);
        });
    }

    private Response created(GraphRequest request, CallRecord record, NewCallRecord requested) {
        return tagged(
                request.created(url(request, record), read(request, record, CallRecordBody.deep(requested))), record);
    }

    Response read(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Shape shape = Shape.of(from.query(Set.of(Shape.SELECT, Shape.EXPAND)), CallRecordTypes.callRecord());
        CallRecord record = request.record(store);
        Response response = request.page(read(request, record, shape), Paging.PARTICIPANTS);
        // Expanded parts change without the record, so only the record alone has an entity tag.
        return shape.expand().isEmpty()
                ? response.withEntityTag(EntityTag.ofVersion(record.revision()), from)
                : response;
    }

    private Map<String, @Nullable Object> read(GraphRequest request, CallRecord record, Shape shape) {
        String id = record.key().id();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(CONTEXT, request.context("communications/callRecords" + shape.context() + "/$entity"));
        body.putAll(json(request, record, shape));
        @Nullable Shape requestedParticipants = shape.of(Shape.PARTICIPANTS);
        if (requestedParticipants != null) {
            body.put(
                    Shape.PARTICIPANTS + CONTEXT,
                    request.recordContext(id, "/" + Shape.PARTICIPANTS + requestedParticipants.context()));
            participants.addPage(
                    request,
                    record,
                    requestedParticipants,
                    Paging.nested(
                            request,
                            request.recordPath(id) + "/" + Shape.PARTICIPANTS,
                            requestedParticipants,
                            request.preferences().pageSize(Paging.PARTICIPANTS)),
                    Shape.PARTICIPANTS,
                    Shape.PARTICIPANTS + "@odata.nextLink",
                    body);
        }
        @Nullable Shape requestedSessions = shape.of(Shape.SESSIONS);
        if (requestedSessions != null) {
            body.put(
                    Shape.SESSIONS + CONTEXT,
                    request.recordContext(id, "/" + Shape.SESSIONS + requestedSessions.context()));
            sessions.addPage(
                    request,
                    record,
                    requestedSessions,
                    Paging.nested(
                            request,
                            request.recordPath(id) + "/" + Shape.SESSIONS,
                            requestedSessions,
                            request.preferences().pageSize(Paging.SESSIONS)),
                    Shape.SESSIONS,
                    Shape.SESSIONS + "@odata.nextLink",
                    body);
        }
        return body;
    }

    Response patch(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> body = from.mergePatch(GraphRequest.MAXIMUM_BODY);
        CallRecord after = change(request, record -> {
            Map<String, @Nullable Object> content = GraphBody.patched(
                    request,
                    CallRecordTypes.callRecord(),
                    record.content(),
                    body,
                    navigations(request, record, body),
                    url(request, record));
            @Nullable Object version = content.get(VERSION);
            if (version == null || CallRecordBody.number(version) != record.version()) {
                throw Refusal.invalid(
                        "invalidValue",
                        VERSION,
                        "version can be increased only by POST of the whole record to " + GraphRequest.CALL_RECORDS
                                + ". Remove it, or send " + record.version() + ".");
            }
            if (!body.containsKey(LAST_MODIFIED)) {
                content.put(LAST_MODIFIED, request.now().toString());
            }
            return Truncation.marked(content, Truncation.incomplete(record.content()));
        });
        return tagged(request.changed(read(request, after, Shape.WHOLE)), after);
    }

    /**
     * Returns the navigation properties of a body with the values that a read returns. The organizer is always
     * included, sessions and participants only if the body has them.
     */
    private Map<String, @Nullable Object> navigations(
            GraphRequest request, CallRecord record, Map<String, @Nullable Object> body) {
        Map<String, Shape> expand = new LinkedHashMap<>();
        if (body.containsKey(Shape.PARTICIPANTS)) {
            expand.put(Shape.PARTICIPANTS, Shape.WHOLE);
        }
        if (body.containsKey(Shape.SESSIONS)) {
            boolean hasSegments = false;
            for (Map<String, @Nullable Object> session : GraphIds.objects(body.get(Shape.SESSIONS))) {
                hasSegments |= session.containsKey(Shape.SEGMENTS);
            }
            expand.put(
                    Shape.SESSIONS, hasSegments ? new Shape(null, Map.of(Shape.SEGMENTS, Shape.WHOLE)) : Shape.WHOLE);
        }
        boolean hasAny = !expand.isEmpty() || body.containsKey(Shape.ORGANIZER);
        return hasAny ? read(request, record, new Shape(null, expand)) : Map.of();
    }

    /** Changes the record that the path names; retries while other requests change it first. */
    CallRecord change(GraphRequest request, Function<CallRecord, Map<String, @Nullable Object>> change) {
        return change(request, request.recordKey(), change);
    }

    private CallRecord change(
            GraphRequest request, CallRecordKey key, Function<CallRecord, Map<String, @Nullable Object>> change) {
        RecordChangeOutcome.Settled<CallRecord> outcome =
                RecordChangeOutcome.settle("a call record kept changing", () -> {
                    CallRecord before =
                            store.read(key, request.now()).orElseThrow(() -> GraphRequest.recordNotFound(key.id()));
                    GraphRefusals.requireMatch(request, before.revision());
                    return store.change(before, change.apply(before), request.now());
                });
        return switch (outcome) {
            case RecordChangeOutcome.Done<CallRecord> done -> done.now();
            case RecordChangeOutcome.Gone<CallRecord> gone -> throw GraphRequest.recordNotFound(key.id());
            case RecordChangeOutcome.Taken<CallRecord> taken ->
                throw new IllegalStateException("A call record's id never changes");
            case RecordChangeOutcome.TooLarge<CallRecord> large ->
                throw GraphRefusals.tooLarge("The call record", large.oversize());
        };
    }

    Response delete(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        RecordChangeOutcome.settle("a call record kept changing", () -> {
            CallRecord before = request.record(store);
            GraphRefusals.requireMatch(request, before.revision());
            return store.delete(before, request.now());
        });
        return GraphRequest.odata(Response.noContent());
    }

    /** Returns the record with its organizer, which Graph always expands. */
    static Map<String, @Nullable Object> json(GraphRequest request, CallRecord record, Shape shape) {
        String id = record.key().id();
        Map<String, @Nullable Object> json = CallRecordTypes.callRecord()
                .show(record.content(), request.preferences().projection(shape));
        request.identify(json, CallRecordTypes.callRecord(), shape, url(request, record), record.revision());
        if (shape.includes(Shape.ORGANIZER)) {
            Shape requested = shape.included(Shape.ORGANIZER);
            Map<String, @Nullable Object> organizer =
                    GraphIds.object(record.content().get(Shape.ORGANIZER));
            if (!organizer.isEmpty()) {
                json.put(
                        Shape.ORGANIZER + CONTEXT,
                        request.recordContext(id, "/" + Shape.ORGANIZER + requested.context() + "/$entity"));
                json.put(Shape.ORGANIZER, CallRecordOrganizerOperations.json(request, record, organizer, requested));
            } else if (!request.preferences().omitsNulls()) {
                json.put(Shape.ORGANIZER, null);
            }
        }
        return json;
    }

    private static String url(GraphRequest request, CallRecord record) {
        return request.url(request.recordPath(record.key().id()));
    }

    static Response tagged(Response response, CallRecord record) {
        return response.with("ETag", EntityTag.ofVersion(record.revision()).toString());
    }
}
