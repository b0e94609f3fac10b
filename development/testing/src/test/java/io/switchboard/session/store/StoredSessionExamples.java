package io.switchboard.session.store;

import io.switchboard.session.Anchor;
import io.switchboard.session.ClosedTab;
import io.switchboard.session.Markers;
import io.switchboard.session.Owner;
import io.switchboard.session.PendingHandOver;
import io.switchboard.session.Presentation;
import io.switchboard.session.Rendering;
import io.switchboard.session.Session;
import io.switchboard.session.SessionOrigin;
import io.switchboard.session.SessionScope;
import io.switchboard.session.Tab;
import io.switchboard.session.Tabs;
import io.switchboard.session.Times;
import io.switchboard.slug.Warning;
import io.switchboard.storage.Precondition;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions in the files of stored documents, and the calls that write their items. They never change, because the
 * files do not.
 */
final class StoredSessionExamples {
    /** The agent whose desk has the items. */
    static final Owner ALICE =
            new Owner("72f988bf-0000-4000-8000-c0270505a001", "c7201d22-29e4-567f-b883-75de377253af");

    /** The agent who receives a session of {@link #ALICE}. */
    static final Owner BOB = new Owner("72f988bf-0000-4000-8000-c0270505a001", "bob@contoso.example");

    static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123456789Z");

    private static final String PROVIDER = "0b6f7c1e-1111-4222-8333-c0270505d001";
    private static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private StoredSessionExamples() {}

    /** Returns the sessions by the name of their document. */
    static Map<String, Session> sessions() {
        Map<String, Session> sessions = new LinkedHashMap<>();
        sessions.put("CIF example", cif());
        sessions.put("APM example", apm());
        sessions.put("everything set", everything(null));
        sessions.put("everything set, closed", everything(NOW.plusSeconds(5)));
        sessions.put("nothing set", nothing());
        sessions.put("unlike the defaults", unlike());
        sessions.put("two tabs", twoTabs());
        sessions.put("focused since", cif().touched(NOW.plusSeconds(9)));
        sessions.put(
                "offered to another user",
                cif().offered(
                                new PendingHandOver("2f1c8a34-6c1d-4b52-9a5e-3d0b7c9e4f10", "bob", NOW.plusSeconds(60)),
                                NOW.plusSeconds(3)));
        sessions.put("closed", cif().closed(NOW.plusSeconds(60), NOW.plusSeconds(61)));
        sessions.put("deleted", everything(null).emptied(NOW.plusSeconds(60), NOW.plusSeconds(61)));
        sessions.put(
                "closed tabs",
                twoTabs()
                        .next(NOW.plusSeconds(7))
                        .withTabs(
                                twoTabs().tabs().without(twoTabs().tabs().open().get(1), NOW.plusSeconds(7))));
        return sessions;
    }

    /** Calls the store, so that its table contains each kind of item. */
    static void fill(SessionStore store) {
        SessionScope alice = SessionScope.all(ALICE);
        store.create(ALICE, new NewSession(cif(), true, null), NOW);
        store.create(ALICE, new NewSession(apm(), false, HASH), NOW);
        store.create(ALICE, new NewSession(withId(twoTabs(), "closed"), true, HASH), NOW);
        store.create(ALICE, new NewSession(withId(twoTabs(), "deleted"), true, HASH), NOW);
        store.create(ALICE, new NewSession(withId(twoTabs(), "handed-over"), true, HASH), NOW);
        store.close(alice, "closed", Precondition.NONE, NOW.plusSeconds(60));
        store.delete(alice, "deleted", Precondition.NONE, NOW.plusSeconds(61));
        store.handOver(alice, "handed-over", BOB.user(), true, Precondition.NONE, NOW.plusSeconds(62));
    }

    /** Returns the session that {@code events/CreateSession/201.cif-example.json} creates. */
    static Session cif() {
        Tab search = tab("5a0f0c1e-77a4-4d0f-8a55-51a6c9d6a0f1", NOW);
        return session(
                "1c7a4a53-5e6e-4c0b-9d57-0b3f4a1f2c11",
                "CallSessionTemplate",
                "generic",
                "Contoso",
                "docked",
                Map.of("customer", "Contoso"),
                Anchor.NONE,
                List.of(search),
                new Rendering("{customer}", List.of(), "Call - Example Session", false, Map.of()));
    }

    /** Returns the session that {@code events/CreateSession/201.apm-example.json} creates. */
    static Session apm() {
        Map<String, Object> pairs = new LinkedHashMap<>();
        pairs.put("entityName", "incident");
        pairs.put("entityId", "fac04293-1ab0-eb11-8236-000d3a5c49ed");
        Tab record = new Tab(
                "0f6c9d4e-2f3b-4d7b-8f8e-1f2a3b4c5d6e",
                null,
                "incident",
                "entityRecord",
                pairs,
                null,
                List.of(),
                false,
                0,
                NOW,
                null);
        return session(
                "7d1d6c1c-0f1e-4b39-9a63-2d5b8f0c7e21",
                "case_entity_session_default_template",
                "entity",
                "Case entity session - default template",
                "hidden",
                Map.of(),
                new Anchor("incident", "fac04293-1ab0-eb11-8236-000d3a5c49ed", pairs),
                List.of(record),
                new Rendering("{anchor.title}", List.of(), "Case entity session - default template", false, Map.of()));
    }

    private static Session twoTabs() {
        Tab second = new Tab(
                "c3d2e1f0-1111-4222-8333-444455556666",
                "contoso_website",
                "Orders",
                "thirdPartyWebsite",
                Map.of("url", "https://orders.contoso.example/{orderId}"),
                "https://orders.contoso.example/17",
                List.of("orders"),
                true,
                0,
                NOW.plusSeconds(3),
                HASH);
        Session cif = cif();
        return cif.next(NOW.plusSeconds(3)).withTabs(cif.tabs().with(second).focused(second.tabId()));
    }

    private static Session nothing() {
        return session(
                "nothing",
                "contoso_call",
                "generic",
                "contoso_call",
                "docked",
                Map.of(),
                Anchor.NONE,
                List.of(tab("t1", NOW)),
                new Rendering(null, List.of(), "contoso_call", false, Map.of()));
    }

    /**
     * Returns a session with values other than the defaults, and with values that only seem to be derived from others.
     */
    private static Session unlike() {
        Tab anchor = new Tab(
                "t1", null, "", "entityRecord", Map.of("entityName", "account"), null, List.of(), true, 0, NOW, "h");
        Tab other = new Tab("t2", "b", "B", "control", Map.of(), null, List.of(), false, 0, NOW, null);
        return new Session(
                "unlike",
                new SessionOrigin("b", 2, "entity", new Rendering("", List.of(), "", false, Map.of()), "p", null),
                new Presentation("", null, "minimized", true),
                Markers.NONE,
                Map.of(),
                new Anchor(null, "5", Map.of()),
                new Tabs(List.of(anchor, other), "t2", "t1", List.of()),
                List.of(),
                new Times(NOW, NOW.minusSeconds(1), null, NOW),
                1);
    }

    private static Session everything(@Nullable Instant closed) {
        Map<String, @Nullable Object> inner = new LinkedHashMap<>();
        inner.put("null", null);
        inner.put("list", new ArrayList<>(List.of(1, "x", true, new ArrayList<>(), new LinkedHashMap<>())));
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("text", "Ä\"\\\n😀");
        context.put("integer", new BigInteger("9".repeat(40)));
        context.put("long", 3_000_000_000L);
        context.put("decimal", new BigDecimal("0.10"));
        context.put("exponent", new BigDecimal("1E+9999"));
        context.put("truth", false);
        context.put("object", inner);
        Tab first = new Tab("t1", null, "Ä\"\\😀", "entityRecord", parameters(), null, List.of(), false, 0, NOW, null);
        Tab second = new Tab(
                "t2",
                "contoso_b",
                "B",
                "thirdPartyWebsite",
                Map.of("url", "https://example.com/"),
                "https://example.com/",
                List.of("x", "y"),
                true,
                7,
                NOW.plusSeconds(1),
                HASH);
        Map<String, Object> attributes = new LinkedHashMap<>(parameters());
        attributes.put("title", "T");
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("n", 1);
        defaults.put("b", false);
        return new Session(
                "everything",
                new SessionOrigin(
                        "contoso_call",
                        3_000_000_000L,
                        "entity",
                        new Rendering("{customer}", List.of("Call", "{caseTitle}"), "Name", true, defaults),
                        "softphone",
                        "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
                new Presentation("Title", "/icon.svg", "hidden", false),
                new Markers(closed == null, 12, "late", "conversation"),
                context,
                new Anchor("incident", "1", attributes, Set.of("title")),
                new Tabs(
                        List.of(first, second),
                        "t1",
                        "t2",
                        List.of(ClosedTab.of(second, NOW), ClosedTab.of(first, NOW.plusSeconds(1)))),
                List.of(
                        new Warning("unresolvedSlug", "message", "title"),
                        new Warning("templateInactive", "left out", "tabs")),
                new Times(NOW, NOW.plusSeconds(1), closed, NOW.plusSeconds(2)),
                9);
    }

    private static Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("entityName", "incident");
        parameters.put("n", 1);
        parameters.put("d", new BigDecimal("1.10"));
        parameters.put("b", true);
        return parameters;
    }

    private static Tab tab(String id, Instant created) {
        return new Tab(
                id,
                "msdyn_omnichannel_kbsearch",
                "Knowledge Search",
                "webResource",
                Map.of("webresourceName", "msdyn_kbsearchpagehost.html"),
                null,
                List.of(),
                false,
                0,
                created,
                null);
    }

    private static Session session(
            String id,
            String templateName,
            String type,
            String title,
            String communicationPanelMode,
            Map<String, Object> context,
            Anchor anchor,
            List<Tab> tabs,
            Rendering rendering) {
        return new Session(
                id,
                new SessionOrigin(templateName, 0, type, rendering, PROVIDER, null),
                new Presentation(title, null, communicationPanelMode, true),
                Markers.NONE,
                context,
                anchor,
                Tabs.of(tabs),
                List.of(),
                Times.startingAt(NOW),
                1);
    }

    private static Session withId(Session session, String id) {
        return new Session(
                id,
                session.origin(),
                session.presentation(),
                session.markers(),
                session.context(),
                session.anchor(),
                session.tabs(),
                session.warnings(),
                session.times(),
                session.version());
    }
}
