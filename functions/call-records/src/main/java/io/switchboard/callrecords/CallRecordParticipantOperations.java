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
import io.switchboard.callrecords.store.CallRecordStore;
import io.switchboard.callrecords.store.ChangeOutcome;
import io.switchboard.callrecords.store.Participant;
import io.switchboard.callrecords.store.PostParticipantOutcome;
import io.switchboard.dynamodb.WriteLoop;
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
record CallRecordParticipantOperations(CallRecordStore store) {
    static final String PARTICIPANT_ID = "participantId";

    private static final Set<String> LIST_OPTIONS = Set.of(Shape.SELECT, Paging.TOP, Paging.COUNT, Paging.SKIP_TOKEN);

    Response list(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Map<String, String> options = from.query(LIST_OPTIONS);
        Shape shape = Shape.of(options, CallRecordTypes.participant());
        boolean counts = Paging.wantsCount(options);
        Paging paging = Paging.of(
                request,
                options,
                request.preferences().pageSize(Paging.PARTICIPANTS),
                PositionForm.key(CallRecordKey.LONGEST_ID));
        CallRecord record = request.record(store);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(
                "@odata.context", request.recordContext(record.key().id(), "/" + Shape.PARTICIPANTS + shape.context()));
        if (counts) {
            body.put("@odata.count", store.countParticipants(record));
        }
        addPage(request, record, shape, paging, "value", "@odata.nextLink", body);
        return request.page(body, Paging.PARTICIPANTS);
    }

    /** Adds a page of participants to an answer, with the link to the next. */
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
        return GraphRequest.count(store.countParticipants(request.record(store)));
    }

    Response read(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Shape shape = Shape.of(from.query(Set.of(Shape.SELECT)), CallRecordTypes.participant());
        CallRecord record = request.record(store);
        Participant participant = find(request, record);
        return request.ok(one(request, record, participant, shape))
                .withEntityTag(EntityTag.ofVersion(participant.revision()), from);
    }

    private Participant find(GraphRequest request, CallRecord record) {
        String id = PathId.id(request.request().pathParameter(PARTICIPANT_ID));
        GraphRequest.requireFitting(PARTICIPANT_ID, id);
        return store.participant(record, id)
                .orElseThrow(() -> Refusal.notFound("There is no participant " + InputLimits.excerpt(id)
                        + " in this call record. GET …/participants_v2 lists those that are there."));
    }

    Response create(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> read = GraphBody.created(CallRecordTypes.participant(), request.newBody());
        Optional<String> key = from.idempotencyKey();
        CallRecord record = request.record(store);
        Map<String, @Nullable Object> keyed = key.isPresent() && read.get(GraphIds.ID) == null
                ? GraphIds.withId(
                        read, DerivedId.of(request.tenant(), from.caller().provider(), from.path(), key.get()))
                : read;
        Participant wanted = of(record.key(), keyed, "");
        return switch (store.post(record, wanted, request.now())) {
            case PostParticipantOutcome.Posted posted -> created(request, record, posted.participant());
            case PostParticipantOutcome.Different different ->
                throw key.isPresent()
                        ? GraphRefusals.keyReused()
                        : GraphRefusals.different(
                                "participant",
                                different.target(),
                                url(request, record, different.stored().id()));
            case PostParticipantOutcome.Gone gone ->
                throw GraphRequest.noRecord(record.key().id());
            case PostParticipantOutcome.TooLarge large ->
                throw GraphRefusals.tooLarge("The participant", large.compressedBytes(), large.maximum());
        };
    }

    /**
     * A participant that was read without violations, with an id: its own, else that of its identity, else one derived from its content.
     *
     * @throws Refusal 400 where the id does not fit into a key
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

    /** The participants of a posted call record, each id once. */
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
                                + " has the id of another participant of the body, but says otherwise: send one of them.");
            }
        }
        return new ArrayList<>(participants.values());
    }

    Response patch(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> body = from.mergePatch(GraphRequest.MAXIMUM_BODY);
        while (true) {
            CallRecord record = request.record(store);
            Participant before = find(request, record);
            GraphRefusals.requireMatch(request, before.revision());
            Map<String, @Nullable Object> content = GraphBody.patched(
                    CallRecordTypes.participant(), before.content(), body, Map.of(), url(request, record, before.id()));
            ChangeOutcome<Participant> outcome = store.change(record, before, content, request.now());
            switch (outcome) {
                case ChangeOutcome.Done<Participant> done -> {
                    return tagged(request.changed(one(request, record, done.now(), Shape.WHOLE)), done.now());
                }
                case ChangeOutcome.Gone<Participant> gone ->
                    throw Refusal.notFound(
                            "The participant " + InputLimits.excerpt(before.id()) + " was deleted a moment ago.");
                case ChangeOutcome.Taken<Participant> taken ->
                    throw new IllegalStateException("A participant's id never changes");
                case ChangeOutcome.TooLarge<Participant> large ->
                    throw GraphRefusals.tooLarge("The participant", large.compressedBytes(), large.maximum());
                case ChangeOutcome.Overtaken<Participant> overtaken ->
                    WriteLoop.requireTime("a participant kept changing");
            }
        }
    }

    Response delete(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        while (true) {
            CallRecord record = request.record(store);
            Participant before = find(request, record);
            GraphRefusals.requireMatch(request, before.revision());
            if (!(store.delete(record, before, request.now()) instanceof ChangeOutcome.Overtaken)) {
                return GraphRequest.odata(Response.noContent());
            }
            WriteLoop.requireTime("a participant kept changing");
        }
    }

    private static Response created(GraphRequest request, CallRecord record, Participant participant) {
        return tagged(
                request.created(url(request, record, participant.id()), one(request, record, participant, Shape.WHOLE)),
                participant);
    }

    private static Response tagged(Response response, Participant participant) {
        return response.with("ETag", EntityTag.ofVersion(participant.revision()).toString());
    }

    private static Map<String, @Nullable Object> one(
            GraphRequest request, CallRecord record, Participant participant, Shape shape) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(
                "@odata.context",
                request.recordContext(record.key().id(), "/" + Shape.PARTICIPANTS + shape.context() + "/$entity"));
        body.putAll(json(request, participant, shape));
        return body;
    }

    private static Map<String, @Nullable Object> json(GraphRequest request, Participant participant, Shape shape) {
        return CallRecordTypes.participant()
                .show(participant.content(), CallRecordSessionOperations.showing(request.preferences(), shape));
    }

    private static String url(GraphRequest request, CallRecord record, String id) {
        return request.url(request.recordPath(record.key().id()) + "/" + Shape.PARTICIPANTS + "/" + PathId.segment(id));
    }
}
