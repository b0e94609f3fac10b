package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.testing.TestTable;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class DynamoDbSubscriptionStoreTest extends SubscriptionStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::callRecords);

    @Override
    protected SubscriptionStore store() {
        return new DynamoDbSubscriptionStore(TABLE.dynamoDb(), TABLE.name());
    }

    private static Map<String, AttributeValue> item(String id) {
        return TABLE.client()
                .getItem(request -> request.tableName(TABLE.name())
                        .key(Map.of(
                                "record", AttributeValue.fromS("expiring"),
                                "key", AttributeValue.fromS("SUBSCRIPTION#" + id))))
                .item();
    }

    private static long expiresAt(String id) {
        return Long.parseLong(Objects.requireNonNull(item(id).get("expiresAt"), "no expiresAt")
                .n());
    }

    /** Checks the attribute of the table's time to live. */
    @Test
    void dynamodb_removes_expired_subscriptions_and_requests() {
        Subscription plain = TestSubscriptions.of("expiring", "plain", NOW);
        Subscription keyed = TestSubscriptions.of("expiring", "keyed", NOW);
        Subscription deleted = TestSubscriptions.of("expiring", "deleted", NOW);
        store().create(plain, null, NOW);
        store().create(keyed, "hash", NOW);
        store().create(deleted, "hash", NOW);
        store().delete("expiring", TestSubscriptions.APPLICATION, "deleted", NOW);
        long end = plain.expires().getEpochSecond();

        assertThat(expiresAt("plain")).isEqualTo(end + SubscriptionStore.AFTERLIFE.toSeconds());
        assertThat(expiresAt("keyed")).isEqualTo(end + SubscriptionStore.MEMORY.toSeconds());
        assertThat(expiresAt("deleted"))
                .isEqualTo(NOW.plus(SubscriptionStore.MEMORY).getEpochSecond());
        assertThat(item("deleted")).containsOnlyKeys("record", "key", "expiresAt", "writeId", "requestHash");

        store().delete("expiring", TestSubscriptions.APPLICATION, "plain", NOW);
        assertThat(item("plain")).isEmpty();
    }

    private static Map<String, AttributeValue> validations(String tenant) {
        return TABLE.client()
                .getItem(request -> request.tableName(TABLE.name())
                        .key(Map.of(
                                "record", AttributeValue.fromS(tenant), "key", AttributeValue.fromS("VALIDATIONS"))))
                .item();
    }

    @Test
    void failed_validations_of_a_tenant_are_stored_in_one_expiring_item() {
        store().beginValidations("validating", 2, NOW);
        store().endValidations("validating", 2, 1, NOW);

        assertThat(validations("validating")).containsOnlyKeys("record", "key", "ends", "expiresAt", "writeId");
        assertThat(validations("validating").get("expiresAt"))
                .isEqualTo(AttributeValue.fromN(
                        Long.toString(NOW.plusSeconds(3_600).getEpochSecond())));

        store().beginValidations("succeeding", 1, NOW);
        store().endValidations("succeeding", 1, 0, NOW);
        assertThat(validations("succeeding")).isEmpty();
    }
}
