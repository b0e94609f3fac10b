package io.switchboard.session;

import io.switchboard.session.store.NewSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sessions for tests. */
public final class TestSessions {
    /** The template of sessions for which it is irrelevant. */
    public static final String TEMPLATE = "contoso_call";

    /** The provider of sessions for which it is irrelevant. */
    public static final String PROVIDER = "softphone";

    private TestSessions() {}

    /** Returns an open session with one tab. */
    public static Session session(String id, Instant created) {
        return session(id, created, PROVIDER, TEMPLATE, true);
    }

    /** Returns an open session with one tab. */
    public static Session session(String id, Instant created, String provider, String templateName, boolean canClose) {
        Tab tab = new Tab(
                "tab-" + id.hashCode(),
                "contoso_search",
                "Search",
                "thirdPartyWebsite",
                Map.of("url", "https://example.com/"),
                "https://example.com/",
                List.of("search"),
                false,
                0,
                created,
                null);
        return new Session(
                id,
                new SessionOrigin(
                        templateName,
                        3,
                        "generic",
                        new Rendering("Contoso {customer}", List.of(), "Call", false, Map.of()),
                        provider,
                        null),
                new Presentation("Contoso " + id, null, "docked", canClose),
                Markers.NONE,
                Map.of("customer", "Contoso"),
                Anchor.NONE,
                Tabs.of(List.of(tab)),
                List.of(),
                Times.startingAt(created),
                1);
    }

    /** Returns the same session with another title. */
    public static Session withTitle(Session session, String title) {
        return session.withPresentation(session.presentation().withTitle(title));
    }

    /** Returns the same session with another rendering. */
    public static Session withRendering(Session session, Rendering rendering) {
        SessionOrigin origin = session.origin();
        return new Session(
                session.id(),
                new SessionOrigin(
                        origin.templateName(),
                        origin.templateVersion(),
                        origin.type(),
                        rendering,
                        origin.provider(),
                        origin.correlationId()),
                session.presentation(),
                session.markers(),
                session.context(),
                session.anchor(),
                session.tabs(),
                session.warnings(),
                session.times(),
                session.version());
    }

    /** Returns the same session, closable or not. */
    public static Session withCanClose(Session session, boolean canClose) {
        return session.withPresentation(session.presentation().withCanClose(canClose));
    }

    /** Returns the same session with another badge. */
    public static Session withActivityCount(Session session, int count) {
        return session.withMarkers(session.markers().withActivityCount(count));
    }

    /** Returns a new session with this id, which gets the focus. */
    public static NewSession newSession(String id, Instant created) {
        return new NewSession(session(id, created), true, "hash of " + id);
    }

    /** Returns a new session with this id, which does not get the focus. */
    public static NewSession unfocused(String id, Instant created) {
        return new NewSession(session(id, created), false, "hash of " + id);
    }

    /** Returns a unique id. */
    public static String uniqueId() {
        return UUID.randomUUID().toString();
    }
}
