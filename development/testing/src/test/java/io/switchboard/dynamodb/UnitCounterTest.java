package io.switchboard.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.UnitCounter.Units;
import io.switchboard.testing.TestTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Each expected figure follows from the sizes of the items and from DynamoDB's rules. */
final class UnitCounterTest {
    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::callRecords);

    private final UnitCounter counter = new UnitCounter(TABLE.client());
    private final DynamoDb dynamoDb = new DynamoDb(counter);

    private static Map<String, AttributeValue> key(String partition, String key) {
        return new HashMap<>(Map.of("record", AttributeValue.fromS(partition), "key", AttributeValue.fromS(key)));
    }

    /** Returns an item with some more than this number of bytes. */
    private static Map<String, AttributeValue> item(String partition, String key, int bytes) {
        Map<String, AttributeValue> item = key(partition, key);
        item.put("text", AttributeValue.fromS("x".repeat(bytes)));
        return item;
    }

    private static Write put(Map<String, AttributeValue> item) {
        return Write.put(TABLE.name(), item);
    }

    private WriteOutcome write(Write... writes) {
        return dynamoDb.write(DynamoDb.newWriteId(), List.of(writes));
    }

    private static Units writes(int writes, int indexWrites) {
        return new Units(writes, indexWrites, 0, 1);
    }

    private static Units reads(double reads) {
        return new Units(0, 0, reads, 1);
    }

    @Test
    void transaction_costs_two_units_for_each_kilobyte_of_the_larger_item() {
        assertThat(counter.of(() -> write(put(item("t", "a", 500)), put(item("t", "b", 1_500)))))
                .isEqualTo(writes(2 + 4, 0));
        assertThat(counter.of(() -> write(put(item("t", "a", 2_500))))).isEqualTo(writes(6, 0));
        assertThat(counter.of(() -> write(put(item("t", "a", 10))))).isEqualTo(writes(6, 0));
        assertThat(counter.of(() -> write(Write.delete(TABLE.name(), key("t", "b")))))
                .isEqualTo(writes(4, 0));
        // The item does not exist.
        assertThat(counter.of(() -> write(Write.delete(TABLE.name(), key("t", "b")))))
                .isEqualTo(writes(2, 0));
    }

    @Test
    void update_outside_of_a_transaction_costs_half() {
        write(put(item("u", "a", 2_500)));
        Write change =
                Write.update(TABLE.name(), key("u", "a"), "SET #text = :text").with("text", AttributeValue.fromS("y"));

        assertThat(counter.of(() -> dynamoDb.update(change))).isEqualTo(writes(3, 0));
        assertThat(counter.of(() -> dynamoDb.update(change))).isEqualTo(writes(1, 0));
    }

    @Test
    void rejected_write_costs_the_units_of_the_item_that_it_found() {
        write(put(item("r", "a", 1_500)));
        Write absent = put(item("r", "a", 3_500)).onlyIf("attribute_not_exists(#key)");

        assertThat(counter.of(() -> assertThat(write(absent)).isInstanceOf(WriteOutcome.Rejected.class)))
                .isEqualTo(writes(4, 0));
    }

    @Test
    void index_costs_a_unit_for_each_entry_that_is_put_changed_or_deleted() {
        Map<String, AttributeValue> item = item("i", "a", 10);
        item.put("listed", AttributeValue.fromS("day"));
        item.put("place", AttributeValue.fromS("here"));

        assertThat(counter.of(() -> write(put(item)))).isEqualTo(writes(2, 1));
        item.put("text", AttributeValue.fromS("not in the index"));
        assertThat(counter.of(() -> write(put(item)))).isEqualTo(writes(2, 0));
        item.put("expiresAt", AttributeValue.fromN("1"));
        assertThat(counter.of(() -> write(put(item)))).isEqualTo(writes(2, 1));
        item.put("place", AttributeValue.fromS("there"));
        assertThat(counter.of(() -> write(put(item)))).isEqualTo(writes(2, 2));
        assertThat(counter.of(() -> write(Write.delete(TABLE.name(), key("i", "a")))))
                .isEqualTo(writes(2, 1));
    }

    @Test
    void query_costs_a_unit_for_four_kilobytes_of_its_items_together() {
        for (int i = 0; i < 5; i++) {
            write(put(item("q", "k" + i, 1_000)));
        }
        Map<String, AttributeValue> values = Map.of("record", AttributeValue.fromS("q"));

        assertThat(counter.of(() -> dynamoDb.query(TABLE.name(), "#record = :record", values, null, 9)))
                .isEqualTo(reads(2));
        assertThat(counter.of(() -> dynamoDb.query(TABLE.name(), "#record = :record", values, null, 3)))
                .isEqualTo(reads(1));
    }

    @Test
    void read_of_single_items_costs_a_unit_for_four_kilobytes_of_each() {
        write(put(item("g", "a", 1_000)), put(item("g", "b", 5_000)));

        assertThat(counter.of(() -> dynamoDb.get(TABLE.name(), key("g", "b")))).isEqualTo(reads(2));
        assertThat(counter.of(() -> dynamoDb.get(TABLE.name(), key("g", "c")))).isEqualTo(reads(1));
        assertThat(counter.of(
                        () -> dynamoDb.getAll(TABLE.name(), List.of(key("g", "a"), key("g", "b"), key("g", "c")))))
                .isEqualTo(reads(1 + 2 + 1));
    }

    @Test
    void eventually_consistent_read_of_an_index_costs_half() {
        Map<String, AttributeValue> item = item("e", "a", 10);
        item.put("listed", AttributeValue.fromS("of e"));
        item.put("place", AttributeValue.fromS("here"));
        write(put(item));

        assertThat(counter.of(() -> dynamoDb.queryIndex(
                        TABLE.name(),
                        "Listed",
                        "#listed = :listed",
                        Map.of("listed", AttributeValue.fromS("of e")),
                        9)))
                .isEqualTo(reads(0.5));
    }
}
