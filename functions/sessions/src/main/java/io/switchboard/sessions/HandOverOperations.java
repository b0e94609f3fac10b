package io.switchboard.sessions;

import io.switchboard.http.CorrelationId;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.identity.Permission;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.ChangeOutcome;
import io.switchboard.session.store.NewOffer;
import io.switchboard.session.store.OfferStore;
import io.switchboard.session.store.SessionChangeStore;
import io.switchboard.slug.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands sessions over to other users: by an offer that the other user accepts, or at once by a backend. Thread-safe.
 */
final class HandOverOperations {
    private static final Warning QUEUE_FULL = new Warning(
            "notificationQueueFull",
            "The queue of the user's desk is full, so the hand-over was rejected. The session stays on its desk. Try it"
                    + " again later, or with another user.",
            HandOverRequest.USER_ID);

    private final SessionChangeStore changes;
    private final OfferStore offers;
    private final OfferFactory factory;

    HandOverOperations(SessionChangeStore changes, OfferStore offers, OfferFactory factory) {
        this.changes = changes;
        this.offers = offers;
        this.factory = factory;
    }

    Response handOver(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        HandOverRequest wanted = HandOverRequest.parse(request, scope);
        String id = SessionResponses.sessionId(request);
        if (wanted.isImmediate() && !request.caller().has(Permission.SESSIONS_READ_WRITE_ALL)) {
            throw Refusal.of(
                    ErrorCode.PERMISSION_REQUIRED,
                    "immediate requires the permission Sessions.ReadWrite.All in scp, scope or roles of the token."
                            + " Remove it to offer the session to the other user.");
        }
        return SessionResponses.preferred(
                request,
                wanted.isImmediate() ? moved(request, scope, id, wanted) : offered(request, scope, id, wanted));
    }

    private Response moved(Request request, SessionScope scope, String id, HandOverRequest wanted) {
        ChangeOutcome outcome = changes.handOver(
                scope, id, wanted.userId(), !request.isStrict(), request.precondition(), request.now());
        boolean isUnknown = outcome instanceof ChangeOutcome.HandedOver handedOver && !handedOver.isUserKnown();
        return SessionResponses.of(
                SessionResponses.done(outcome, id), isUnknown ? List.of(SessionResponses.UNKNOWN_USER) : List.of());
    }

    private Response offered(Request request, SessionScope scope, String id, HandOverRequest wanted) {
        @Nullable String correlationId = CorrelationId.of(request).orElse(null);
        AtomicReference<List<Warning>> rendering = new AtomicReference<>(List.of());
        ChangeOutcome outcome = offers.handOver(
                scope,
                id,
                wanted.userId(),
                (session, offerId) -> {
                    NewOffer planned = factory.handOver(
                            scope.owner(),
                            offerId,
                            OfferOperations.sender(request),
                            session,
                            wanted,
                            CreateOptions.ofDryRun(request),
                            correlationId,
                            request.now());
                    rendering.set(planned.offer().warnings());
                    return planned;
                },
                request.precondition(),
                request.now());
        List<Warning> warnings = new ArrayList<>(rendering.get());
        if (outcome instanceof ChangeOutcome.HandOverOffered offered) {
            if (!offered.isUserKnown()) {
                warnings.add(SessionResponses.UNKNOWN_USER);
            }
            if (offered.isUserUnavailable()) {
                warnings.add(SessionResponses.unavailable(wanted.userId(), HandOverRequest.USER_ID));
            }
            if (!offered.isPending()) {
                warnings.add(QUEUE_FULL);
            }
        }
        return SessionResponses.of(SessionResponses.done(outcome, id), warnings);
    }
}
