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
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.callrecords.store.Participant;
import io.switchboard.callrecords.store.ParticipantStore;
import io.switchboard.callrecords.store.PostParticipantOutcome;
import io.switchboard.callrecords.store.RecordChangeOutcome;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Violations;
import io.switchboard.storage.Page;
import io.switchboard.storage.PositionForm;
import io.switchboard.text.DerivedId;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on {@code participants_v2} of a call record. Thread-safe. */
final class CallRecordParticipantOperations {
    static final String PARTICIPANT_ID = "participantId";

    private static final Set<String> LIST_OPTIONS = Set.of(Shape.SELECT, Paging.TOP, Paging.COUNT, Paging.SKIP_TOKEN);

    private final CallRecordReader records;
    private final ParticipantStore store;

    CallRecordParticipantOperations(CallRecordReader records, ParticipantStore store) {
        this.records = records;
        this.store = store;
    }

    Response list(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Map<String, String> options = from.query(LIST_OPTIONS);
        Shape shape = Shape.of(options, CallRecordTypes.participant());
        boolean counts = Paging.isCountRequested(options);
        Paging paging = Paging.of(
                request,
                options,
                request.preferences().pageSize(Paging.PARTICIPANTS),
                PositionForm.key(CallRecordKey.LONGEST_ID));
        CallRecord record = request.record(records);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(
                "@odata.context", request.recordContext(record.key().id(), "/" + Shape.PARTICIPANTS + shape.context()));
        if (counts) {
            body.put("@odata.count", store.countParticipants(record));
        }
        addPage(request, record, shape, paging, "value", "@odata.nextLink", body);
        return request.page(body, Paging.PARTICIPANTS);
    }

    /** Adds a page of participants to a response, with the link to the next page. */
    void addPage(
            GraphRequest request,
            CallRecord record,
            Shape shape,
            Paging paging,
            String name,
            String linkName,
            Map<String, @Nullable Object> body) {
        Page<Participant> page = store.participants(record, paging.page(), CallRecordSessionOperations.LARGEST_PAGE);
        body.put(
                name,
                page.items().stream()
                        .map(participant -> json(request, participant, shape))
                        .toList());
        @Nullable
        String link = paging.nextLink(request, page.next(), page.items().size());
        if (link != null) {
            body.put(linkName, link);
        }
    }

    Response count(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        return GraphRequest.count(store.countParticipants(request.record(records)));
    }

    Response read(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Shape shape = Shape.of(from.query(Set.of(Shape.SELECT)), CallRecordTypes.participant());
        CallRecord record = request.record(records);
        Participant participant = find(request, record);
        return request.ok(one(request, participant, shape))
                .withEntityTag(EntityTag.ofVersion(participant.revision()), from);
    }

    private Participant find(GraphRequest request, CallRecord record) {
        String id = PathId.id(request.request().pathParameter(PARTICIPANT_ID));
        GraphRequest.requireFitting(PARTICIPANT_ID, id);
        return store.participant(record, id)
                .orElseThrow(() -> Refusal.notFound("The participant " + InputLimits.excerpt(id)
                        + " does not exist in this call record. To list its participants, use GET …/participants_v2."));
    }

    Response create(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> read = GraphBody.created(CallRecordTypes.participant(), request.newBody());
        Optional<String> key = from.idempotencyKey();
        CallRecord record = request.record(records);
        Map<String, @Nullable Object> keyed = key.isPresent() && read.get(GraphIds.ID) == null
                ? GraphIds.withId(
                        read, DerivedId.of(request.tenant(), from.caller().provider(), from.path(), key.get()))
                : read;
        Participant requested = of(record.key(), keyed, "");
        return switch (store.post(record, requested, request.now())) {
            case PostParticipantOutcome.Posted posted -> created(request, posted.participant());
            case PostParticipantOutcome.Different different ->
                throw key.isPresent()
                        ? GraphRefusals.keyReused()
                        : GraphRefusals.different(
                                "participant",
                                different.target(),
                                url(
                                        request,
                                        record.key().id(),
                                        different.stored().id()));
            case PostParticipantOutcome.Gone gone ->
                throw GraphRequest.recordNotFound(record.key().id());
            case PostParticipantOutcome.TooLarge large ->
                throw GraphRefusals.tooLarge("The participant", large.oversize());
        };
    }

    /**
     * Returns a participant that was read without violations, with an id: the id sent, otherwise the id of its
     * identity, otherwise one derived from its content.
     *
     * @throws Refusal 400 if the id does not fit into a key
     */
    static Participant of(CallRecordKey record, Map<String, @Nullable Object> read, String target) {
        @Nullable String identity = GraphIds.firstId(GraphIds.object(read.get("identity")));
        Map<String, @Nullable Object> content = read.get(GraphIds.ID) == null && identity != null
                ? GraphIds.withId(read, identity)
                : GraphIds.identified(CallRecordTypes.participant(), read, record.tenant(), record.id());
        String id = GraphIds.id(content);
        GraphRequest.requireFitting(target.isEmpty() ? GraphIds.ID : target + "." + GraphIds.ID, id);
        return new Participant(id, content, 1);
    }

    /** Returns the participants of a posted call record, each id once. */
    static List<Participant> all(
            CallRecordKey record, List<Map<String, @Nullable Object>> read, Violations violations) {
        Map<String, Participant> participants = new LinkedHashMap<>();
        EntityType type = CallRecordTypes.participant();
        for (int i = 0; i < read.size(); i++) {
            String target = Shape.PARTICIPANTS + "[" + i + "]";
            Participant participant = of(record, read.get(i), target);
            @Nullable Participant before = participants.putIfAbsent(participant.id(), participant);
            if (before != null && !type.normal(before.content()).equals(type.normal(participant.content()))) {
                violations.add(
                        "duplicateValue",
                        target,
                        target
                                + " has the same id as another participant in the body but different content."
                                + " Send only one of them.");
            }
        }
        return new ArrayList<>(participants.values());
    }

    Response patch(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> body = from.mergePatch(GraphRequest.MAXIMUM_BODY);
        RecordChangeOutcome.Settled<Participant> outcome =
                RecordChangeOutcome.settle("a participant kept changing", () -> {
                    CallRecord record = request.record(records);
                    Participant before = find(request, record);
                    GraphRefusals.requireMatch(request, before.revision());
                    Map<String, @Nullable Object> content = GraphBody.patched(
                            CallRecordTypes.participant(),
                            before.content(),
                            body,
                            Map.of(),
                            url(request, record.key().id(), before.id()));
                    return store.change(record, before, content, request.now());
                });
        return switch (outcome) {
            case RecordChangeOutcome.Done<Participant> done ->
                tagged(request.changed(one(request, done.now(), Shape.WHOLE)), done.now());
            case RecordChangeOutcome.Gone<Participant> gone ->
                throw Refusal.notFound("The participant "
                        + InputLimits.excerpt(PathId.id(from.pathParameter(PARTICIPANT_ID)))
                        + " was deleted during this request.");
            case RecordChangeOutcome.Taken<Participant> taken ->
                throw new IllegalStateException("A participant's id never changes");
            case RecordChangeOutcome.TooLarge<Participant> large ->
                throw GraphRefusals.tooLarge("The participant", large.oversize());
        };
    }

    Response delete(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        RecordChangeOutcome.settle("a participant kept changing", () -> {
            CallRecord record = request.record(records);
            Participant before = find(request, record);
            GraphRefusals.requireMatch(request, before.revision());
            return store.delete(record, before, request.now());
        });
        return GraphRequest.odata(Response.noContent());
    }

    private static Response created(GraphRequest request, Participant participant) {
        return tagged(
                request.created(
                        url(request, request.recordKey().id(), participant.id()),
                        one(request, participant, Shape.WHOLE)),
                participant);
    }

    private static Response tagged(Response response, Participant participant) {
        return response.with("ETag", EntityTag.ofVersion(participant.revision()).toString());
    }

    private static Map<String, @Nullable Object> one(GraphRequest request, Participant participant, Shape shape) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(
                "@odata.context",
                request.recordContext(
                        request.recordKey().id(), "/" + Shape.PARTICIPANTS + shape.context() + "/$entity"));
        body.putAll(json(request, participant, shape));
        return body;
    }

    private static Map<String, @Nullable Object> json(GraphRequest request, Participant participant, Shape shape) {
        return CallRecordTypes.participant()
                .show(participant.content(), request.preferences().projection(shape));
    }

    private static String url(GraphRequest request, String record, String id) {
        return request.url(request.recordPath(record) + "/" + Shape.PARTICIPANTS + "/" + PathId.segment(id));
    }
}
