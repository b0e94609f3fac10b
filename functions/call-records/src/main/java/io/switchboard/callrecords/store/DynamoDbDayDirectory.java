package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.ABOVE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.DAY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IN_RANGE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTITION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.isExpired;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.storage.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The directory of a tenant: the days on which its call records start, each with an item in the tenant's own partition.
 * Thread-safe.
 */
final class DynamoDbDayDirectory {
    /** How many days are looked up at once: more than a page can request. */
    private static final int MOST_DAYS = 32;

    private static final int DAY_LENGTH = 10;

    /**
     * How much longer a day is kept in the directory than a record that is created now: longer than a cached day is
     * valid.
     */
    private static final Duration DIRECTORY_MARGIN =
            AnnouncedDays.AGE.plusDays(1).plusHours(1);

    private final DynamoDb dynamoDb;
    private final String table;
    private final RecordLimits limits;
    private final AnnouncedDays announced = new AnnouncedDays();

    DynamoDbDayDirectory(DynamoDb dynamoDb, String table, RecordLimits limits) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limits = limits;
    }

    /** Enters a day, unless this process has entered it recently. */
    void announce(String tenant, String day, Instant now) {
        String key = Keys.join(tenant, day);
        if (!announced.has(key, now)) {
            // If the condition fails, the entry already lasts longer.
            dynamoDb.update(entry(tenant, day, now));
            announced.add(key, now);
        }
    }

    /**
     * Returns the write that enters a day. The entry lasts longer than any record that is created before the next
     * entry. An entry that lasts longer is not changed: it may belong to records that were stored under a longer
     * retention period.
     */
    private Write entry(String tenant, String day, Instant now) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(PARTITION, text(Keys.join(tenant)));
        key.put(KEY, text(DAY + day));
        if (limits.retention().isZero()) {
            return Write.update(table, key, "REMOVE #expiresAt");
        }
        return Write.update(table, key, "SET #expiresAt = :expiresAt")
                .onlyIf("attribute_not_exists(#key) OR #expiresAt < :expiresAt")
                .with("expiresAt", seconds(now.plus(limits.retention()).plus(DIRECTORY_MARGIN)));
    }

    /** @param next the position after the days that were looked up; null if there are no more */
    record Days(List<String> days, @Nullable String next) {}

    /** Returns days on which records of a tenant start, among those that contain sort keys of a range. */
    Days days(String tenant, String from, String to, Instant now) {
        List<String> days = new ArrayList<>();
        String first = DAY + from.substring(0, Math.min(DAY_LENGTH, from.length()));
        String last = DAY + to.substring(0, Math.min(DAY_LENGTH, to.length()));
        if (first.compareTo(last) > 0) {
            return new Days(days, null);
        }
        QueryResponse response = dynamoDb.query(
                table,
                IN_RANGE,
                Map.of("record", text(Keys.join(tenant)), "from", text(first), "to", text(last)),
                null,
                MOST_DAYS);
        for (Map<String, AttributeValue> item : response.items()) {
            if (!isExpired(item, now)) {
                days.add(textOf(item, KEY).substring(DAY.length()));
            }
        }
        return new Days(
                days,
                response.hasLastEvaluatedKey()
                        ? textOf(response.lastEvaluatedKey(), KEY).substring(DAY.length()) + ABOVE
                        : null);
    }
}
