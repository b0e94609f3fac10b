package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.http.ApiFunction;
import io.switchboard.replay.FaultyEndpoint;
import io.switchboard.replay.FaultyEndpoint.Fault;
import io.switchboard.replay.Tables;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Priming before the snapshot of SnapStart: it only reads, and faults do not prevent the start of a function. */
class PrimingTest {
    /**
     * Lambda allows 130 seconds for a start before a snapshot. Reads without a deadline are abandoned after ten
     * seconds.
     */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static List<ApiFunction> functions(Map<String, String> environment) {
        return List.of(new CreateSession(environment), new ManageSessions(environment));
    }

    @Test
    void priming_writes_nothing() {
        Tables tables = new Tables();
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            for (ApiFunction function : functions(tables.environment("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url()))) {
                assertThatCode(() -> function.beforeCheckpoint(Core.getGlobalContext()))
                        .doesNotThrowAnyException();
                // Opens the connection and only reads.
                assertThat(dynamoDb.take()).isNotEmpty().isSubsetOf("GetItem", "BatchGetItem", "Query");
            }
        }
        assertThat(tables.items()).isEmpty();
    }

    @Test
    void requests_of_the_priming_are_served() {
        for (String claim : List.of("tid", "organization")) {
            Map<String, String> environment = new Tables().environment("TENANT_CLAIM", claim);
            assertThatCode(new CreateSession(environment)::prime)
                    .as("CreateSession, " + claim)
                    .doesNotThrowAnyException();
            assertThatCode(new ManageSessions(environment)::prime)
                    .as("ManageSessions, " + claim)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void priming_without_tables_does_not_throw() {
        Map<String, String> environment = new Tables().environment("SESSIONS_TABLE", "Sessions-absent");
        environment.put("TEMPLATES_TABLE", "Templates-absent");
        for (ApiFunction function : functions(environment)) {
            assertThatCode(() -> function.beforeCheckpoint(Core.getGlobalContext()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void priming_without_dynamodb_does_not_throw() {
        // No server listens at port 9 (discard).
        functions(new Tables().environment("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")).parallelStream()
                .forEach(function -> assertThatCode(() -> function.beforeCheckpoint(Core.getGlobalContext()))
                        .doesNotThrowAnyException());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SLOW", "THROTTLED", "BROKEN_CONNECTION", "NO_RESPONSE"})
    void function_starts_in_time_during_a_fault_of_dynamodb_and_serves_afterwards(Fault fault) {
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            dynamoDb.plan(call -> fault);
            SessionFixture fixture = new SessionFixture("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url());

            List.of(fixture.create, fixture.manage).parallelStream().forEach(function -> {
                long begin = System.nanoTime();
                function.beforeCheckpoint(Core.getGlobalContext());
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
                function.afterRestore(Core.getGlobalContext());
            });
            dynamoDb.plan(call -> Fault.NONE);

            String id = fixture.session();
            fixture.get("/sessions/" + id).is(200);
        }
    }

    @Test
    void primed_function_serves() {
        SessionFixture fixture = new SessionFixture();
        fixture.create.beforeCheckpoint(Core.getGlobalContext());
        fixture.create.afterRestore(Core.getGlobalContext());
        fixture.session();
    }

    @Test
    void unreachable_dynamodb_returns_503_with_retry_after() {
        SessionFixture fixture = new SessionFixture("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9");

        var answer =
                fixture.create(Map.of("templateName", "msdyn_chat_session")).isError(503, "serviceUnavailable");

        assertThat(answer.header("Retry-After")).matches("[1-9]|1[0-9]|20");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"THROTTLED", "RATE_EXCEEDED", "THROTTLED_PART", "MIXED_THROTTLING"})
    void lasting_throttling_returns_429_with_retry_after(Fault fault) {
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            dynamoDb.plan(call -> fault);
            SessionFixture fixture = new SessionFixture("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url());

            var answer =
                    fixture.create(Map.of("templateName", "msdyn_chat_session")).isError(429, "tooManyRequests");

            assertThat(answer.header("Retry-After")).matches("[1-9]|1[0-9]|20");
            assertThat(answer.log().getFirst())
                    .contains("\"level\":\"WARN\"", "\"RequestsThrottled\":1", "\"attempts\":4")
                    .doesNotContain("RequestsFailed");
            assertThat(dynamoDb.take()).endsWith(endOf(fault)).hasSizeLessThanOrEqualTo(5);
        }
    }

    /** A create reads before it writes, and only transactions are throttled. */
    private static String[] endOf(Fault fault) {
        String operation = fault.appliesTo("Query") ? "Query" : "TransactWriteItems";
        return new String[] {operation, operation, operation, operation};
    }
}
