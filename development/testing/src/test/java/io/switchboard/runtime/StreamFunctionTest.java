package io.switchboard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.replay.StreamEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StreamFunctionTest {
    private final List<String> handled = new ArrayList<>();

    /** Returns a function that handles the records one by one and rethrows exceptions. */
    private StreamFunction function(Consumer<StreamRecord> each) {
        return new StreamFunction(LogLevel.INFO, InstantSource.system()) {
            @Override
            protected Optional<BatchFailure> handle(List<StreamRecord> records) {
                for (StreamRecord record : records) {
                    each.accept(record);
                    handled.add(record.sequenceNumber());
                }
                return Optional.empty();
            }
        };
    }

    private static Map<String, @Nullable Object> record(String sequenceNumber) {
        return Map.of("eventName", "INSERT", "dynamodb", Map.of("SequenceNumber", sequenceNumber));
    }

    private static StreamEvent event(String... sequenceNumbers) {
        List<Map<String, @Nullable Object>> records = new ArrayList<>();
        for (String number : sequenceNumbers) {
            records.add(record(number));
        }
        return new StreamEvent(records);
    }

    @Test
    void batch_stops_at_the_record_that_causes_an_exception() {
        for (Error error : List.of(new StackOverflowError("personal"), new NoClassDefFoundError("personal"))) {
            handled.clear();
            var response = event("1", "2", "3", "4").sendTo(function(record -> {
                if (record.sequenceNumber().equals("3")) {
                    throw error;
                }
            }));

            assertThat(response.failed()).containsExactly("3");
            assertThat(handled).contains("1", "2").doesNotContain("3", "4");
            assertThat(response.log()).hasSize(1);
            assertThat(response.log().getFirst())
                    .contains("\"level\":\"ERROR\"", error.getClass().getName(), "\"stoppedAt\":\"3\"")
                    .doesNotContain("personal");
        }
    }

    @Test
    void function_fails_if_the_first_of_several_records_fails() {
        assertThatThrownBy(() -> event("1", "2").sendTo(function(record -> {
                    throw new StackOverflowError("personal");
                })))
                .hasMessageContaining("sequence number 1")
                .hasMessageNotContaining("personal");
        assertThat(event("1")
                        .sendTo(function(record -> {
                            throw new StackOverflowError();
                        }))
                        .failed())
                .containsExactly("1");
    }

    @Test
    void batch_stops_at_an_unreadable_record() {
        List<Map<String, @Nullable Object>> records = new ArrayList<>();
        records.add(record("1"));
        records.add(Map.of("dynamodb", Map.of("SequenceNumber", "2")));
        records.add(record("3"));

        assertThat(new StreamEvent(records).sendTo(function(record -> {})).failed())
                .containsExactly("2");
        assertThat(handled).containsExactly("1");
    }
}
