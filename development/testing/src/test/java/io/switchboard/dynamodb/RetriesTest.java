package io.switchboard.dynamodb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.Response;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.identity.Permission;
import io.switchboard.replay.ApiEvent;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Unavailable;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests the retry rules of every call to DynamoDB. Pauses are recorded without waiting, and no call reaches a real
 * DynamoDB.
 */
class RetriesTest {
    private static final String TABLE = "Table";
    private static final Map<String, AttributeValue> KEY = Map.of("key", AttributeValue.fromS("1"));
    private static final String TWO_PARTS = "{\"TransactItems\":[{},{}]}";

    private final FaultyHttpClient transport = new FaultyHttpClient(PrimingHttpClient.acceptingWrites());
    private final List<Duration> pauses = new ArrayList<>();
    private final DynamoDb dynamoDb =
            new DynamoDb(TestTables.client(URI.create("http://127.0.0.1:9"), transport), pauses::add);

    /** The operations that the stores use. */
    static Map<String, Call> calls() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("TransactWriteItems", RetriesTest::write);
        calls.put("UpdateItem", dynamoDb -> dynamoDb.update(update()));
        calls.put("GetItem", dynamoDb -> dynamoDb.get(TABLE, KEY));
        calls.put("BatchGetItem", dynamoDb -> dynamoDb.getAll(TABLE, List.of(KEY)));
        calls.put("BatchWriteItem", dynamoDb -> dynamoDb.deleteAll(TABLE, List.of(KEY)));
        calls.put("Query", dynamoDb -> dynamoDb.query(TABLE, "#key = :key", Map.of("key", text("1")), null, 1));
        return calls;
    }

    static List<String> operations() {
        return List.copyOf(calls().keySet());
    }

    /** One call. */
    interface Call {
        void on(DynamoDb dynamoDb);
    }

    private static void write(DynamoDb dynamoDb) {
        dynamoDb.write("write", List.of(update(), update()));
    }

    private static Write update() {
        return Write.update(TABLE, KEY, "SET #writeId = :writeId").with("writeId", text("write"));
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    private void make(String operation) {
        Call call = requireNonNull(calls().get(operation));
        Deadline.in(Duration.ofSeconds(9)).during(() -> {
            call.on(dynamoDb);
            return true;
        });
    }

    private Duration paused() {
        return pauses.stream().reduce(Duration.ZERO, Duration::plus);
    }

    private void assertThrottled(String operation) {
        assertThatThrownBy(() -> make(operation))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        fault -> assertThat(fault.isThrottled()).isTrue());
        assertThat(transport.operations()).hasSize(4).containsOnly(operation);
        assertThat(pauses).hasSize(3).isSorted();
        assertThat(paused()).isBetween(Duration.ofMillis(490), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void throttling_exception_ends_every_operation_after_four_attempts(String operation) {
        transport.plan(call -> Fault.THROTTLED);
        assertThrottled(operation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ProvisionedThroughputExceededException",
                "ThrottlingException",
                "RequestLimitExceeded",
                "RequestLimitExceededException",
                "LimitExceededException",
                "ThrottledException",
                "TooManyRequestsException"
            })
    void every_exception_that_reports_load_is_throttling(String type) {
        transport.answerAll(ErrorResponse.exception(type));
        assertThrottled("GetItem");
    }

    @ParameterizedTest
    @CsvSource({
        "ThrottlingError, None",
        "None, ThrottlingError",
        "ProvisionedThroughputExceeded, None",
        "None, ProvisionedThroughputExceeded",
        "RequestLimitExceeded, None",
        "TransactionConflict, ThrottlingError",
        "ProvisionedThroughputExceeded, TransactionConflict",
        "ConditionalCheckFailed, ThrottlingError",
        "ValidationError, ProvisionedThroughputExceeded"
    })
    void transaction_with_one_throttled_part_is_throttled(String first, String second) {
        transport.answerAll(ErrorResponse.cancelled(TWO_PARTS, first, second));
        assertThrottled("TransactWriteItems");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BatchGetItem", "BatchWriteItem"})
    void unprocessed_rest_of_a_batch_is_throttling_without_a_cause(String operation) {
        transport.plan(call -> Fault.UNPROCESSED);
        assertThrottled(operation);
        assertThat(catchThrowable(() -> make(operation))).hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BatchGetItem", "BatchWriteItem"})
    void throttling_exceptions_and_unprocessed_rests_share_their_attempts(String operation) {
        transport.plan(call -> call % 2 == 0 ? Fault.UNPROCESSED : Fault.THROTTLED);
        assertThrottled(operation);
    }

    @Test
    void conflicts_do_not_increase_the_number_of_throttled_attempts() {
        transport.plan(call -> call % 2 == 0 ? Fault.CONFLICT : Fault.THROTTLED_PART);

        assertThatThrownBy(() -> make("TransactWriteItems"))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        fault -> assertThat(fault.isThrottled()).isTrue());

        assertThat(transport.operations()).hasSize(8);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"THROTTLED", "THROTTLED_PART", "EXHAUSTED_PART", "MIXED_THROTTLING", "CONFLICT", "SERVER_ERROR"})
    void fault_of_three_attempts_is_invisible_to_the_caller(Fault fault) {
        transport.plan(call -> call < 3 ? fault : Fault.NONE);

        make("TransactWriteItems");

        assertThat(transport.operations()).hasSize(4);
        assertThat(pauses).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TransactionConflict", "None"})
    void lasting_conflict_fails_after_twelve_attempts(String code) {
        transport.answerAll(ErrorResponse.cancelled(TWO_PARTS, code, "None"));

        assertThatThrownBy(() -> make("TransactWriteItems"))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        fault -> assertThat(fault.isThrottled()).isFalse());

        assertThat(transport.operations()).hasSize(12);
        assertThat(paused()).isLessThan(Duration.ofMillis(3_600));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TransactionConflictException",
                "TransactionInProgressException",
                "ReplicatedWriteConflictException"
            })
    void conflict_of_a_single_write_is_not_throttling(String type) {
        transport.answerAll(ErrorResponse.exception(type));

        assertThatThrownBy(() -> make("UpdateItem"))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        fault -> assertThat(fault.isThrottled()).isFalse());

        assertThat(transport.operations()).hasSize(12);
    }

    @Test
    void other_temporary_faults_have_nine_attempts() {
        transport.plan(call -> call % 2 == 0 ? Fault.SERVER_ERROR : Fault.BROKEN_CONNECTION);

        assertThatThrownBy(() -> make("GetItem"))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        fault -> assertThat(fault.isThrottled()).isFalse());

        assertThat(transport.operations()).hasSize(9);
    }

    @Test
    void permanent_fault_is_thrown_immediately() {
        transport.answerAll(ErrorResponse.exception("ValidationException"));
        assertThatThrownBy(() -> make("Query")).isNotInstanceOf(Unavailable.class);
        transport.answerAll(ErrorResponse.cancelled(TWO_PARTS, "ValidationError", "None"));
        assertThatThrownBy(() -> make("TransactWriteItems")).isInstanceOf(IllegalStateException.class);

        assertThat(pauses).isEmpty();
    }

    @Test
    void throttled_call_without_time_for_a_pause_is_reported_as_throttled() {
        transport.plan(call -> Fault.THROTTLED);

        assertThatThrownBy(() -> Deadline.in(Duration.ofMillis(65)).during(() -> dynamoDb.get(TABLE, KEY)))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        fault -> assertThat(fault.isThrottled()).isTrue());

        assertThat(pauses).isEmpty();
    }

    /** A function that makes these calls for each request. */
    private static final class Function extends ApiFunction {
        Function(Runnable calls) {
            super(
                    new RouteTable(List.of(Route.of(
                            "GET",
                            "/sessions",
                            request -> {
                                calls.run();
                                return Response.noContent();
                            },
                            Permission.SESSIONS_READ))),
                    ApiSettings.of(Map.of()),
                    InstantSource.system());
        }
    }

    private int attempts(Fault fault) {
        transport.plan(call -> fault);
        if (fault == Fault.NONE) {
            make("GetItem");
        } else {
            assertThatThrownBy(() -> make("GetItem")).isInstanceOf(Unavailable.class);
        }
        return transport.operations().size();
    }

    @Test
    void calls_after_a_throttled_call_have_one_attempt_until_one_succeeds() {
        List<Integer> attempts = new ArrayList<>();
        Function function = new Function(() -> {
            for (Fault fault : List.of(Fault.THROTTLED, Fault.THROTTLED, Fault.NONE, Fault.THROTTLED)) {
                attempts.add(attempts(fault));
            }
        });

        ApiEvent.of("GET", "/sessions")
                .permissions("Sessions.Read")
                .sendTo(function)
                .is(204);

        assertThat(attempts).containsExactly(4, 1, 1, 4);
    }

    @Test
    void retries_stop_for_a_table_that_keeps_throttling_only() {
        transport.plan(call -> Fault.THROTTLED_PART);
        int calls = 60;
        for (int i = 0; i < calls; i++) {
            assertThatThrownBy(() -> make("TransactWriteItems")).isInstanceOf(Unavailable.class);
        }
        // The bucket of the SDK holds 500 tokens, and a retry takes five.
        assertThat(transport.operations()).hasSize(calls + 100);

        pauses.clear();
        transport.plan(call -> Fault.THROTTLED);
        assertThatThrownBy(() -> dynamoDb.get("Another", KEY)).isInstanceOf(Unavailable.class);
        assertThat(transport.operations()).hasSize(4);
    }
}
