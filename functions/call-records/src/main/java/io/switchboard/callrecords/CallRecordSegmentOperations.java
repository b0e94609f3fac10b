package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphBody;
import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRefusals;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.Paging;
import io.switchboard.callrecords.graph.PathId;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.model.Reconciled;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.callrecords.store.CallSession;
import io.switchboard.callrecords.store.CallSessionStore;
import io.switchboard.callrecords.store.RecordChangeOutcome;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.storage.PositionForm;
import io.switchboard.text.DerivedId;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the segments of a session. They are stored with the session and share its entity tag. Thread-safe.
 */
final class CallRecordSegmentOperations {
    static final String SEGMENT_ID = "segmentId";

    private static final Set<String> LIST_OPTIONS = Set.of(Shape.SELECT, Paging.TOP, Paging.COUNT, Paging.SKIP_TOKEN);

    private final CallRecordReader records;
    private final CallSessionStore store;
    private final CallRecordSessionOperations sessions;

    CallRecordSegmentOperations(
            CallRecordReader records, CallSessionStore store, CallRecordSessionOperations sessions) {
        this.records = records;
        this.store = store;
        this.sessions = sessions;
    }

    Response list(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Map<String, String> options = from.query(LIST_OPTIONS);
        Shape shape = Shape.of(options, CallRecordTypes.segment());
        boolean counts = Paging.isCountRequested(options);
        Paging paging = Paging.of(
                request,
                options,
                request.preferences().pageSize(Paging.SESSIONS),
                PositionForm.number(1, Integer.MAX_VALUE));
        CallRecord record = request.record(records);
        CallSession session = sessions.find(request, record, true);
        List<Map<String, @Nullable Object>> all = CallSessionJson.segments(session);
        int begin = paging.page().after() == null
                ? 0
                : Integer.parseInt(paging.page().after());
        List<Map<String, @Nullable Object>> value = new ArrayList<>();
        int end = begin;
        int size = 0;
        while (end < all.size() && value.size() < Math.min(paging.page().size(), paging.rest())) {
            Map<String, @Nullable Object> json = json(request, session, all.get(end), shape);
            size += request.growth() * Json.size(json);
            if (size > CallRecordSessionOperations.LARGEST_PAGE && !value.isEmpty()) {
                break;
            }
            value.add(json);
            end++;
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", context(request, session, shape.context()));
        if (counts) {
            body.put("@odata.count", all.size());
        }
        body.put("value", value);
        @Nullable String link = paging.nextLink(request, end < all.size() ? Integer.toString(end) : null, value.size());
        if (link != null) {
            body.put("@odata.nextLink", link);
        }
        return request.page(body, Paging.SESSIONS);
    }

    Response count(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        CallSession session = sessions.find(request, request.record(records), true);
        return GraphRequest.count(CallSessionJson.segments(session).size());
    }

    Response read(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Shape shape = Shape.of(from.query(Set.of(Shape.SELECT)), CallRecordTypes.segment());
        CallRecord record = request.record(records);
        CallSession session = sessions.find(request, record, true);
        Map<String, @Nullable Object> segment =
                CallSessionJson.segments(session).get(named(request, session).getFirst());
        Map<String, @Nullable Object> body = one(request, session, segment, shape);
        return request.ok(body).withEntityTag(EntityTag.ofVersion(session.revision()), from);
    }

    Response create(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        EntityType type = CallRecordTypes.segment();
        Map<String, @Nullable Object> read = GraphBody.created(request, type, request.newBody());
        Optional<String> key = from.idempotencyKey();
        Map<String, @Nullable Object> segment = key.isPresent() && read.get(GraphIds.ID) == null
                ? GraphIds.withId(
                        read, DerivedId.of(request.tenant(), from.caller().provider(), from.path(), key.get()))
                : SessionBody.segment(request.recordKey(), read);
        String id = GraphIds.id(segment);
        GraphRequest.requireFitting(GraphIds.ID, id);
        CallSession changed = change(request, session -> {
            List<Map<String, @Nullable Object>> all = new ArrayList<>(CallSessionJson.segments(session));
            List<Integer> same = indexes(all, id);
            if (same.isEmpty()) {
                all.add(segment);
                return all;
            }
            int at = same.getFirst();
            switch (type.reconcile(all.get(at), segment)) {
                case Reconciled.Same unchanged -> {}
                case Reconciled.Filled filled -> all.set(at, filled.content());
                case Reconciled.Different different -> {
                    if (key.isPresent()) {
                        throw GraphRefusals.keyReused();
                    }
                    throw GraphRefusals.different(
                            "segment", different.target(), request.url(from.encodedPath()) + "/" + PathId.segment(id));
                }
            }
            return all;
        });
        Map<String, @Nullable Object> stored = CallSessionJson.segments(changed)
                .get(indexes(CallSessionJson.segments(changed), id).getFirst());
        return request.created(
                        CallSessionJson.url(request, request.recordKey().id(), changed.key()) + "/segments/"
                                + PathId.segment(id),
                        one(request, changed, stored, Shape.WHOLE))
                .with("ETag", EntityTag.ofVersion(changed.revision()).toString());
    }

    Response patch(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> body = from.mergePatch(GraphRequest.MAXIMUM_BODY);
        String id = PathId.id(from.pathParameter(SEGMENT_ID));
        CallSession changed = change(request, session -> {
            List<Map<String, @Nullable Object>> all = new ArrayList<>(CallSessionJson.segments(session));
            int at = singleIndex(request, session);
            all.set(
                    at,
                    GraphBody.patched(
                            request,
                            CallRecordTypes.segment(),
                            all.get(at),
                            body,
                            Map.of(),
                            request.url(from.encodedPath())));
            return all;
        });
        List<Map<String, @Nullable Object>> all = CallSessionJson.segments(changed);
        return request.changed(one(request, changed, all.get(indexes(all, id).getFirst()), Shape.WHOLE))
                .with("ETag", EntityTag.ofVersion(changed.revision()).toString());
    }

    Response delete(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        change(request, session -> {
            List<Map<String, @Nullable Object>> all = new ArrayList<>(CallSessionJson.segments(session));
            all.remove(singleIndex(request, session));
            return all;
        });
        return GraphRequest.odata(Response.noContent());
    }

    /** Changes the segments of the session that the path names; retries while other requests change them first. */
    private CallSession change(
            GraphRequest request, Function<CallSession, List<Map<String, @Nullable Object>>> change) {
        return CallRecordSessionOperations.settled(
                request, RecordChangeOutcome.settle("the segments of a session kept changing", () -> {
                    CallRecord record = request.record(records);
                    CallSession before = sessions.findOne(request, record);
                    GraphRefusals.requireMatch(request, before.revision());
                    List<Map<String, @Nullable Object>> segments = change.apply(before);
                    if (segments.equals(CallSessionJson.segments(before))) {
                        return new RecordChangeOutcome.Done<>(before);
                    }
                    Map<String, @Nullable Object> content = new LinkedHashMap<>(before.content());
                    content.put(Shape.SEGMENTS, segments);
                    return store.change(record, before, before.key(), content, request.now());
                }));
    }

    private static int singleIndex(GraphRequest request, CallSession session) {
        List<Integer> named = named(request, session);
        if (named.size() > 1) {
            throw GraphRefusals.ambiguous("segment", request.request().pathParameter(SEGMENT_ID), List.of());
        }
        return named.getFirst();
    }

    private static List<Integer> named(GraphRequest request, CallSession session) {
        String id = PathId.id(request.request().pathParameter(SEGMENT_ID));
        List<Integer> named = indexes(CallSessionJson.segments(session), id);
        if (named.isEmpty()) {
            throw Refusal.notFound("The segment " + InputLimits.excerpt(id)
                    + " does not exist in this session. To list its segments, use GET …/segments.");
        }
        return named;
    }

    private static List<Integer> indexes(List<Map<String, @Nullable Object>> segments, String id) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            if (GraphIds.id(segments.get(i)).equals(id)) {
                indexes.add(i);
            }
        }
        return indexes;
    }

    private static Map<String, @Nullable Object> one(
            GraphRequest request, CallSession session, Map<String, @Nullable Object> segment, Shape shape) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", context(request, session, shape.context() + "/$entity"));
        body.putAll(json(request, session, segment, shape));
        return body;
    }

    private static Map<String, @Nullable Object> json(
            GraphRequest request, CallSession session, Map<String, @Nullable Object> segment, Shape shape) {
        return CallSessionJson.segment(request, request.recordKey().id(), session, segment, shape);
    }

    private static String context(GraphRequest request, CallSession session, String below) {
        return request.recordContext(
                request.recordKey().id(),
                "/sessions('" + PercentEncoding.ofValue(session.key().id()) + "')/segments" + below);
    }
}
