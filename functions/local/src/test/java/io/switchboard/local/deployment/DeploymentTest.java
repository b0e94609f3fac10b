package io.switchboard.local.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/** What the reader makes of the template that is deployed. */
class DeploymentTest {
    private static final Path TEMPLATE = Path.of(System.getProperty("switchboard.root"), "template.yaml");
    private static final Map<String, String> REQUIRED =
            Map.of("Issuer", "http://127.0.0.1:3000", "Audience", "switchboard", "ReleaseId", "local");

    private final Deployment deployment = Deployment.read(TEMPLATE, REQUIRED);

    @Test
    void a_function_has_its_handler_class_limits_and_code() {
        var function = createSession(deployment);

        assertThat(function.handler()).isEqualTo("io.switchboard.sessions.CreateSession");
        assertThat(function.timeoutSeconds()).isEqualTo(10);
        assertThat(function.memoryMegabytes()).isEqualTo(1769);
        assertThat(function.code())
                .isEqualTo(TEMPLATE.toAbsolutePath().resolveSibling("functions/sessions/target/sessions.zip"));
    }

    @Test
    void a_function_sees_shared_and_own_variables_and_none_that_are_declared_as_absent() {
        var function = createSession(deployment);

        assertThat(function.environment())
                .isEqualTo(Map.of(
                        "SESSIONS_TABLE", "Sessions",
                        "TEMPLATES_TABLE", "Templates",
                        "SESSION_LIMIT", "10",
                        "SESSION_IDLE_HOURS", "24",
                        "CLOSED_SESSION_DAYS", "30",
                        "TEMPLATE_CACHE_SECONDS", "30",
                        "PUBLIC_BASE_URL", "",
                        "TENANT_CLAIM", "tid",
                        "FIXED_TENANT", "",
                        "RECORD_SOURCE_SECRET", ""));
    }

    @Test
    void a_given_parameter_wins_over_its_default() {
        var given = new HashMap<>(REQUIRED);
        given.put("SessionLimit", "3");

        var function = createSession(Deployment.read(TEMPLATE, given));

        assertThat(function.environment()).containsEntry("SESSION_LIMIT", "3");
    }

    @Test
    void a_table_can_be_created_under_its_logical_id() {
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
                .containsExactly("owner", "key");
        assertThat(create.keySchema())
                .extracting(element -> element.attributeName() + ' ' + element.keyType())
                .containsExactly("owner " + KeyType.HASH, "key " + KeyType.RANGE);
    }

    @Test
    void the_authorizer_has_the_given_issuer_and_all_given_audiences() {
        var given = new HashMap<>(REQUIRED);
        given.put("Audience", "switchboard, api://switchboard");

        assertThat(Deployment.read(TEMPLATE, given).authorizer())
                .isEqualTo(new JwtAuthorizer("http://127.0.0.1:3000", List.of("switchboard", "api://switchboard")));
    }

    @Test
    void without_origins_there_is_no_cors_at_all() {
        assertThat(deployment.cors()).isEqualTo(Cors.none());
    }

    @Test
    void given_origins_are_allowed_one_by_one() {
        var given = new HashMap<>(REQUIRED);
        given.put("CorsOrigins", "https://desk.example.com,http://localhost:5173");

        assertThat(Deployment.read(TEMPLATE, given).cors().allowOrigins())
                .containsExactly("https://desk.example.com", "http://localhost:5173");
    }

    private static Function createSession(Deployment deployment) {
        return requireNonNull(deployment.functions().get("CreateSession"));
    }
}
