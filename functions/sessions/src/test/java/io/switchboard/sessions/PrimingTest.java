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

/** What happens before SnapStart takes its snapshot: reads only, and no fault keeps a function from starting. */
class PrimingTest {
    /** Lambda allows a start before a snapshot 130 seconds; what is read without a deadline of its own is given up after ten. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

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
                // It opens the connection, and only reads.
                assertThat(dynamoDb.take()).isNotEmpty().isSubsetOf("GetItem", "BatchGetItem", "Query");
            }
        }
        assertThat(tables.items()).isEmpty();
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
        // Port 9 is discard's: nobody listens there.
        functions(new Tables().environment("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")).parallelStream()
                .forEach(function -> assertThatCode(() -> function.beforeCheckpoint(Core.getGlobalContext()))
                        .doesNotThrowAnyException());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SLOW", "THROTTLED", "BROKEN_CONNECTION", "SILENCE"})
    void function_starts_in_time_whatever_dynamodb_does_meanwhile_and_serves_when_it_is_back(Fault fault) {
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
    void unreachable_dynamodb_is_a_503_that_says_when_to_retry() {
        SessionFixture fixture = new SessionFixture("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9");

        var answer =
                fixture.create(Map.of("templateName", "msdyn_chat_session")).isError(503, "serviceUnavailable");

        assertThat(answer.header("Retry-After")).matches("[1-9]|1[0-9]|20");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"THROTTLED", "RATE_EXCEEDED", "THROTTLED_PART", "MIXED_THROTTLING"})
    void throttling_that_lasts_is_a_429_that_says_when_to_retry(Fault fault) {
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

    /** A create first reads; transactions are throttled only when it writes. */
    private static String[] endOf(Fault fault) {
        String operation = fault.befalls("Query") ? "Query" : "TransactWriteItems";
        return new String[] {operation, operation, operation, operation};
    }
}
