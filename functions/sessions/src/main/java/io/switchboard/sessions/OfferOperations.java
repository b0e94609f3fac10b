package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Listing;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.identity.Caller;
import io.switchboard.identity.Permission;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.offer.OfferJson;
import io.switchboard.offer.OfferState;
import io.switchboard.offer.OfferView;
import io.switchboard.offer.SenderId;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.OfferOutcome;
import io.switchboard.session.store.OfferStore;
import io.switchboard.slug.Warning;
import io.switchboard.text.Guid;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on offers, which the API calls notifications. Thread-safe. */
final class OfferOperations {
    private static final String NOTIFICATIONS = "/notifications";
    private static final String STATE = "state";
    private static final String CANCELLATION_TOKEN = "cancellationToken";
    private static final String REASON = "reason";
    private static final int LONGEST_REASON = 200;

    private final OfferStore offers;
    private final OfferFactory factory;

    OfferOperations(OfferStore offers, OfferFactory factory) {
        this.offers = offers;
        this.factory = factory;
    }

    /** Offers a conversation to the users of the body, to the user in the path, or to the caller. */
    Response create(Request request) {
        request.query(Set.of());
        OfferRequest wanted = OfferRequest.parse(request);
        List<String> users = users(request, wanted);
        SenderId sender = sender(request);
        CreateOptions options = CreateOptions.of(request);
        String tenant = request.tenant();
        String id = OfferFactory.id(tenant, sender, SessionRoutes.base(request).isEmpty(), options);
        List<Warning> warnings = List.of();
        OfferOutcome outcome;
        try {
            OfferFactory.Plan plan = factory.plan(tenant, id, sender, users, wanted, options, request.now());
            warnings = plan.aboutUsers();
            outcome = offers.create(tenant, plan.offer(), factory.automatic(request.now()), request.now());
        } catch (Refusal refusal) {
            // A replay succeeds even if its template was deleted in the meantime.
            outcome = replay(tenant, id, options, request)
                    .orElseThrow(() -> SessionResponses.preferred(request, refusal));
        }
        return SessionResponses.preferred(request, created(request, outcome, warnings));
    }

    private Optional<OfferOutcome> replay(String tenant, String id, CreateOptions options, Request request) {
        @Nullable String hash = options.requestHash();
        return hash == null ? Optional.empty() : offers.replay(tenant, id, hash, request.now());
    }

    private static Response created(Request request, OfferOutcome outcome, List<Warning> aboutUsers) {
        return switch (outcome) {
            case OfferOutcome.Created created -> {
                List<Warning> more = new ArrayList<>(aboutUsers);
                more.addAll(unknown(created.unknownUsers()));
                more.addAll(unavailable(created.unavailableUsers()));
                yield stored(request, created.view(), more);
            }
            case OfferOutcome.Replayed replayed ->
                stored(request, replayed.view(), List.of()).with("Idempotency-Replayed", "true");
            case OfferOutcome.UnknownUsers unknown ->
                throw SessionResponses.preferred(request, Refusal.strict(Warning.violations(unknown(unknown.users()))));
            case OfferOutcome.KeyReused reused -> throw Refusal.idempotencyKeyReused();
            case OfferOutcome.Accepted accepted -> throw unexpected(accepted);
            case OfferOutcome.Done done -> throw unexpected(done);
            case OfferOutcome.AlreadyResolved resolved -> throw unexpected(resolved);
            case OfferOutcome.NotFound notFound -> throw unexpected(notFound);
            case OfferOutcome.IdTaken taken -> throw unexpected(taken);
            case OfferOutcome.LimitReached reached -> throw unexpected(reached);
        };
    }

    private static Response stored(Request request, OfferView view, List<Warning> more) {
        Map<String, @Nullable Object> json = OfferJson.forSender(view);
        if (!more.isEmpty()) {
            List<Warning> all = new ArrayList<>(view.offer().warnings());
            all.addAll(more);
            json.put("warnings", Warning.toJson(all));
        }
        return Response.created(request.url(NOTIFICATIONS + "/" + view.offer().id()), json);
    }

    private static List<Warning> unknown(List<String> users) {
        List<Warning> warnings = new ArrayList<>();
        for (String user : users) {
            warnings.add(new Warning(
                    "unknownUser",
                    "The user " + InputLimits.excerpt(user)
                            + " has never had a session or a desk. If the id is wrong, withdraw the notification and"
                            + " send another one.",
                    OfferRequest.USER_IDS));
        }
        return warnings;
    }

    private static List<Warning> unavailable(List<String> users) {
        List<Warning> warnings = new ArrayList<>();
        for (String user : users) {
            warnings.add(SessionResponses.unavailable(user, OfferRequest.USER_IDS));
        }
        return warnings;
    }

    private static List<String> users(Request request, OfferRequest wanted) {
        Caller caller = request.caller();
        boolean isForItself = SessionRoutes.base(request).isEmpty();
        @Nullable List<String> userIds = wanted.userIds();
        if (!isForItself && userIds != null) {
            throw Refusal.invalid(
                    "notAllowed",
                    OfferRequest.USER_IDS,
                    "The path names the user already. Remove userIds, or use POST /notifications.");
        }
        boolean isForOthers = userIds != null || !wanted.next().isEmpty();
        if (isForOthers && !caller.has(Permission.SESSIONS_READ_WRITE_ALL)) {
            throw Refusal.of(
                    ErrorCode.PERMISSION_REQUIRED,
                    "userIds and onTimeout require the permission Sessions.ReadWrite.All in scp, scope or roles of the"
                            + " token. Remove them to notify yourself.");
        }
        if (userIds != null) {
            return userIds;
        }
        boolean isOwnWriter =
                caller.has(Permission.SESSIONS_READ_WRITE) || caller.has(Permission.SESSIONS_READ_WRITE_PROVIDER);
        if (isForItself && caller.user() != null && !isOwnWriter) {
            throw Refusal.of(
                    ErrorCode.PERMISSION_REQUIRED,
                    "To notify yourself, the token needs Sessions.ReadWrite or Sessions.ReadWrite.Provider. Send"
                            + " userIds to notify others.");
        }
        return List.of(SessionRoutes.writableScope(request).owner().user());
    }

    static SenderId sender(Request request) {
        Caller caller = request.caller();
        return new SenderId(caller.provider(), caller.user());
    }

    /** Lists what the caller sent, the latest first. */
    Response list(Request request) {
        SenderId sender = sender(request);
        // The store itself parses the positions.
        Listing listing = Listing.of(
                request,
                request.tenant() + " " + sender.provider() + " " + sender.user(),
                Set.of(STATE),
                position -> true);
        @Nullable OfferState state = listing.filter(STATE, OfferState.BY_TEXT).orElse(null);
        return listing.response(
                offers.list(request.tenant(), sender, state, listing.page(), request.now()),
                OfferJson::forSender,
                offers::position);
    }

    /** Returns a notification to its sender, with all users, or to one of its users. */
    Response read(Request request) {
        request.query(Set.of());
        String id = id(request);
        @Nullable String user = request.caller().user();
        Instant now = request.now();
        // Only a sender needs all desks. A caller without a user is the sender, or sees nothing.
        OfferView view = (user == null
                        ? offers.readAll(request.tenant(), id, now)
                        : offers.read(request.tenant(), id, user, now))
                .orElseThrow(() -> notFound(id));
        if (view.offer().sender().equals(sender(request))) {
            boolean isKnown = user == null || view.offer().waiting().isEmpty();
            return Response.ok(OfferJson.forSender(
                    isKnown ? view : offers.readAll(request.tenant(), id, now).orElseThrow(() -> notFound(id))));
        }
        OfferView.@Nullable Standing standing = user == null ? null : view.standing(user);
        if (standing == null || !sees(request.caller(), view.offer().sender())) {
            throw notFound(id);
        }
        return Response.ok(OfferJson.forUser(view, standing));
    }

    private static boolean sees(Caller caller, SenderId sender) {
        return caller.has(Permission.SESSIONS_READ)
                || caller.has(Permission.SESSIONS_READ_WRITE)
                || (caller.has(Permission.SESSIONS_READ_WRITE_PROVIDER)
                        && caller.provider().equals(sender.provider()));
    }

    Response accept(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = id(request);
        boolean isForItself = SessionRoutes.base(request).isEmpty();
        Set<String> roles = isForItself ? request.caller().roles() : Set.of();
        OfferOutcome outcome = offers.accept(scope, id, factory.accepted(roles, request.now()), request.now());
        if (outcome instanceof OfferOutcome.Accepted accepted) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("notification", forUser(accepted.view(), scope, id));
            json.put("session", accepted.session() == null ? null : SessionJson.toJson(accepted.session()));
            return Response.ok(json);
        }
        throw refused(outcome, id);
    }

    Response reject(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = id(request);
        OfferOutcome outcome = offers.reject(scope, id, reason(request), request.now());
        if (outcome instanceof OfferOutcome.Done done) {
            return Response.ok(forUser(done.view(), scope, id));
        }
        throw refused(outcome, id);
    }

    private static @Nullable String reason(Request request) {
        if (!request.hasBody()) {
            return null;
        }
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(false), "", violations);
        @Nullable String reason = body.any(REASON) == null ? null : body.requiredText(REASON, LONGEST_REASON);
        body.rejectUnknown();
        Refusal.ifAny(violations);
        return reason;
    }

    private static Map<String, @Nullable Object> forUser(OfferView view, SessionScope scope, String id) {
        OfferView.@Nullable Standing standing = view.standing(scope.owner().user());
        if (standing == null) {
            throw notFound(id);
        }
        return OfferJson.forUser(view, standing);
    }

    /** Withdraws a notification. */
    Response cancel(Request request) {
        request.query(Set.of());
        String id = id(request);
        OfferOutcome outcome = offers.cancel(request.tenant(), sender(request), id, request.now());
        if (outcome instanceof OfferOutcome.Done) {
            return Response.noContent();
        }
        throw refused(outcome, id);
    }

    /** Withdraws the caller's pending notifications with a cancellation token. */
    Response cancelAll(Request request) {
        @Nullable String token = request.query(Set.of(CANCELLATION_TOKEN)).get(CANCELLATION_TOKEN);
        if (token == null || token.isBlank()) {
            throw Refusal.invalid(
                    "required",
                    CANCELLATION_TOKEN,
                    "cancellationToken is required. Send the token of the notifications to withdraw, or use DELETE"
                            + " /notifications/{notificationId}.");
        }
        if (token.length() <= OfferRequest.LONGEST_TOKEN) {
            offers.cancelAll(request.tenant(), sender(request), token, request.now());
        }
        return Response.noContent();
    }

    private static String id(Request request) {
        String id = request.pathParameter("notificationId");
        if (!Guid.isGuid(id)) {
            throw notFound(id);
        }
        return id;
    }

    private static RuntimeException refused(OfferOutcome outcome, String id) {
        return switch (outcome) {
            case OfferOutcome.NotFound notFound -> notFound(id);
            case OfferOutcome.AlreadyResolved resolved ->
                Refusal.of(
                        ErrorCode.NOTIFICATION_RESOLVED,
                        "The notification was accepted, rejected or withdrawn already, or its time is over. GET"
                                + " /notifications/{notificationId} returns its state.");
            case OfferOutcome.LimitReached reached ->
                Refusal.of(ErrorCode.SESSION_LIMIT_REACHED, SessionFactory.limitMessage(reached.limit()));
            case OfferOutcome.IdTaken taken -> SessionResponses.idTaken();
            case OfferOutcome.Created created -> unexpected(created);
            case OfferOutcome.Replayed replayed -> unexpected(replayed);
            case OfferOutcome.KeyReused reused -> unexpected(reused);
            case OfferOutcome.UnknownUsers unknown -> unexpected(unknown);
            case OfferOutcome.Accepted accepted -> unexpected(accepted);
            case OfferOutcome.Done done -> unexpected(done);
        };
    }

    private static Refusal notFound(String id) {
        return Refusal.notFound("The notification " + InputLimits.excerpt(id)
                + " does not exist, or you do not have access to it. GET /notifications lists those that you sent, and"
                + " GET /desk those on your desk.");
    }

    private static RuntimeException unexpected(OfferOutcome outcome) {
        return new IllegalStateException(
                "The store of offers returned " + outcome.getClass().getSimpleName());
    }
}
