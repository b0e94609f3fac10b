package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FaultyEndpoint;
import io.switchboard.replay.FaultyEndpoint.Fault;
import io.switchboard.replay.Tables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts the DynamoDB requests of API requests and of priming. */
class TemplateRoundTripsTest {
    private static final Map<String, Object> TEMPLATE = Map.of(
            "uniqueName",
            "contoso_call",
            "name",
            "Call",
            "type",
            "generic",
            "communicationPanelMode",
            "docked",
            "anchorTab",
            "msdyn_omnichannel_kbsearch");

    private final Tables tables = new Tables();

    @Test
    void get_needs_one_read_or_none_if_built_in_and_a_change_one_read_and_one_write() {
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            ManageTemplates function =
                    new ManageTemplates(tables.environment("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url()));

            ApiEvent.of("POST", "/sessionTemplates")
                    .body(TEMPLATE)
                    .sendTo(function)
                    .is(201);
            assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
            ApiEvent.of("PUT", "/sessionTemplates/contoso_call")
                    .body(TEMPLATE)
                    .header("if-match", "*")
                    .sendTo(function)
                    .is(200);
            assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
            ApiEvent.of("PATCH", "/sessionTemplates/contoso_call")
                    .body(Map.of("title", "x"))
                    .header("if-match", "*")
                    .sendTo(function)
                    .is(200);
            assertThat(dynamoDb.take()).containsExactly("GetItem", "BatchGetItem", "TransactWriteItems");
            ApiEvent.of("POST", "/templates/import")
                    .body(Map.of("value", List.of(with(TEMPLATE, "kind", "sessionTemplate"))))
                    .sendTo(function)
                    .is(200);
            assertThat(dynamoDb.take())
                    .as("an unchanged template needs no write")
                    .startsWith("BatchGetItem");
            ApiEvent.of("GET", "/templates/export").sendTo(function).is(200);
            assertThat(dynamoDb.take()).as("one for each kind").hasSize(5).containsOnly("Query");
            ApiEvent.of("GET", "/sessionTemplates/contoso_call")
                    .sendTo(function)
                    .is(200);
            assertThat(dynamoDb.take()).containsExactly("GetItem");
            ApiEvent.of("GET", "/sessionTemplates/msdyn_chat_session")
                    .sendTo(function)
                    .is(200);
            assertThat(dynamoDb.take()).isEmpty();
            ApiEvent.of("POST", "/sessionTemplates")
                    .body(Map.of())
                    .sendTo(function)
                    .is(400);
            assertThat(dynamoDb.take()).isEmpty();
        }
    }

    @Test
    void eight_new_session_templates_with_ten_tabs_need_one_transaction() {
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            ManageTemplates function =
                    new ManageTemplates(tables.environment("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url()));
            List<Map<String, Object>> tabs = new ArrayList<>();
            List<Map<String, Object>> sessions = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                List<String> names = new ArrayList<>();
                for (int j = 0; j < 10; j++) {
                    names.add("contoso_tab_" + i + "_" + j);
                    tabs.add(Map.of(
                            "kind",
                            "applicationTabTemplate",
                            "uniqueName",
                            names.getLast(),
                            "name",
                            "Tab",
                            "pageType",
                            "search",
                            "parameters",
                            Map.of("searchText", "{customer}")));
                }
                Map<String, Object> session = with(TEMPLATE, "kind", "sessionTemplate");
                session.put("uniqueName", "contoso_session_" + i);
                session.put("anchorTab", names.getFirst());
                session.put("additionalTabs", names.subList(1, 10));
                List<Map<String, Object>> definitions = new ArrayList<>();
                for (int j = 0; j < 50; j++) {
                    definitions.add(Map.of("name", "p" + j, "type", "string", "default", "x".repeat(2_048)));
                }
                session.put("parameterDefinitions", definitions);
                sessions.add(session);
            }
            ApiEvent.of("POST", "/templates/import")
                    .body(Map.of("value", tabs))
                    .sendTo(function)
                    .is(200);
            dynamoDb.take();

            ApiEvent.of("POST", "/templates/import")
                    .body(Map.of("value", sessions))
                    .sendTo(function)
                    .is(200);

            assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
        }
    }

    private static Map<String, Object> with(Map<String, ?> members, String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(name, value);
        return more;
    }

    @Test
    void priming_only_reads() {
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            ManageTemplates function =
                    new ManageTemplates(tables.environment("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url()));
            assertThatCode(function::prime).doesNotThrowAnyException();
            assertThat(dynamoDb.take()).isNotEmpty().containsOnly("GetItem");
        }
        assertThat(tables.items()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SLOW", "BROKEN_CONNECTION", "NO_RESPONSE"})
    void function_starts_in_time_in_spite_of_dynamodb_faults_and_recovers(Fault fault) {
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            dynamoDb.plan(call -> fault);
            ManageTemplates function =
                    new ManageTemplates(tables.environment("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url()));

            long begin = System.nanoTime();
            function.beforeCheckpoint(Core.getGlobalContext());
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
            function.afterRestore(Core.getGlobalContext());
            dynamoDb.plan(call -> Fault.NONE);

            ApiEvent.of("POST", "/sessionTemplates")
                    .body(TEMPLATE)
                    .sendTo(function)
                    .is(201);
        }
    }

    @Test
    void priming_without_a_table_or_dynamodb_does_not_throw() {
        for (Map<String, String> environment : List.of(
                tables.environment("TEMPLATES_TABLE", "Templates-absent"),
                // Port 9 is the discard port, where no server listens.
                tables.environment("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9"))) {
            ManageTemplates function = new ManageTemplates(environment);
            assertThatCode(() -> function.beforeCheckpoint(Core.getGlobalContext()))
                    .doesNotThrowAnyException();
        }
    }
}
