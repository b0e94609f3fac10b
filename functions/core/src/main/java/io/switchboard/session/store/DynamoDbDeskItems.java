package io.switchboard.session.store;

import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.PendingHandOver;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionSummary;
import io.switchboard.session.WrapUp;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of desks: their attributes, and the conditional writes that change them.
 *
 * <p>A summary names its session by the first characters of the id, because the open sessions contain the whole ids.
 * Times are seconds with a fraction. Properties with their default value are omitted.
 */
final class DynamoDbDeskItems {
    static final String OPEN = "open";
    static final String FOCUS_ORDER = "focusOrder";
    static final String VERSION = "version";
    private static final String SESSIONS = "sessions";
    /** The version of the desk that the summaries describe. Releases without summaries do not change it. */
    private static final String SESSIONS_VERSION = "sessionsVersion";

    private static final String ID = "id";
    private static final String TITLE = "title";
    private static final String ICON = "icon";
    private static final String PROVIDER = "provider";
    private static final String FOCUS_REQUESTED = "focusRequested";
    private static final String ACTIVITY_COUNT = "activityCount";
    private static final String KPI_BREACH = "kpiBreach";
    private static final String HAND_OVER = "handOver";
    private static final String USER = "user";
    private static final String EXPIRES = "expires";
    /** The deadline of a wrap-up that has started; 0 for none. */
    private static final String WRAP_UP = "wrapUp";

    private static final String CREATED = "created";
    private static final String LAST_ACTIVITY = "activity";

    private static final int ID_CHARACTERS = 8;
    private static final int NANOSECOND_DIGITS = 9;

    private final String table;
    private final SessionLimits limits;

    DynamoDbDeskItems(String table, SessionLimits limits) {
        this.table = table;
        this.limits = limits;
    }

    /** Adds a session to a desk in any state that has a free slot and complete summaries. */
    Write takeSlot(Owner owner, NewSession newSession, String writeId) {
        Session session = newSession.session();
        String id = session.id();
        String focus = newSession.isFocused()
                ? ", #focusOrder = list_append(if_not_exists(#focusOrder, :none), :focused)"
                : "";
        Write write = Write.update(
                        table,
                        DynamoDbSessionItems.deskKey(owner),
                        "SET #writeId = :writeId, #sessions = list_append(if_not_exists(#sessions, :none), :summary)"
                                + focus
                                + " ADD #open :session, #version :one, #sessionsVersion :one")
                .onlyIf("(attribute_not_exists(#version) OR #sessionsVersion = #version)"
                        + " AND (attribute_not_exists(#open) OR size(#open) < :limit)")
                .with("writeId", text(writeId))
                .with("none", AttributeValue.fromL(List.of()))
                .with("summary", AttributeValue.fromL(List.of(attribute(DeskItem.summary(session)))))
                .with("session", AttributeValue.fromSs(List.of(id)))
                .with("one", number(1))
                .with("limit", number(limits.openSessions()));
        if (newSession.isFocused()) {
            write.with("focused", AttributeValue.fromL(List.of(text(id))));
        }
        return write;
    }

    /**
     * Replaces a desk that was read. Replaces the whole set of open sessions, because one update cannot add to and
     * delete from a set.
     */
    Write replace(Owner owner, DeskItem seen, DeskItem next, String writeId) {
        Desk desk = next.desk();
        List<AttributeValue> order = new ArrayList<>();
        for (String id : desk.focusOrder()) {
            order.add(text(id));
        }
        List<AttributeValue> summaries = new ArrayList<>();
        next.summaries().values().stream()
                .sorted(Comparator.comparing(SessionSummary::created).thenComparing(SessionSummary::id))
                .forEach(summary -> summaries.add(attribute(summary)));
        String set = "SET #writeId = :writeId, #focusOrder = :focusOrder, #version = :version,"
                + " #sessions = :sessions, #sessionsVersion = :version";
        boolean changesOffers = !next.offers().equals(seen.offers());
        boolean hasOffers = !next.offers().entries().isEmpty();
        // DynamoDB does not allow empty sets, so the attribute is removed.
        List<String> removed = new ArrayList<>();
        if (desk.open().isEmpty()) {
            removed.add("#open");
        }
        if (changesOffers) {
            removed.add("#notificationsEnded");
        }
        if (changesOffers && !hasOffers) {
            removed.add("#notifications");
        }
        Write write = Write.update(
                table,
                DynamoDbSessionItems.deskKey(owner),
                set
                        + (desk.open().isEmpty() ? "" : ", #open = :open")
                        + (changesOffers && hasOffers ? ", #notifications = :notifications" : "")
                        + (removed.isEmpty() ? "" : " REMOVE " + String.join(", ", removed)));
        if (!desk.open().isEmpty()) {
            write.with(OPEN, AttributeValue.fromSs(new ArrayList<>(desk.open())));
        }
        if (changesOffers && hasOffers) {
            write.with(DynamoDbDeskOffers.OFFERS, DynamoDbDeskOffers.attribute(next.offers()));
        }
        write.with("writeId", text(writeId))
                .with(FOCUS_ORDER, AttributeValue.fromL(order))
                .with(VERSION, number(desk.version()))
                .with(SESSIONS, AttributeValue.fromL(summaries));
        return seen.writeId() == null
                ? write.onlyIf("attribute_not_exists(#version)")
                : write.onlyIf("#writeId = :seen").with("seen", text(seen.writeId()));
    }

    static DeskItem read(@Nullable Map<String, AttributeValue> item) {
        if (item == null || item.isEmpty()) {
            return DeskItem.EMPTY;
        }
        @Nullable AttributeValue open = item.get(OPEN);
        @Nullable AttributeValue order = item.get(FOCUS_ORDER);
        List<String> focusOrder = new ArrayList<>();
        if (order != null) {
            for (AttributeValue id : order.l()) {
                focusOrder.add(id.s());
            }
        }
        Desk desk = new Desk(open == null ? Set.of() : new HashSet<>(open.ss()), focusOrder, numberOf(item, VERSION));
        boolean isValid = item.containsKey(SESSIONS_VERSION) && numberOf(item, SESSIONS_VERSION) == desk.version();
        Map<String, SessionSummary> summaries = isValid ? summaries(item, desk.open()) : Map.of();
        boolean isComplete = isValid && summaries.size() == desk.open().size();
        return new DeskItem(
                desk, summaries, isComplete, DynamoDbDeskOffers.read(item), textOf(item, DynamoDb.WRITE_ID));
    }

    private static Map<String, SessionSummary> summaries(Map<String, AttributeValue> item, Set<String> open) {
        Map<String, String> ids = new HashMap<>();
        for (String id : open) {
            ids.merge(shortened(id), id, (one, other) -> "");
        }
        Map<String, SessionSummary> summaries = new HashMap<>();
        for (AttributeValue summary : attributeOf(item, SESSIONS).l()) {
            String id = ids.getOrDefault(textOf(summary.m(), ID), "");
            if (!id.isEmpty()) {
                // A later one belongs to a session that reused the id of an expired one.
                summaries.put(id, summary(id, summary.m()));
            }
        }
        return summaries;
    }

    private static AttributeValue attribute(SessionSummary summary) {
        Map<String, AttributeValue> map = new HashMap<>();
        map.put(ID, text(shortened(summary.id())));
        if (!summary.title().isEmpty()) {
            map.put(TITLE, text(summary.title()));
        }
        if (summary.icon() != null) {
            map.put(ICON, text(summary.icon()));
        }
        map.put(PROVIDER, text(summary.provider()));
        if (summary.focusRequested()) {
            map.put(FOCUS_REQUESTED, AttributeValue.fromBool(true));
        }
        if (summary.activityCount() != 0) {
            map.put(ACTIVITY_COUNT, number(summary.activityCount()));
        }
        if (summary.kpiBreach() != null) {
            map.put(KPI_BREACH, text(summary.kpiBreach()));
        }
        @Nullable PendingHandOver handOver = summary.handOver();
        if (handOver != null) {
            map.put(
                    HAND_OVER,
                    AttributeValue.fromM(Map.of(
                            ID, text(handOver.notificationId()),
                            USER, text(handOver.userId()),
                            EXPIRES, time(handOver.expires()))));
        }
        WrapUp.@Nullable Pending wrapUp = summary.wrapUp();
        if (wrapUp != null) {
            map.put(WRAP_UP, wrapUp.expires() == null ? number(0) : time(wrapUp.expires()));
        }
        map.put(CREATED, time(summary.created()));
        if (!summary.lastActivity().equals(summary.created())) {
            map.put(LAST_ACTIVITY, time(summary.lastActivity()));
        }
        return AttributeValue.fromM(map);
    }

    private static SessionSummary summary(String id, Map<String, AttributeValue> map) {
        Instant created = instant(attributeOf(map, CREATED));
        @Nullable String title = textOrNull(map, TITLE);
        @Nullable AttributeValue activity = map.get(LAST_ACTIVITY);
        return new SessionSummary(
                id,
                title == null ? "" : title,
                textOrNull(map, ICON),
                textOf(map, PROVIDER),
                map.containsKey(FOCUS_REQUESTED),
                map.containsKey(ACTIVITY_COUNT) ? (int) numberOf(map, ACTIVITY_COUNT) : 0,
                textOrNull(map, KPI_BREACH),
                handOver(map),
                wrapUp(map),
                created,
                activity == null ? created : instant(activity));
    }

    private static @Nullable PendingHandOver handOver(Map<String, AttributeValue> map) {
        if (!map.containsKey(HAND_OVER)) {
            return null;
        }
        Map<String, AttributeValue> mark = attributeOf(map, HAND_OVER).m();
        return new PendingHandOver(textOf(mark, ID), textOf(mark, USER), instant(attributeOf(mark, EXPIRES)));
    }

    private static WrapUp.@Nullable Pending wrapUp(Map<String, AttributeValue> map) {
        @Nullable AttributeValue expires = map.get(WRAP_UP);
        if (expires == null) {
            return null;
        }
        Instant time = instant(expires);
        return new WrapUp.Pending(time.equals(Instant.EPOCH) ? null : time);
    }

    private static String shortened(String id) {
        return id.length() <= ID_CHARACTERS ? id : id.substring(0, ID_CHARACTERS);
    }

    static AttributeValue time(Instant time) {
        return AttributeValue.fromN(BigDecimal.valueOf(time.getEpochSecond())
                .add(BigDecimal.valueOf(time.getNano(), NANOSECOND_DIGITS))
                .toPlainString());
    }

    static Instant instant(AttributeValue time) {
        BigDecimal seconds = new BigDecimal(time.n());
        return Instant.ofEpochSecond(
                seconds.longValue(),
                seconds.remainder(BigDecimal.ONE)
                        .movePointRight(NANOSECOND_DIGITS)
                        .longValue());
    }
}
