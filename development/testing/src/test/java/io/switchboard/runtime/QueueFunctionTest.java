package io.switchboard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.QueueEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class QueueFunctionTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final List<QueueMessage> seen = new ArrayList<>();

    /** Does with each message what the given one says: nothing, or fails with what it gives, or throws. */
    private QueueFunction function(Function<QueueMessage, List<QueueFunction.Failure>> each) {
        return new QueueFunction(LogLevel.INFO, InstantSource.fixed(NOW), new ManualTicker()) {
            @Override
            protected List<Failure> handle(List<QueueMessage> messages, Instant now) {
                assertThat(now).isEqualTo(NOW);
                assertThat(Deadline.left()).isEqualTo(Duration.ofMillis(8_750));
                seen.addAll(messages);
                RequestLog.current().count(Metric.NOTIFICATIONS_SENT, messages.size());
                return messages.stream()
                        .flatMap(message -> each.apply(message).stream())
                        .toList();
            }
        };
    }

    private static Map<String, @Nullable Object> line(QueueEvent.Answer answer) {
        assertThat(answer.log()).hasSize(1);
        return Json.readOwn(answer.log().getFirst());
    }

    @Test
    void messages_come_as_the_queue_has_them() {
        var answer = new QueueEvent(
                        List.of(new QueueEvent.Message("a", 1, "one"), new QueueEvent.Message("b", 7, "two é\n")))
                .sendTo(function(message -> List.of()));

        assertThat(answer.failed()).isEmpty();
        assertThat(seen)
                .containsExactly(
                        new QueueMessage("a", "receipt-a", 1, "one"), new QueueMessage("b", "receipt-b", 7, "two é\n"));
        assertThat(line(answer))
                .containsEntry("level", "INFO")
                .containsEntry("operation", "queue")
                .containsEntry("messages", 2)
                .containsEntry("invocationId", "invocation-1")
                .containsEntry("NotificationsSent", 2)
                .containsEntry("coldStart", true)
                .doesNotContainKeys("failedMessages", "fault");
    }

    @Test
    void those_that_are_to_come_again_are_reported_by_their_id() {
        var answer = QueueEvent.of("a", "b", "c", "d")
                .sendTo(function(message ->
                        "bd".contains(message.body()) ? List.of(new QueueFunction.Failure(message, null)) : List.of()));

        assertThat(answer.failed()).containsExactly("1", "3");
        assertThat(line(answer))
                .containsEntry("level", "WARN")
                .containsEntry("failedMessages", 2)
                .doesNotContainKey("fault");
    }

    @Test
    void a_fault_of_ours_is_an_error_and_told_without_what_it_says() {
        var answer = QueueEvent.of("a", "b")
                .sendTo(function(message -> List.of(new QueueFunction.Failure(
                        message, message.body().equals("a") ? null : new IllegalStateException("personal")))));

        assertThat(answer.failed()).containsExactly("0", "1");
        assertThat(line(answer)).containsEntry("level", "ERROR").containsKey("fault");
        assertThat(answer.log().getFirst()).contains("IllegalStateException").doesNotContain("personal");
    }

    @Test
    void where_the_function_throws_all_come_again_and_nobody_sees_why() {
        var answer = QueueEvent.of("a", "b").sendTo(function(message -> {
            throw new IllegalStateException("personal");
        }));

        assertThat(answer.failed()).containsExactly("0", "1");
        assertThat(line(answer)).containsEntry("level", "ERROR");
        assertThat(answer.log().getFirst()).doesNotContain("personal");
    }

    @Test
    void only_the_message_that_throws_comes_again() {
        for (Throwable thrown : List.of(
                new IllegalStateException("personal"), new StackOverflowError(), new NoClassDefFoundError("x"))) {
            var answer = QueueEvent.of("a", "b", "c", "d").sendTo(function(message -> {
                if (message.body().equals("c")) {
                    QueueFunctionTest.<RuntimeException>raise(thrown);
                }
                return List.of();
            }));

            assertThat(answer.failed()).containsExactly("2");
            assertThat(line(answer)).containsEntry("level", "ERROR").containsEntry("failedMessages", 1);
            assertThat(answer.log().getFirst()).doesNotContain("personal");
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // An error and an exception are thrown in one way.
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void message_that_lacks_its_body_comes_again_and_the_others_are_handled() throws java.io.IOException {
        String event = "{\"Records\":[{\"messageId\":\"0\",\"receiptHandle\":\"r\",\"body\":\"a\"},"
                + "{\"messageId\":\"1\",\"receiptHandle\":\"r\"},"
                + "{\"messageId\":\"2\",\"receiptHandle\":\"r\",\"body\":\"c\",\"attributes\":{\"ApproximateReceiveCount\":\"x\"}}]}";
        var output = new java.io.ByteArrayOutputStream();
        function(message -> List.of())
                .handleRequest(
                        new java.io.ByteArrayInputStream(event.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        output,
                        new io.switchboard.replay.TestContext("queue"));

        assertThat(output.toString(java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"},{\"itemIdentifier\":\"2\"}]}");
        assertThat(seen).extracting(QueueMessage::body).containsExactly("a");
    }

    @Test
    void only_a_queue_invokes_it() {
        QueueFunction function = function(message -> List.of());

        assertThatThrownBy(() -> ApiEvent.of("GET", "/sessions").sendTo(function))
                .hasMessageContaining("Records");
        assertThatThrownBy(() ->
                        new io.switchboard.replay.StreamEvent(List.of(Map.of("eventName", "INSERT"))).sendTo(function))
                .hasMessageContaining("messageId");
        assertThat(seen).isEmpty();
    }
}
