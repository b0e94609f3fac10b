package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphBody;
import io.switchboard.callrecords.graph.GraphRefusals;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.graph.Truncation;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallSession;
import io.switchboard.callrecords.store.CallSessionPoster;
import io.switchboard.callrecords.store.NewCallSession;
import io.switchboard.callrecords.store.PostSessionOutcome;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.storage.IdempotencyKey;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operation that posts a session of a call record. Thread-safe. */
final class PostSessionOperation {
    private final CallSessionPoster poster;

    PostSessionOperation(CallSessionPoster poster) {
        this.poster = poster;
    }

    Response create(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        CallRecordKey record = request.recordKey();
        Map<String, @Nullable Object> body = request.newBody();
        Map<String, @Nullable Object> read = GraphBody.created(request, CallRecordTypes.session(), body);
        Truncation.of(request, body);
        @Nullable
        IdempotencyKey key = from.idempotencyKey()
                .map(text -> new IdempotencyKey(from.caller().provider() + " sessions " + text, from.bodyHash()))
                .orElse(null);
        NewCallSession requested = SessionBody.of(record, read, "", key);
        return switch (poster.post(record, requested, request.now())) {
            case PostSessionOutcome.Posted posted -> {
                RequestLog.current().count(Metric.CALL_RECORD_SESSIONS_POSTED);
                yield created(request, record, posted.session());
            }
            case PostSessionOutcome.Replayed replayed ->
                created(request, record, replayed.session()).with("Idempotency-Replayed", "true");
            case PostSessionOutcome.Deleted deleted ->
                throw Refusal.notFound(
                        "The session created with this Idempotency-Key was deleted. Use a new key to create another.");
            case PostSessionOutcome.KeyReused reused -> throw GraphRefusals.keyReused();
            case PostSessionOutcome.Different different ->
                throw GraphRefusals.different(
                        "session",
                        different.target(),
                        CallSessionJson.url(
                                request, record.id(), different.stored().key()));
            case PostSessionOutcome.NoRecord none -> throw GraphRequest.recordNotFound(record.id());
            case PostSessionOutcome.TooLarge large -> throw CallSessionJson.tooLarge(large.oversize());
        };
    }

    /** Returns the session with its segments, if any: the response to a deep insert is as deep as the request. */
    private static Response created(GraphRequest request, CallRecordKey record, CallSession session) {
        Shape shape = CallSessionJson.segments(session).isEmpty()
                ? Shape.WHOLE
                : new Shape(null, Map.of(Shape.SEGMENTS, Shape.WHOLE));
        return CallSessionJson.tagged(
                request.created(
                        CallSessionJson.url(request, record.id(), session.key()),
                        CallSessionJson.one(request, record.id(), session, shape)),
                session);
    }
}
