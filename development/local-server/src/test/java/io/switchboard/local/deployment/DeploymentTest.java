package io.switchboard.local.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Tests the reader with the deployed template. */
class DeploymentTest {
    private static final Path TEMPLATE = Path.of(System.getProperty("switchboard.root"), "template.yaml");
    private static final Map<String, String> REQUIRED =
            Map.of("Issuer", "http://127.0.0.1:3000", "Audience", "switchboard", "ReleaseId", "local");

    private final Deployment deployment = Deployment.read(TEMPLATE, REQUIRED);

    @Test
    void function_has_its_handler_class_limits_and_code() {
        var function = createSession(deployment);

        assertThat(function.handler()).isEqualTo("io.switchboard.sessions.CreateSession");
        assertThat(function.timeoutSeconds()).isEqualTo(10);
        assertThat(function.memoryMegabytes()).isEqualTo(1769);
        assertThat(function.code())
                .isEqualTo(TEMPLATE.toAbsolutePath().resolveSibling("functions/sessions/target/sessions.zip"));
    }

    @Test
    void function_gets_shared_and_own_variables_without_those_set_to_no_value() {
        var function = createSession(deployment);

        assertThat(function.environment())
                .isEqualTo(Map.ofEntries(
                        Map.entry("SESSIONS_TABLE", "Sessions"),
                        Map.entry("TEMPLATES_TABLE", "Templates"),
                        Map.entry("SESSION_LIMIT", "10"),
                        Map.entry("SESSION_IDLE_HOURS", "24"),
                        Map.entry("CLOSED_SESSION_DAYS", "30"),
                        Map.entry("WRAP_UP_COUNTS", "true"),
                        Map.entry("TEMPLATE_CACHE_SECONDS", "30"),
                        Map.entry("PUBLIC_BASE_URL", ""),
                        Map.entry("TENANT_CLAIM", "tid"),
                        Map.entry("FIXED_TENANT", ""),
                        Map.entry("RECORD_SOURCE_SECRET", "")));
    }

    @Test
    void parameter_value_overrides_the_default() {
        var given = new HashMap<>(REQUIRED);
        given.put("SessionLimit", "3");

        var function = createSession(Deployment.read(TEMPLATE, given));

        assertThat(function.environment()).containsEntry("SESSION_LIMIT", "3");
    }

    @Test
    void table_can_be_created_under_its_logical_id() {
        var table = deployment.tables().stream()
                .filter(one -> one.logicalId().equals("Sessions"))
                .findFirst()
                .orElseThrow();

        assertThat(table.name()).isEqualTo("Sessions");
        assertThat(table.timeToLiveAttribute()).contains("expiresAt");
        var create = table.createTable();
        assertThat(create.tableName()).isEqualTo("Sessions");
        assertThat(create.billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        assertThat(create.attributeDefinitions())
                .extracting(AttributeDefinition::attributeName)
                .containsExactly("owner", "key", "closedAt");
        assertThat(create.globalSecondaryIndexes()).singleElement().satisfies(index -> {
            assertThat(index.indexName()).isEqualTo("Closed");
            assertThat(index.projection().projectionTypeAsString()).isEqualTo("KEYS_ONLY");
        });
        assertThat(create.keySchema())
                .extracting(element -> element.attributeName() + ' ' + element.keyType())
                .containsExactly("owner " + KeyType.HASH, "key " + KeyType.RANGE);
    }

    @Test
    void table_is_created_with_its_indexes_and_its_stream() {
        var create = deployment.tables().stream()
                .filter(one -> one.logicalId().equals("CallRecords"))
                .findFirst()
                .orElseThrow()
                .createTable();

        assertThat(create.streamSpecification().streamViewType()).isEqualTo(StreamViewType.NEW_AND_OLD_IMAGES);
        assertThat(create.globalSecondaryIndexes()).hasSize(3);
        assertThat(create.globalSecondaryIndexes()).first().satisfies(index -> {
            assertThat(index.indexName()).isEqualTo("Listed");
            assertThat(index.keySchema())
                    .extracting(element -> element.attributeName() + ' ' + element.keyType())
                    .containsExactly("listed " + KeyType.HASH, "place " + KeyType.RANGE);
            assertThat(index.projection().nonKeyAttributes()).containsExactly("expiresAt");
        });
        assertThat(create.globalSecondaryIndexes()).element(1).satisfies(index -> {
            assertThat(index.indexName()).isEqualTo("Changed");
            assertThat(index.keySchema())
                    .extracting(element -> element.attributeName() + ' ' + element.keyType())
                    .containsExactly("changed " + KeyType.HASH, "changedPlace " + KeyType.RANGE);
            assertThat(index.projection().projectionTypeAsString()).isEqualTo("KEYS_ONLY");
        });
        assertThat(create.globalSecondaryIndexes()).last().satisfies(index -> {
            assertThat(index.indexName()).isEqualTo("Modified");
            assertThat(index.keySchema())
                    .extracting(element -> element.attributeName() + ' ' + element.keyType())
                    .containsExactly("changed " + KeyType.HASH, "modifiedPlace " + KeyType.RANGE);
            assertThat(index.projection().projectionTypeAsString()).isEqualTo("KEYS_ONLY");
        });
    }

    @Test
    void queue_has_its_delay_visibility_timeout_and_dead_letter_queue() {
        assertThat(deployment.queues())
                .contains(
                        new MessageQueue(
                                "EndedGenerations",
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(6),
                                Optional.of(new MessageQueue.RedrivePolicy("UnsweptGenerations", 10))),
                        new MessageQueue(
                                "UnsweptGenerations", Duration.ZERO, Duration.ofSeconds(30), Optional.empty()));
    }

    @Test
    void function_gets_the_url_of_a_queue() {
        assertThat(requireNonNull(deployment.functions().get("NotifySubscribers"))
                        .environment())
                .containsEntry(
                        "NOTIFICATIONS_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/000000000000/Notifications")
                .containsEntry("CALL_RECORDS_TABLE", "CallRecords");
        assertThat(requireNonNull(Deployment.read(TEMPLATE, REQUIRED, "http://127.0.0.1:3000/local/queues/")
                                .functions()
                                .get("NotifySubscribers"))
                        .environment())
                .containsEntry("ENDED_GENERATIONS_QUEUE_URL", "http://127.0.0.1:3000/local/queues/EndedGenerations");
    }

    @Test
    void each_event_source_has_its_function() {
        assertThat(deployment.eventSources())
                .extracting(EventSource::function)
                .containsExactly("PublishSessionEvents", "NotifySubscribers", "SendNotifications", "SweepCallRecords");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"a":{"b":["c"]}}                   | {"a":{"b":"c"}}     | true
        {"a":{"b":["c"]}}                   | {"a":{"b":"cc"}}    | false
        {"a":{"b":["c"]}}                   | {"a":{}}            | false
        {"a":{"b":["c"]}}                   | {"a":{"b":1}}       | false
        {"a":["c",{"prefix":"d"}]}          | {"a":"dd","b":"e"}  | true
        {"a":["c",{"prefix":"d"}]}          | {"a":"ed"}          | false
        {"a":["c"],"b":["d"]}               | {"a":"c","b":"d"}   | true
        {"a":["c"],"b":["d"]}               | {"a":"c","b":"e"}   | false
        """)
    void filter_accepts_an_event_that_meets_all_conditions(String pattern, String event, boolean isTaken)
            throws Exception {
        assertThat(EventPattern.of("Here", pattern).matches(new ObjectMapper().readTree(event)))
                .isEqualTo(isTaken);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "{}", "[]", "{\"a\":\"b\"}", "{\"a\":[]}", "{\"a\":[1]}", "{\"a\":[{\"exists\":false}]}"})
    void unsupported_filter_is_reported(String pattern) {
        assertThatThrownBy(() -> EventPattern.of("Here", pattern))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("Here: ");
    }

    @Test
    void authorizer_has_the_issuer_and_all_audiences() {
        var given = new HashMap<>(REQUIRED);
        given.put("Audience", "switchboard, api://switchboard");

        assertThat(Deployment.read(TEMPLATE, given).authorizer())
                .isEqualTo(new JwtAuthorizer("http://127.0.0.1:3000", List.of("switchboard", "api://switchboard")));
    }

    @Test
    void cors_is_disabled_without_origins() {
        assertThat(deployment.cors()).isEqualTo(Cors.none());
    }

    @Test
    void each_configured_origin_is_allowed() {
        var given = new HashMap<>(REQUIRED);
        given.put("CorsOrigins", "https://desk.example.com,http://localhost:5173");

        assertThat(Deployment.read(TEMPLATE, given).cors().allowOrigins())
                .containsExactly("https://desk.example.com", "http://localhost:5173");
    }

    private static LambdaFunction createSession(Deployment deployment) {
        return requireNonNull(deployment.functions().get("CreateSession"));
    }
}
