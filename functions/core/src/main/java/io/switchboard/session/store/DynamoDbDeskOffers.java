package io.switchboard.session.store;

import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.dynamodb.Write;
import io.switchboard.offer.DeskOffer;
import io.switchboard.offer.DeskOffers;
import io.switchboard.session.Owner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The offers in the item of a desk, and the writes that change nothing else of it.
 *
 * <p>{@code notifications} has the entries. {@code notificationsEnded} has the ends that were added without reading the
 * desk: another user accepted. The next write of the entries applies and removes them. Each write increments both
 * versions of the desk, so that its summaries stay valid or invalid.
 */
final class DynamoDbDeskOffers {
    static final String OFFERS = "notifications";
    static final String ENDED = "notificationsEnded";

    private static final String ID = "id";
    private static final String ATTEMPT = "attempt";
    private static final String QUEUED = "queued";
    private static final String EXPIRES = "expires";
    private static final String TIMEOUT = "timeout";
    private static final String AUTO_ACCEPT = "auto";
    private static final String DISPLAYED = "displayed";
    private static final String AT = "at";

    private final String table;

    DynamoDbDeskOffers(String table) {
        this.table = table;
    }

    /** Replaces the offers of a desk that was read. */
    Write replace(Owner owner, DeskItem seen, DeskOffers next, String writeId) {
        // A desk whose two versions are equal must have summaries, even if it has no sessions.
        String set = "SET #writeId = :writeId, #sessions = if_not_exists(#sessions, :none)";
        boolean isEmpty = next.entries().isEmpty();
        Write write = Write.update(
                        table,
                        DynamoDbSessionItems.deskKey(owner),
                        (isEmpty ? set : set + ", #notifications = :notifications")
                                + " REMOVE #notificationsEnded" + (isEmpty ? ", #notifications" : "")
                                + " ADD #version :one, #sessionsVersion :one")
                .with("writeId", text(writeId))
                .with("none", AttributeValue.fromL(List.of()))
                .with("one", number(1));
        if (!isEmpty) {
            write.with(OFFERS, attribute(next));
        }
        return seen.writeId() == null
                ? write.onlyIf("attribute_not_exists(#version)")
                : write.onlyIf("#writeId = :seen").with("seen", text(seen.writeId()));
    }

    /** Ends an offer on a desk that was not read. */
    Write end(Owner owner, String id, Instant at, String writeId) {
        Map<String, AttributeValue> ended = new HashMap<>();
        ended.put(ID, text(id));
        ended.put(AT, DynamoDbDeskItems.time(at));
        return Write.update(
                        table,
                        DynamoDbSessionItems.deskKey(owner),
                        "SET #writeId = :writeId, #sessions = if_not_exists(#sessions, :none),"
                                + " #notificationsEnded = list_append(if_not_exists(#notificationsEnded, :none), :ended)"
                                + " ADD #version :one, #sessionsVersion :one")
                .with("writeId", text(writeId))
                .with("none", AttributeValue.fromL(List.of()))
                .with("ended", AttributeValue.fromL(List.of(AttributeValue.fromM(ended))))
                .with("one", number(1));
    }

    static AttributeValue attribute(DeskOffers offers) {
        List<AttributeValue> entries = new ArrayList<>();
        for (DeskOffer offer : offers.entries()) {
            entries.add(attribute(offer));
        }
        return AttributeValue.fromL(entries);
    }

    private static AttributeValue attribute(DeskOffer offer) {
        Map<String, AttributeValue> map = new HashMap<>();
        map.put(ID, text(offer.id()));
        if (offer.attempt() != 1) {
            map.put(ATTEMPT, number(offer.attempt()));
        }
        map.put(QUEUED, DynamoDbDeskItems.time(offer.queued()));
        map.put(EXPIRES, DynamoDbDeskItems.time(offer.expires()));
        if (offer.timeout() != 0) {
            map.put(TIMEOUT, number(offer.timeout()));
        }
        if (offer.autoAccept()) {
            map.put(AUTO_ACCEPT, AttributeValue.fromBool(true));
        }
        if (offer.displayed() != null) {
            map.put(DISPLAYED, DynamoDbDeskItems.time(offer.displayed()));
        }
        if (offer.ended() != null) {
            map.put(AT, DynamoDbDeskItems.time(offer.ended()));
        }
        return AttributeValue.fromM(map);
    }

    /** Returns the offers of a desk's item, with the ends that were added. */
    static DeskOffers read(Map<String, AttributeValue> item) {
        @Nullable AttributeValue entries = item.get(OFFERS);
        if (entries == null) {
            return DeskOffers.NONE;
        }
        List<DeskOffer> offers = new ArrayList<>();
        for (AttributeValue entry : entries.l()) {
            offers.add(offer(entry.m()));
        }
        @Nullable AttributeValue added = item.get(ENDED);
        Map<String, Instant> ends = new HashMap<>();
        for (AttributeValue end : added == null ? List.<AttributeValue>of() : added.l()) {
            ends.putIfAbsent(textOf(end.m(), ID), DynamoDbDeskItems.instant(attributeOf(end.m(), AT)));
        }
        return new DeskOffers(offers).ended(ends);
    }

    private static DeskOffer offer(Map<String, AttributeValue> map) {
        return new DeskOffer(
                textOf(map, ID),
                map.containsKey(ATTEMPT) ? (int) numberOf(map, ATTEMPT) : 1,
                DynamoDbDeskItems.instant(attributeOf(map, QUEUED)),
                DynamoDbDeskItems.instant(attributeOf(map, EXPIRES)),
                map.containsKey(TIMEOUT) ? (int) numberOf(map, TIMEOUT) : 0,
                map.containsKey(AUTO_ACCEPT),
                instantOrNull(map, DISPLAYED),
                instantOrNull(map, AT));
    }

    private static @Nullable Instant instantOrNull(Map<String, AttributeValue> map, String name) {
        @Nullable AttributeValue value = map.get(name);
        return value == null ? null : DynamoDbDeskItems.instant(value);
    }
}
