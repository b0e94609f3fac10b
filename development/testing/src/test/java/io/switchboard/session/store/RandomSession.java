package io.switchboard.session.store;

import io.switchboard.session.Anchor;
import io.switchboard.session.ClosedTab;
import io.switchboard.session.Markers;
import io.switchboard.session.Presentation;
import io.switchboard.session.Rendering;
import io.switchboard.session.Session;
import io.switchboard.session.SessionOrigin;
import io.switchboard.session.Tab;
import io.switchboard.session.TabMarkers;
import io.switchboard.session.Tabs;
import io.switchboard.session.Times;
import io.switchboard.session.WrapUp;
import io.switchboard.slug.Warning;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates sessions with random values. Many values are defaults, and many texts are equal, because a stored document
 * omits such values.
 */
final class RandomSession {
    private static final List<String> TEXTS =
            List.of("", "a", "generic", "entity", "docked", "hidden", "incident", "entityName", "t1", "\"\\\n", "Ä漢😀");
    private static final List<String> NAMES = List.of("entityName", "entityId", "title", "x", "", "\"", "Ä漢😀");
    private static final Instant TIME = Instant.parse("2026-11-21T09:30:00Z");

    private final SplittableRandom random;

    RandomSession(SplittableRandom random) {
        this.random = random;
    }

    Session next() {
        List<Tab> tabs = list(3, this::tab);
        List<String> tabIds = new ArrayList<>(List.of("t1", "t2", text()));
        tabs.forEach(tab -> tabIds.add(tab.tabId()));
        Map<String, Object> attributes = random.nextBoolean() && !tabs.isEmpty()
                ? tabs.get(random.nextInt(tabs.size())).parameters()
                : values(0);
        Set<String> fetched = new LinkedHashSet<>(list(2, this::text));
        Anchor anchor = new Anchor(
                random.nextBoolean() && attributes.get("entityName") instanceof String name ? name : textOrNull(),
                random.nextBoolean() && attributes.get("entityId") instanceof String id ? id : textOrNull(),
                attributes,
                fetched);
        return new Session(
                "id",
                new SessionOrigin(
                        text(),
                        any(0L, 1L, 3_000_000_000L),
                        text(),
                        new Rendering(textOrNull(), list(2, this::text), text(), random.nextBoolean(), values(0)),
                        text(),
                        textOrNull()),
                new Presentation(text(), textOrNull(), text(), random.nextBoolean()),
                new Markers(random.nextBoolean(), any(0, 1, Integer.MAX_VALUE), textOrNull(), textOrNull()),
                values(0),
                anchor,
                new Tabs(
                        tabs,
                        tabIds.get(random.nextInt(tabIds.size())),
                        tabIds.get(random.nextInt(tabIds.size())),
                        list(
                                2,
                                () -> new ClosedTab(
                                        random.nextBoolean()
                                                ? tab()
                                                : ClosedTab.of(tab(), time()).tab(),
                                        time()))),
                list(2, () -> new Warning(text(), text(), text())),
                new Times(time(), time(), random.nextBoolean() ? null : time(), time()),
                1 + random.nextInt(9));
    }

    /** Returns a session with what earlier releases do not know. */
    Session nextOfThisRelease() {
        Session session = next();
        @Nullable Integer width = random.nextBoolean() ? null : any(1, 320, 10_000);
        List<Tab> tabs = new ArrayList<>();
        for (Tab tab : session.tabs().open()) {
            tabs.add(tab.withMarkers(new TabMarkers(random.nextBoolean(), random.nextBoolean(), random.nextBoolean())));
        }
        Tabs marked = new Tabs(
                tabs,
                session.tabs().anchorId(),
                session.tabs().focusedId(),
                session.tabs().closed());
        return session.withTabs(marked)
                .withPresentation(session.presentation().withCommunicationPanelWidth(width))
                .withWrapUp(wrapUp());
    }

    private WrapUp wrapUp() {
        return new WrapUp(
                random.nextBoolean()
                        ? null
                        : new WrapUp.Rules(random.nextBoolean(), any(0, 60, 86_400), list(2, this::text), textOrNull()),
                random.nextBoolean() ? null : time(),
                textOrNull(),
                textOrNull(),
                random.nextBoolean() ? null : any(WrapUp.ClosedBy.values()));
    }

    private Tab tab() {
        return new Tab(
                any("t1", "t2", text()),
                textOrNull(),
                text(),
                text(),
                values(0),
                textOrNull(),
                list(2, this::text),
                random.nextBoolean(),
                any(0, 1, 7),
                time(),
                textOrNull());
    }

    private Map<String, Object> values(int depth) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.put(NAMES.get(random.nextInt(NAMES.size())), value(depth));
        }
        return values;
    }

    /** Returns a value of a type that the parser returns. */
    private Object value(int depth) {
        return switch (random.nextInt(depth > 2 ? 6 : 8)) {
            case 0 -> random.nextInt();
            case 1 -> 3_000_000_000L + random.nextInt(1_000);
            case 2 -> new BigInteger("9".repeat(20 + random.nextInt(20)));
            case 3 -> any(new BigDecimal("0.10"), new BigDecimal("1E+9999"), new BigDecimal("-1.5E-7"));
            case 4 -> random.nextBoolean();
            case 6 -> array(depth);
            case 7 -> object(depth);
            default -> text();
        };
    }

    private List<@Nullable Object> array(int depth) {
        List<@Nullable Object> array = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            array.add(random.nextInt(4) == 0 ? null : value(depth + 1));
        }
        return array;
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>(values(depth + 1));
        if (random.nextBoolean()) {
            object.put("null", null);
        }
        return object;
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private @Nullable String textOrNull() {
        return random.nextBoolean() ? null : text();
    }

    private Instant time() {
        return TIME.plusNanos(any(0L, 1L, 1_000_000_000L));
    }

    private <T> List<T> list(int most, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    @SafeVarargs
    private <T> T any(T... values) {
        return values[random.nextInt(values.length)];
    }
}
