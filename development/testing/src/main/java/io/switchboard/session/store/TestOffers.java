package io.switchboard.session.store;

import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferAttempt;
import io.switchboard.offer.OfferContent;
import io.switchboard.offer.OfferPurpose;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.SenderId;
import io.switchboard.template.DesktopNotification;
import io.switchboard.template.NotificationField;
import io.switchboard.template.Theme;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Offers for tests. */
public final class TestOffers {
    /** A router without a user. */
    public static final SenderId ROUTER = new SenderId("router", null);

    private TestOffers() {}

    /** Returns the content of an offer. */
    public static OfferContent content(int timeout, boolean autoAccept) {
        return new OfferContent(
                "contoso_incoming",
                3,
                "Ada",
                "/webresources/msdyn_chat_icon_zfp.svg",
                List.of(new NotificationField("customer", "Customer Name", "Ada")),
                true,
                timeout,
                autoAccept,
                false,
                "Accept",
                true,
                "Reject",
                DesktopNotification.NEVER,
                Theme.DARK);
    }

    /** Returns an offer of the router, with a session. */
    public static Offer offer(String id, Instant created, int expiresInSeconds, List<String> users) {
        return offer(id, created, content(20, false), new OfferStep(users, expiresInSeconds), List.of());
    }

    /** Returns an offer of the router, with a session and with attempts that follow. */
    public static Offer offer(String id, Instant created, OfferContent content, OfferStep first, List<OfferStep> next) {
        return new Offer(
                id,
                ROUTER,
                content,
                new OfferPurpose("c-1", "t-1", null, Map.of("templateName", "contoso_call")),
                OfferAttempt.of(1, created, first, next),
                List.of(),
                null,
                null,
                null,
                created,
                List.of(),
                1);
    }
}
