package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.StoredExamples;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

final class StoredSubscriptionDocumentTest {
    private static final String WITHOUT_SCHEMA = "subscriptions-without-schema.json";
    private static final String SCHEMA_1 = "subscriptions-schema-1.json";

    private static Subscription read(String document, Subscription like) {
        return StoredSubscriptionDocument.read(like.tenant(), like.id(), document, like.expires());
    }

    @ParameterizedTest
    @ValueSource(strings = {WITHOUT_SCHEMA, SCHEMA_1})
    void documents_of_every_release_are_readable(String file) {
        Map<String, String> documents = StoredExamples.of(file).documents();
        Map<String, Subscription> subscriptions = StoredSubscriptionExamples.subscriptions();

        assertThat(documents.keySet()).isEqualTo(subscriptions.keySet());
        subscriptions.forEach(
                (name, subscription) -> assertThat(read(Objects.requireNonNull(documents.get(name)), subscription))
                        .as(name)
                        .isEqualTo(subscription));
    }

    @Test
    void documents_are_written_in_the_newest_schema() {
        Map<String, String> written = new LinkedHashMap<>();
        StoredSubscriptionExamples.subscriptions()
                .forEach((name, subscription) -> written.put(name, StoredSubscriptionDocument.write(subscription)));

        assertThat(written).containsExactlyEntriesOf(StoredExamples.of(SCHEMA_1).documents());
    }

    @Test
    void items_are_written_in_the_newest_schema() {
        try (DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint())) {
            String table = TestTables.callRecords(client);
            StoredSubscriptionExamples.fill(new DynamoDbSubscriptionStore(new DynamoDb(client), table));

            assertThat(StoredExamples.images(client, table, "record"))
                    .isEqualTo(StoredExamples.of(SCHEMA_1).images());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WITHOUT_SCHEMA, SCHEMA_1})
    void items_of_every_release_are_readable(String file) {
        try (DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint())) {
            String table = TestTables.callRecords(client);
            for (Map<String, AttributeValue> item :
                    StoredExamples.of(file).items().values()) {
                client.putItem(
                        PutItemRequest.builder().tableName(table).item(item).build());
            }
            SubscriptionStore store = new DynamoDbSubscriptionStore(new DynamoDb(client), table);

            assertThat(store.all(StoredSubscriptionExamples.TENANT, StoredSubscriptionExamples.NOW))
                    .containsExactlyInAnyOrderElementsOf(
                            StoredSubscriptionExamples.subscriptions().values());
            assertThat(store.replay(
                            StoredSubscriptionExamples.TENANT, "deleted", "hash", StoredSubscriptionExamples.NOW))
                    .contains(new SubscriptionOutcome.Gone());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":2}",
                "{\"schema\":1}",
                "{\"schema\":1,\"creatorId\":\"c\",\"resource\":1,\"changeType\":\"created\",\"notificationUrl\":\"n\"}"
            })
    void document_without_a_required_property_or_with_another_schema_or_type_is_rejected(String document) {
        assertThatThrownBy(
                        () -> StoredSubscriptionDocument.read("tenant", "id", document, StoredSubscriptionExamples.NOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A stored subscription has ");
    }
}
