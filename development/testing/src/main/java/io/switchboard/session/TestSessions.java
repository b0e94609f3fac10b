package io.switchboard.session;

import io.switchboard.session.store.NewSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions for tests. */
public final class TestSessions {
    /** The template of sessions that do not care. */
    public static final String TEMPLATE = "contoso_call";

    /** The provider of sessions that do not care. */
    public static final String PROVIDER = "softphone";

    private TestSessions() {}

    /** An open session with one tab. */
    public static Session session(String id, Instant created) {
        return session(id, created, PROVIDER, TEMPLATE, true);
    }

    /** An open session with one tab. */
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
        return session(id, created, provider, templateName, canClose, tab, null);
    }

    private static Session session(
            String id,
            Instant created,
            String provider,
            String templateName,
            boolean canClose,
            Tab tab,
            @Nullable Instant closed) {
        return new Session(
                id,
                templateName,
                3,
                "generic",
                "Contoso " + id,
                null,
                "docked",
                canClose,
                false,
                0,
                null,
                null,
                null,
                provider,
                Map.of("customer", "Contoso"),
                Anchor.NONE,
                tab.tabId(),
                tab.tabId(),
                List.of(tab),
                List.of(),
                new Rendering("Contoso {customer}", List.of(), "Call", false, Map.of()),
                List.of(),
                created,
                created,
                closed,
                created,
                1);
    }

    /** A session as a request makes it, under this id. */
    public static NewSession wanted(String id, Instant created) {
        return new NewSession(session(id, created), true, "hash of " + id);
    }

    /** The same without the desk turning to it. */
    public static NewSession unfocused(String id, Instant created) {
        return new NewSession(session(id, created), false, "hash of " + id);
    }

    /** An id nobody has. */
    public static String freshId() {
        return UUID.randomUUID().toString();
    }
}
