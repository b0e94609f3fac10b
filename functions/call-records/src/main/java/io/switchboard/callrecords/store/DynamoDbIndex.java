package io.switchboard.callrecords.store;

import static io.switchboard.dynamodb.Attributes.text;

import io.switchboard.dynamodb.DynamoDb;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * An index of the CallRecords table.
 *
 * @param name its name
 * @param partition the attribute of its partition
 * @param place the attribute of its sort key
 */
record DynamoDbIndex(String name, String partition, String place) {
    /** Lists records by start, and by participant. */
    static final DynamoDbIndex LISTED =
            new DynamoDbIndex("Listed", DynamoDbCallRecordTable.LISTED, DynamoDbCallRecordTable.PLACE);

    /** Lists records by change. */
    static final DynamoDbIndex CHANGED =
            new DynamoDbIndex("Changed", DynamoDbCallRecordTable.CHANGED, DynamoDbCallRecordTable.CHANGED_PLACE);

    /** Lists records by last modification. It has the shards of the index of changes, and no deleted records. */
    static final DynamoDbIndex MODIFIED =
            new DynamoDbIndex("Modified", DynamoDbCallRecordTable.CHANGED, DynamoDbCallRecordTable.MODIFIED_PLACE);

    /** Reads the entries of a partition in a range, of which both ends are part. */
    QueryResponse query(
            DynamoDb dynamoDb, String table, String of, String from, String to, int limit, SortDirection order) {
        return dynamoDb.queryIndex(
                table, name, inRange(), range(of, from, to), null, limit, order == SortDirection.ASCENDING);
    }

    /** Counts the entries of a partition in a range that have not expired. */
    long count(DynamoDb dynamoDb, String table, String of, String from, String to, AttributeValue now) {
        if (from.compareTo(to) > 0) {
            // DynamoDB rejects a range that ends before it begins.
            return 0;
        }
        Map<String, AttributeValue> values = range(of, from, to);
        values.put("now", now);
        return dynamoDb.countIndex(table, name, inRange(), DynamoDbCallRecordTable.IS_UNEXPIRED, values);
    }

    private String inRange() {
        return "#" + partition + " = :of AND #" + place + " BETWEEN :from AND :to";
    }

    private static Map<String, AttributeValue> range(String of, String from, String to) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put("of", text(of));
        values.put("from", text(from));
        values.put("to", text(to));
        return values;
    }
}
