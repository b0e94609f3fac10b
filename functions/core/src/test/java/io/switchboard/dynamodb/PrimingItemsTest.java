package io.switchboard.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The client for priming remembers writes, so that later requests of the priming read them. */
final class PrimingItemsTest {
    private static final String TABLE = "Sessions";
    private static final String DOCUMENT = "{\"title\":\"\\\"Contoso\\\" & Söhne \\\\ 1\"}";

    private final DynamoDb dynamoDb = new DynamoDb(Wiring.primingClient(
            Map.of("AWS_REGION", "eu-west-1", "AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "local")));

    @Test
    void written_items_are_read_by_their_key() {
        put("first", DOCUMENT);
        put("second", "{}");

        assertThat(dynamoDb.get(TABLE, key("first"))).isEqualTo(item("first", DOCUMENT));
        assertThat(dynamoDb.get(TABLE, key("third"))).isNull();
        assertThat(dynamoDb.getAll(TABLE, List.of(key("second"), key("third")))).containsExactly(item("second", "{}"));
        assertThat(dynamoDb.get("Templates", key("first"))).isNull();
    }

    @Test
    void queries_return_the_items_with_the_prefix() {
        put("SESSION#1", DOCUMENT);
        put("SESSION#2", DOCUMENT);
        put("DESK", "{}");

        assertThat(dynamoDb.query(
                                TABLE,
                                "#owner = :owner AND begins_with(#key, :prefix)",
                                Map.of("owner", Attributes.text("priming"), "prefix", Attributes.text("SESSION#")),
                                null,
                                10)
                        .items())
                .containsExactly(item("SESSION#1", DOCUMENT), item("SESSION#2", DOCUMENT));
    }

    @Test
    void queries_return_the_items_in_the_range() {
        put("SESSION#1", DOCUMENT);
        put("SESSION#2", DOCUMENT);
        put("SESSION#3", DOCUMENT);

        assertThat(dynamoDb.query(
                                TABLE,
                                "#owner = :owner AND #key BETWEEN :from AND :to",
                                Map.of(
                                        "owner",
                                        Attributes.text("priming"),
                                        "from",
                                        Attributes.text("SESSION#2"),
                                        "to",
                                        Attributes.text("SESSION#~")),
                                null,
                                10)
                        .items())
                .containsExactly(item("SESSION#2", DOCUMENT), item("SESSION#3", DOCUMENT));
    }

    @Test
    void updates_set_append_and_add() {
        for (String id : List.of("one", "two")) {
            dynamoDb.write(
                    id,
                    List.of(Write.update(
                                    TABLE,
                                    key("DESK"),
                                    "SET #created = if_not_exists(#created, :writeId), #writeId = :writeId, #focusOrder = list_append(if_not_exists(#focusOrder,"
                                            + " :none), :focused) ADD #open :session, #version :one REMOVE #gone")
                            .with("writeId", Attributes.text(id))
                            .with("none", AttributeValue.fromL(List.of()))
                            .with("focused", AttributeValue.fromL(List.of(Attributes.text(id))))
                            .with("session", AttributeValue.fromSs(List.of(id)))
                            .with("one", Attributes.number(1))));
        }

        assertThat(dynamoDb.get(TABLE, key("DESK")))
                .containsEntry("created", Attributes.text("one"))
                .containsEntry("writeId", Attributes.text("two"))
                .containsEntry(
                        "focusOrder", AttributeValue.fromL(List.of(Attributes.text("one"), Attributes.text("two"))))
                .containsEntry("open", AttributeValue.fromSs(List.of("one", "two")));
    }

    @Test
    void update_without_a_transaction_returns_the_previous_item() {
        Write change =
                Write.update(TABLE, key("RECORD"), "SET #document = :document").with("document", Attributes.text("{}"));

        assertThat(dynamoDb.update(change)).isEqualTo(new UpdateOutcome.Updated(Map.of()));
        assertThat(dynamoDb.update(change)).isEqualTo(new UpdateOutcome.Updated(item("RECORD", "{}")));
    }

    @Test
    void deleted_items_are_absent() {
        put("first", "{}");
        dynamoDb.write("delete", List.of(Write.delete(TABLE, key("first"))));
        assertThat(dynamoDb.get(TABLE, key("first"))).isNull();
    }

    @Test
    void old_items_are_forgotten() {
        for (int i = 0; i < 150; i++) {
            put("item-" + i, "{}");
        }
        assertThat(dynamoDb.get(TABLE, key("item-49"))).isNull();
        assertThat(dynamoDb.get(TABLE, key("item-50"))).isNotNull();
    }

    private void put(String key, String document) {
        dynamoDb.write(key, List.of(Write.put(TABLE, item(key, document))));
    }

    private static Map<String, AttributeValue> key(String key) {
        return Map.of("owner", Attributes.text("priming"), "key", Attributes.text(key));
    }

    private static Map<String, AttributeValue> item(String key, String document) {
        return Map.of(
                "owner",
                Attributes.text("priming"),
                "key",
                Attributes.text(key),
                "document",
                Attributes.text(document));
    }
}
