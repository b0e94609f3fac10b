package io.switchboard.template.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.StoredExamples;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.template.BasicState;
import io.switchboard.template.PresenceState;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.json.TemplateJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

final class StoredTemplateDocumentTest {
    private static final String TENANT = StoredTemplateExamples.TENANT;
    private static final Instant NOW = StoredTemplateExamples.NOW;
    private static final String WITHOUT_SCHEMA = "templates-without-schema.json";
    private static final String SCHEMA_1 = "templates-schema-1.json";

    @ParameterizedTest
    @ValueSource(strings = {WITHOUT_SCHEMA, SCHEMA_1})
    void documents_of_every_release_can_be_read(String file) {
        Map<String, String> documents = StoredExamples.of(file).documents();
        Map<String, Template> templates = StoredTemplateExamples.templates();

        assertThat(documents.keySet()).isEqualTo(templates.keySet());
        templates.forEach((name, template) -> {
            String document = Objects.requireNonNull(documents.get(name));
            Template read = StoredTemplateDocument.read(template.kind(), document);
            assertThat(read).as(name).isEqualTo(template);
            assertThat(Json.write(TemplateJson.write(read)))
                    .as("including the order of lists")
                    .isEqualTo(Json.write(TemplateJson.write(template)));
        });
    }

    @Test
    void documents_are_written_in_the_newest_schema() {
        Map<String, String> written = new LinkedHashMap<>();
        StoredTemplateExamples.templates()
                .forEach((name, template) -> written.put(name, StoredTemplateDocument.write(template)));

        assertThat(written).containsExactlyEntriesOf(StoredExamples.of(SCHEMA_1).documents());
    }

    @Test
    void items_are_written_in_the_newest_schema() {
        try (DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint())) {
            String table = TestTables.templates(client);
            StoredTemplateExamples.fill(store(client, table));

            assertThat(StoredExamples.images(client, table, "tenant"))
                    .isEqualTo(StoredExamples.of(SCHEMA_1).images());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WITHOUT_SCHEMA, SCHEMA_1})
    void items_of_every_release_can_be_read(String file) {
        try (DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint())) {
            String table = TestTables.templates(client);
            for (Map<String, AttributeValue> item :
                    StoredExamples.of(file).items().values()) {
                client.putItem(
                        PutItemRequest.builder().tableName(table).item(item).build());
            }
            TemplateStore store = store(client, table);
            TemplateStore model = store(client, TestTables.templates(client));
            StoredTemplateExamples.fill(model);
            int found = 0;
            for (Template template : StoredTemplateExamples.templates().values()) {
                String name = template.uniqueName();
                var stored = store.read(TENANT, template.kind(), name, NOW);
                assertThat(stored).isEqualTo(model.read(TENANT, template.kind(), name, NOW));
                if (stored.isPresent()) {
                    found++;
                    assertThat(store.version(TENANT, template.kind(), name, 1)).isEqualTo(stored);
                    // An import of the same template changes nothing, regardless of its stored schema.
                    assertThat(new DynamoDbImportStore(new DynamoDb(client), table, BuiltInTemplates.load())
                                    .putAll(TENANT, List.of(template), false, "editor", NOW))
                            .allMatch(PutOutcome.Unchanged.class::isInstance);
                }
            }
            assertThat(found).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @EnumSource(TemplateKind.class)
    void every_shipped_template_is_read_unchanged(TemplateKind kind) {
        for (Stored<Template> stored : BuiltInTemplates.load().all(kind)) {
            assertThat(StoredTemplateDocument.read(kind, StoredTemplateDocument.write(stored.template())))
                    .isEqualTo(stored.template());
        }
    }

    /** The earlier files have no presence states. */
    @Test
    void rules_of_an_app_profile_are_read_as_they_were_written() {
        String rules = """
                {"uniqueName":"contoso_rules","name":"Rules","rules":[
                 {"name":"a","then":"contoso_a","when":{"all":[
                  {"path":"context.tier","op":"in","value":["gold",1,1.50,true]},
                  {"not":{"any":[{"path":"record.code","op":"exists","value":false},{"path":"roles","op":"ne","value":"x"}]}}]}},
                 {"name":"b","then":"contoso_b","when":
                  {"path":"time","op":"between","value":["22:00","06:00"],"timeZone":"Europe/Berlin"}}]}""";
        Violations violations = new Violations();
        Template profile =
                TemplateJson.read(TemplateKind.APP_PROFILE, new ObjectReader(Json.readOwn(rules), "", violations));
        assertThat(violations.all()).isEmpty();

        assertThat(StoredTemplateDocument.read(TemplateKind.APP_PROFILE, StoredTemplateDocument.write(profile)))
                .isEqualTo(profile);
    }

    @Test
    void presence_state_is_written_like_its_example_and_read_back() {
        String document = "{\"schema\":1,\"uniqueName\":\"contoso_lunch\",\"name\":\"Lunch\",\"tags\":[\"break\"],"
                + "\"status\":\"inactive\",\"basicState\":\"away\"}";
        PresenceState state =
                new PresenceState("contoso_lunch", "Lunch", null, List.of("break"), Status.INACTIVE, BasicState.AWAY);

        assertThat(StoredTemplateDocument.write(state)).isEqualTo(document);
        assertThat(StoredTemplateDocument.read(TemplateKind.PRESENCE_STATE, document))
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"uniqueName", "name", "type", "communicationPanelMode", "schema=2", "type=other", "tags={}"})
    void document_with_a_missing_or_invalid_property_or_schema_is_rejected(String fault) {
        Template template =
                Objects.requireNonNull(StoredTemplateExamples.templates().get("session template, nothing set"));
        Map<String, @Nullable Object> document = Json.readOwn(StoredTemplateDocument.write(template));
        int equals = fault.indexOf('=');
        if (equals < 0) {
            assertThat(document).containsKey(fault);
            document.remove(fault);
        } else {
            String value = fault.substring(equals + 1);
            document.put(
                    fault.substring(0, equals),
                    switch (value) {
                        case "{}" -> Map.of();
                        case "2" -> 2;
                        default -> value;
                    });
        }
        String faulty = Json.write(document);

        assertThatThrownBy(() -> StoredTemplateDocument.read(template.kind(), faulty))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A stored session template has ");
    }

    private static TemplateStore store(DynamoDbClient client, String table) {
        return new DynamoDbTemplateStore(new DynamoDb(client), table, BuiltInTemplates.load());
    }
}
