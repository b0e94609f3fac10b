package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.isExpired;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordOf;
import static io.switchboard.dynamodb.Attributes.textOf;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * An entry of an index.
 *
 * @param key the sort key of its item in the table
 * @param place its sort key in the index
 */
record DynamoDbIndexEntry(CallRecordKey record, String key, String place) {
    /** Returns the entries of a response that have not expired. */
    static List<DynamoDbIndexEntry> living(DynamoDbIndex index, QueryResponse response, Instant now) {
        List<DynamoDbIndexEntry> entries = new ArrayList<>();
        for (var item : response.items()) {
            if (!isExpired(item, now)) {
                entries.add(new DynamoDbIndexEntry(recordOf(item), textOf(item, KEY), textOf(item, index.place())));
            }
        }
        return entries;
    }

    /** Returns the generation of a participant's entry. */
    String generation() {
        return key.substring(0, key.indexOf('#'));
    }
}
