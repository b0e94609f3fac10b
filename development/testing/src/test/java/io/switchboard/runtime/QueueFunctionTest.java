package io.switchboard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.QueueEvent;
import io.switchboard.replay.TestContext;
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

    /** Returns a function that handles each message with this one, which returns its failures or throws. */
    private QueueFunction function(Function<QueueMessage, List<QueueFunction.Failure>> each) {
        return new QueueFunction(LogLevel.INFO, InstantSource.fixed(NOW), new ManualTicker()) {
            @Override
            protected List<Failure> handle(List<QueueMessage> messages, Instant now) {
                assertThat(now).isEqualTo(NOW);
                assertThat(Deadline.left()).isEqualTo(TestContext.TIME.minusMillis(1_250));
                seen.addAll(messages);
                RequestLog.current().count(Metric.NOTIFICATIONS_SENT, messages.size());
                return messages.stream()
                        .flatMap(message -> each.apply(message).stream())
                        .toList();
            }
        };
    }

    private static Map<String, @Nullable Object> line(QueueEvent.Response response) {
        assertThat(response.log()).hasSize(1);
        return Json.readOwn(response.log().getFirst());
    }

    @Test
    void messages_are_read_as_the_queue_delivers_them() {
        var response = new QueueEvent(
                        List.of(new QueueEvent.Message("a", 1, "one"), new QueueEvent.Message("b", 7, "two é\n")))
                .sendTo(function(message -> List.of()));

        assertThat(response.failed()).isEmpty();
        assertThat(seen)
                .containsExactly(
                        new QueueMessage("a", "receipt-a", 1, "one"), new QueueMessage("b", "receipt-b", 7, "two é\n"));
        assertThat(line(response))
                .containsEntry("level", "INFO")
                .containsEntry("operation", "queue")
                .containsEntry("messages", 2)
                .containsEntry("NotificationsSent", 2)
                .containsEntry("coldStart", true)
                .doesNotContainKeys("failedMessages", "fault", "invocationId");
    }

    @Test
    void failed_messages_are_reported_by_id() {
        var response = QueueEvent.of("a", "b", "c", "d")
                .sendTo(function(message ->
                        "bd".contains(message.body()) ? List.of(new QueueFunction.Failure(message, null)) : List.of()));

        assertThat(response.failed()).containsExactly("1", "3");
        assertThat(line(response))
                .containsEntry("level", "WARN")
                .containsEntry("failedMessages", 2)
                .doesNotContainKey("fault");
    }

    @Test
    void fault_of_the_function_is_logged_without_its_message() {
        var response = QueueEvent.of("a", "b")
                .sendTo(function(message -> List.of(new QueueFunction.Failure(
                        message, message.body().equals("a") ? null : new IllegalStateException("personal")))));

        assertThat(response.failed()).containsExactly("0", "1");
        assertThat(line(response)).containsEntry("level", "ERROR").containsKey("fault");
        assertThat(response.log().getFirst()).contains("IllegalStateException").doesNotContain("personal");
    }

    @Test
    void exception_of_the_function_fails_all_messages_and_hides_its_text() {
        var response = QueueEvent.of("a", "b").sendTo(function(message -> {
            throw new IllegalStateException("personal");
        }));

        assertThat(response.failed()).containsExactly("0", "1");
        assertThat(line(response)).containsEntry("level", "ERROR");
        assertThat(response.log().getFirst()).doesNotContain("personal");
    }

    @Test
    void only_the_message_that_causes_an_exception_fails() {
        for (Throwable thrown : List.of(
                new IllegalStateException("personal"), new StackOverflowError(), new NoClassDefFoundError("x"))) {
            var response = QueueEvent.of("a", "b", "c", "d").sendTo(function(message -> {
                if (message.body().equals("c")) {
                    QueueFunctionTest.<RuntimeException>raise(thrown);
                }
                return List.of();
            }));

            assertThat(response.failed()).containsExactly("2");
            assertThat(line(response)).containsEntry("level", "ERROR").containsEntry("failedMessages", 1);
            assertThat(response.log().getFirst()).doesNotContain("personal");
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Errors and exceptions are thrown alike.
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void message_without_a_body_fails_and_the_others_are_handled() throws java.io.IOException {
        String event = "{\"Records\":[{\"messageId\":\"0\",\"receiptHandle\":\"r\",\"body\":\"a\"},"
                + "{\"messageId\":\"1\",\"receiptHandle\":\"r\"},"
                + "{\"messageId\":\"2\",\"receiptHandle\":\"r\",\"body\":\"c\",\"attributes\":{\"ApproximateReceiveCount\":\"x\"}}]}";
        var output = new java.io.ByteArrayOutputStream();
        function(message -> List.of())
                .handleRequest(
                        new java.io.ByteArrayInputStream(event.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        output,
                        new TestContext("queue"));

        assertThat(output.toString(java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"},{\"itemIdentifier\":\"2\"}]}");
        assertThat(seen).extracting(QueueMessage::body).containsExactly("a");
    }

    @Test
    void event_of_another_source_is_rejected() {
        QueueFunction function = function(message -> List.of());

        assertThatThrownBy(() -> ApiEvent.of("GET", "/sessions").sendTo(function))
                .hasMessageContaining("Records");
        assertThatThrownBy(() ->
                        new io.switchboard.replay.StreamEvent(List.of(Map.of("eventName", "INSERT"))).sendTo(function))
                .hasMessageContaining("messageId");
        assertThat(seen).isEmpty();
    }
}
