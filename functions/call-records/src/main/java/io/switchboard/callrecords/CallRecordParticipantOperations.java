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
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PositionForm;
import io.switchboard.text.DerivedId;
import io.switchboard.text.InputLimits;
import java.time.Instant;
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

    /**
     * Adds the participants that a record lacks. Stored ones stay as they are.
     *
     * @throws Refusal 413 if one is too large, 404 if the record was deleted
     */
    void add(CallRecord record, List<Participant> added, Instant now) {
        for (Participant participant : added) {
            switch (store.post(record, participant, now)) {
                case PostParticipantOutcome.TooLarge large ->
                    throw GraphRefusals.tooLarge("The participant", large.oversize());
                case PostParticipantOutcome.Gone gone ->
                    throw GraphRequest.recordNotFound(record.key().id());
                case PostParticipantOutcome.Posted posted -> {}
                case PostParticipantOutcome.Different different -> {}
            }
        }
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
                PositionForm.key(CallRecordKey.LONGEST_KEY));
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
        Page<Participant> page =
                paging.read(asked -> store.participants(record, asked, CallRecordSessionOperations.LARGEST_PAGE));
        if (shape.counts()) {
            body.put(name + "@odata.count", store.countParticipants(record));
        }
        body.put(
                name,
                page.items().stream()
                        .map(participant -> json(request, record.key().id(), participant, shape))
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

    /** Returns the participant that the path names; the first one if several have that id. */
    private Participant find(GraphRequest request, CallRecord record) {
        return named(request, record, 1).getFirst();
    }

    /**
     * Returns the one participant that the path names.
     *
     * @throws Refusal 404, or 409 if several participants have that id
     */
    private Participant findOne(GraphRequest request, CallRecord record) {
        List<Participant> named = named(request, record, CallRecordSessionOperations.MOST_NAMED);
        if (named.size() > 1) {
            List<String> urls = named.stream()
                    .map(each -> exactUrl(request, record.key().id(), each))
                    .toList();
            throw GraphRefusals.ambiguous("participant", named.getFirst().id(), urls);
        }
        return named.getFirst();
    }

    private List<Participant> named(GraphRequest request, CallRecord record, int limit) {
        String segment = request.request().pathParameter(PARTICIPANT_ID);
        String id = PathId.id(segment);
        List<String> parts = parts(segment, id);
        if (!parts.isEmpty()) {
            List<Participant> one = store.participants(record, parts.getFirst(), parts.getLast(), 1);
            if (!one.isEmpty() && one.getFirst().digest().equals(parts.getLast())) {
                return one;
            }
        }
        GraphRequest.requireFitting(PARTICIPANT_ID, id);
        List<Participant> named = store.participants(record, id, "", limit);
        if (named.isEmpty()) {
            throw Refusal.notFound("The participant " + InputLimits.excerpt(id)
                    + " does not exist in this call record. To list its participants, use GET …/participants_v2.");
        }
        return named;
    }

    /** Returns the id and the digest in the path segment of a key; empty if it is that of an id. */
    private static List<String> parts(String segment, String decoded) {
        if (!segment.startsWith("~")) {
            return List.of();
        }
        try {
            List<String> parts = Keys.split(decoded);
            boolean isKey = parts.size() == 2
                    && parts.getLast().length() <= CallRecordKey.DIGEST
                    && Keys.join(parts.getFirst(), parts.getLast()).equals(decoded);
            return isKey ? parts : List.of();
        } catch (RuntimeException e) {
            // Not a key that this API has issued.
            return List.of();
        }
    }

    Response create(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        Map<String, @Nullable Object> read =
                GraphBody.created(request, CallRecordTypes.participant(), request.newBody());
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
                                url(request, record.key().id(), different.stored()));
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
        return new Participant(id, GraphIds.participantDigest(content), content, 1);
    }

    /**
     * Returns the participants of a posted call record, each once.
     *
     * @param violations collects participants with the id of another one, if {@code warnings} is null
     */
    static List<Participant> all(
            CallRecordKey record,
            List<Map<String, @Nullable Object>> read,
            Violations violations,
            @Nullable Violations warnings) {
        Map<String, Participant> participants = new LinkedHashMap<>();
        EntityType type = CallRecordTypes.participant();
        for (int i = 0; i < read.size(); i++) {
            String target = Shape.PARTICIPANTS + "[" + i + "]";
            Participant participant = of(record, read.get(i), target);
            @Nullable Participant before = participants.putIfAbsent(participant.key(), participant);
            if (before != null && !type.normal(before.content()).equals(type.normal(participant.content()))) {
                String message = target
                        + " has the same id and identity as another participant in the body but different content.";
                if (warnings == null) {
                    violations.add(SessionBody.DUPLICATE, target, message + " Send only one of them.");
                } else {
                    warnings.add(SessionBody.DUPLICATE, target, message + " Both are stored.");
                    Participant other = participant.withDigest(GraphIds.contentDigest(type, participant.content()));
                    participants.put(other.key(), other);
                }
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
                    Participant before = findOne(request, record);
                    GraphRefusals.requireMatch(request, before.revision());
                    Map<String, @Nullable Object> content = GraphBody.patched(
                            request,
                            CallRecordTypes.participant(),
                            before.content(),
                            body,
                            Map.of(),
                            url(request, record.key().id(), before));
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
            Participant before = findOne(request, record);
            GraphRefusals.requireMatch(request, before.revision());
            return store.delete(record, before, request.now());
        });
        return GraphRequest.odata(Response.noContent());
    }

    private static Response created(GraphRequest request, Participant participant) {
        return tagged(
                request.created(
                        url(request, request.recordKey().id(), participant), one(request, participant, Shape.WHOLE)),
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
        body.putAll(json(request, request.recordKey().id(), participant, shape));
        return body;
    }

    private static Map<String, @Nullable Object> json(
            GraphRequest request, String record, Participant participant, Shape shape) {
        EntityType type = CallRecordTypes.participant();
        Map<String, @Nullable Object> json =
                type.show(participant.content(), request.preferences().projection(shape));
        request.identify(json, type, shape, url(request, record, participant), participant.revision());
        return json;
    }

    /** Returns the absolute URL of a participant: of its id if that is its key, which is the usual case. */
    private static String url(GraphRequest request, String record, Participant participant) {
        return participant.digest().isEmpty()
                ? url(request, record, PathId.segment(participant.id()))
                : exactUrl(request, record, participant);
    }

    /** Returns the absolute URL that names only this participant. */
    private static String exactUrl(GraphRequest request, String record, Participant participant) {
        return url(request, record, PathId.key(Keys.join(participant.id(), participant.digest())));
    }

    private static String url(GraphRequest request, String record, String segment) {
        return request.url(request.recordPath(record) + "/" + Shape.PARTICIPANTS + "/" + segment);
    }
}
