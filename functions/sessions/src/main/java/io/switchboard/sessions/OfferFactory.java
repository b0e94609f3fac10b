package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.offer.NotificationResolver;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferAttempt;
import io.switchboard.offer.OfferContent;
import io.switchboard.offer.OfferPurpose;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferedHandOver;
import io.switchboard.offer.RenderedNotification;
import io.switchboard.offer.SenderId;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.NewOffer;
import io.switchboard.session.store.NewSession;
import io.switchboard.session.store.OfferedSession;
import io.switchboard.session.store.StoredOfferDocument;
import io.switchboard.slug.Warning;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.catalog.ProfileUser;
import io.switchboard.template.catalog.TemplatesOfKind;
import io.switchboard.text.DerivedId;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes offers from notification templates, and the sessions that open when users accept them. It creates sessions in
 * the same way as {@code POST /sessions}. Thread-safe.
 */
final class OfferFactory {
    private static final String TEMPLATE_NAME = "templateName";

    private final TemplatesOfKind templates;
    private final SessionFactory sessions;

    OfferFactory(TemplatesOfKind templates, SessionFactory sessions) {
        this.templates = templates;
        this.sessions = sessions;
    }

    /** Clears the caches after a snapshot was restored. */
    void clear() {
        templates.clear();
        sessions.clear();
    }

    /** Returns the id of a new offer: derived from the idempotency key, if there is one. */
    static String id(String tenant, SenderId sender, boolean isForItself, CreateOptions options) {
        @Nullable String key = options.idempotencyKey();
        @Nullable String user = sender.user();
        return key == null
                ? UUID.randomUUID().toString()
                : DerivedId.of(
                        tenant,
                        sender.provider(),
                        user == null ? "" : user,
                        isForItself ? "/notifications" : "/users/notifications",
                        key);
    }

    /**
     * An offer that can be stored.
     *
     * @param aboutUsers the warnings about single users, which only the sender may know
     */
    record Plan(NewOffer offer, List<Warning> aboutUsers) {
        Plan {
            aboutUsers = List.copyOf(aboutUsers);
        }
    }

    /**
     * Returns the offer of a request. Its session is checked for the first user, and the app profile for all.
     *
     * @throws Refusal if the offer or its session cannot be created
     */
    Plan plan(
            String tenant,
            String id,
            SenderId sender,
            List<String> users,
            OfferRequest wanted,
            CreateOptions options,
            Instant now) {
        Stored<Template> stored = template(tenant, wanted.templateName(), options.isFresh(), now);
        RenderedNotification rendered =
                new NotificationResolver((NotificationTemplate) stored.template(), wanted.parameters()).render();
        List<Warning> warnings = new ArrayList<>(wanted.warnings());
        warnings.addAll(rendered.warnings());
        List<Warning> aboutUsers = new ArrayList<>();
        @Nullable SessionRequest session = wanted.session();
        if (session != null) {
            Creator creator =
                    new Creator(new Owner(tenant, users.getFirst()), Set.of(), sender.provider(), "/notifications");
            for (Warning warning : sessions.check(creator, session, options, now)) {
                warnings.add(new Warning(warning.code(), warning.message(), below(warning.target())));
            }
            sessions.outsideProfile(tenant, users, session, now)
                    .forEach((user, refusal) -> aboutUsers.add(new Warning(
                            refusal.code(),
                            "If the user " + InputLimits.excerpt(user) + " accepts: " + refusal.getMessage(),
                            OfferRequest.USER_IDS)));
        }
        List<Warning> all = new ArrayList<>(warnings);
        all.addAll(aboutUsers);
        SessionResponses.refuseStrict(options.isStrict(), all);
        Offer offer = new Offer(
                id,
                sender,
                OfferContent.of(rendered, stored.version()),
                new OfferPurpose(
                        wanted.conversationId(),
                        wanted.cancellationToken(),
                        wanted.correlationId(),
                        wanted.sessionBody()),
                OfferAttempt.of(1, now, new OfferStep(users, wanted.expiresInSeconds()), wanted.next()),
                List.of(),
                null,
                null,
                null,
                now,
                warnings,
                1);
        int size = StoredOfferDocument.size(offer);
        if (size > SessionLimits.SESSION_BYTES) {
            throw Refusal.invalid(
                    "sessionTooLarge",
                    "session",
                    "The notification has " + size + " bytes with its session; at most " + SessionLimits.SESSION_BYTES
                            + " are allowed. Send shorter values.");
        }
        return new Plan(new NewOffer(offer, options.requestHash(), !options.isStrict()), aboutUsers);
    }

    /**
     * Returns the offer of an existing session to another user.
     *
     * @param owner the user whose desk has the session
     * @throws Refusal if the template cannot be used
     */
    NewOffer handOver(
            Owner owner,
            String id,
            SenderId sender,
            Session session,
            HandOverRequest wanted,
            CreateOptions options,
            @Nullable String correlationId,
            Instant now) {
        Stored<Template> stored = template(owner.tenant(), wanted.templateName(), options.isFresh(), now);
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("title", session.presentation().title());
        parameters.put("userId", owner.user());
        parameters.put("note", wanted.note() == null ? "" : wanted.note());
        RenderedNotification rendered =
                new NotificationResolver((NotificationTemplate) stored.template(), parameters).render();
        SessionResponses.refuseStrict(options.isStrict(), rendered.warnings());
        OfferStep step = new OfferStep(List.of(wanted.userId()), wanted.expiresInSeconds());
        Offer offer = new Offer(
                id,
                sender,
                OfferContent.of(rendered, stored.version()).forHandOver(),
                new OfferPurpose(
                        session.markers().conversationId(),
                        null,
                        correlationId,
                        null,
                        new OfferedHandOver(
                                session.id(), owner.user(), session.origin().templateName(), wanted.note())),
                OfferAttempt.of(1, now, step, List.of()),
                List.of(),
                null,
                null,
                null,
                now,
                rendered.warnings(),
                1);
        return new NewOffer(offer, null, !options.isStrict());
    }

    private static String below(String target) {
        return target.isEmpty() ? "session" : "session." + target;
    }

    private Stored<Template> template(String tenant, String name, boolean isFresh, Instant now) {
        @Nullable
        Stored<Template> stored = templates.find(tenant, name, isFresh, now).orElse(null);
        if (stored == null) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_NOT_FOUND,
                    "The notification template " + InputLimits.excerpt(name)
                            + " does not exist. GET /notificationTemplates lists them; unique names are"
                            + " case-sensitive.",
                    TEMPLATE_NAME);
        }
        if (stored.template().status() == Status.INACTIVE) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_INACTIVE,
                    "The notification template " + InputLimits.excerpt(name)
                            + " is inactive. Activate it, or use another template.",
                    TEMPLATE_NAME);
        }
        return stored;
    }

    /**
     * Returns the sessions of users who accept.
     *
     * @param roles the roles of the user; empty if a backend acts for the user
     */
    OfferedSession accepted(Set<String> roles, Instant now) {
        return (offer, owner) -> session(offer, owner, roles, now);
    }

    /** Returns the sessions of offers that are accepted automatically. The roles of their users are not known. */
    OfferedSession automatic(Instant now) {
        return (offer, owner) -> {
            try {
                return session(offer, owner, Set.of(), now);
            } catch (Refusal refusal) {
                throw new OfferedSession.NotPossible(refusal);
            }
        };
    }

    private @Nullable NewSession session(Offer offer, Owner owner, Set<String> roles, Instant now) {
        @Nullable OfferedHandOver handOver = offer.purpose().handOver();
        if (handOver != null) {
            sessions.requireAllowed(new ProfileUser(owner.tenant(), owner.user(), roles), handOver.templateName(), now);
            return null;
        }
        @Nullable Map<String, Object> body = offer.purpose().session();
        if (body == null) {
            return null;
        }
        NewSession planned = sessions.offered(
                new Creator(owner, roles, offer.sender().provider(), "/notifications"),
                DerivedId.of(owner.tenant(), "session of", offer.id()),
                SessionRequest.ofOffer(body, offer.purpose().correlationId()),
                now);
        Session session = planned.session();
        return offer.purpose().conversationId() == null
                ? planned
                : new NewSession(
                        session.withMarkers(session.markers()
                                .withConversationId(offer.purpose().conversationId())),
                        planned.isFocused(),
                        null);
    }
}
