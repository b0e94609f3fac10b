package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.ABOVE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.DAY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IN_RANGE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.isExpired;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.storage.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The directory of the days on which call records of a tenant start, in the tenant's own partition. Earlier releases
 * wrote it, for the partitions of days in their index. Thread-safe.
 */
final class DynamoDbDayDirectory {
    /** How many days are looked up at once: more than a page can request. */
    private static final int MOST_DAYS = 32;

    private static final int DAY_LENGTH = 10;

    private final DynamoDb dynamoDb;
    private final String table;

    DynamoDbDayDirectory(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** @param next the position after the days that were looked up; null if there are no more */
    record Days(List<String> days, @Nullable String next) {}

    /** Returns days on which records of a tenant start, among those that contain sort keys of a range, in order. */
    Days days(String tenant, String from, String to, SortDirection order, Instant now) {
        List<String> days = new ArrayList<>();
        String first = DAY + from.substring(0, Math.min(DAY_LENGTH, from.length()));
        String last = DAY + to.substring(0, Math.min(DAY_LENGTH, to.length()));
        if (first.compareTo(last) > 0) {
            return new Days(days, null);
        }
        boolean isForward = order == SortDirection.ASCENDING;
        Map<String, AttributeValue> range =
                Map.of("record", text(Keys.join(tenant)), "from", text(first), "to", text(last));
        QueryResponse response = isForward
                ? dynamoDb.query(table, IN_RANGE, range, null, MOST_DAYS)
                : dynamoDb.queryBackwards(table, IN_RANGE, range, null, MOST_DAYS);
        for (Map<String, AttributeValue> item : response.items()) {
            if (!isExpired(item, now)) {
                days.add(textOf(item, KEY).substring(DAY.length()));
            }
        }
        return new Days(
                days,
                response.hasLastEvaluatedKey()
                        ? textOf(response.lastEvaluatedKey(), KEY).substring(DAY.length()) + (isForward ? ABOVE : BELOW)
                        : null);
    }
}
