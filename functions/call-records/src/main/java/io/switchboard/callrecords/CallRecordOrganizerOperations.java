package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphBody;
import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.text.InputLimits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the organizer of a call record. It is stored with the record and shares the record's entity tag.
 * Thread-safe.
 */
final class CallRecordOrganizerOperations {
    private final CallRecordReader reader;
    private final CallRecordOperations records;

    CallRecordOrganizerOperations(CallRecordReader reader, CallRecordOperations records) {
        this.reader = reader;
        this.records = records;
    }

    Response read(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Shape shape = Shape.of(from.query(Set.of(Shape.SELECT)), CallRecordTypes.organizer());
        CallRecord record = request.record(reader);
        return request.ok(organizer(request, record, shape))
                .withEntityTag(EntityTag.ofVersion(record.revision()), from);
    }

    Response patch(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> body = from.mergePatch(GraphRequest.MAXIMUM_BODY);
        AtomicBoolean isNew = new AtomicBoolean();
        CallRecord after = records.change(request, record -> {
            // An empty body changes nothing, so it creates nothing either.
            Map<String, @Nullable Object> before = body.isEmpty()
                    ? requireOrganizer(record)
                    : GraphIds.object(record.content().get(Shape.ORGANIZER));
            isNew.set(before.isEmpty());
            Map<String, @Nullable Object> content = new LinkedHashMap<>(record.content());
            content.put(
                    Shape.ORGANIZER,
                    before.isEmpty()
                            ? CallRecordBody.identifiedOrganizer(
                                    GraphBody.created(request, CallRecordTypes.organizer(), body), record.key())
                            : GraphBody.patched(
                                    request,
                                    CallRecordTypes.organizer(),
                                    before,
                                    body,
                                    Map.of(),
                                    request.url(from.encodedPath())));
            return content;
        });
        Map<String, @Nullable Object> json = organizer(request, after, Shape.WHOLE);
        return CallRecordOperations.tagged(
                isNew.get() ? request.created(request.url(from.encodedPath()), json) : request.changed(json), after);
    }

    Response delete(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        records.change(request, record -> {
            requireOrganizer(record);
            Map<String, @Nullable Object> content = new LinkedHashMap<>(record.content());
            content.remove(Shape.ORGANIZER);
            return content;
        });
        return GraphRequest.odata(Response.noContent());
    }

    private static Map<String, @Nullable Object> requireOrganizer(CallRecord record) {
        Map<String, @Nullable Object> organizer =
                GraphIds.object(record.content().get(Shape.ORGANIZER));
        if (organizer.isEmpty()) {
            throw Refusal.notFound("The call record "
                    + InputLimits.excerpt(record.key().id()) + " has no organizer. To add one, PATCH this URL.");
        }
        return organizer;
    }

    private static Map<String, @Nullable Object> organizer(GraphRequest request, CallRecord record, Shape shape) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(
                "@odata.context",
                request.recordContext(record.key().id(), "/" + Shape.ORGANIZER + shape.context() + "/$entity"));
        body.putAll(json(request, record, requireOrganizer(record), shape));
        return body;
    }

    /** Returns the organizer of a record. */
    static Map<String, @Nullable Object> json(
            GraphRequest request, CallRecord record, Map<String, @Nullable Object> organizer, Shape shape) {
        EntityType type = CallRecordTypes.organizer();
        Map<String, @Nullable Object> json =
                type.show(organizer, request.preferences().projection(shape));
        String url = request.url(request.recordPath(record.key().id()) + "/" + Shape.ORGANIZER);
        request.identify(json, type, shape, url, record.revision());
        return json;
    }
}
