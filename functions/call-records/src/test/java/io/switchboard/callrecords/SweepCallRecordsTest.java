package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.callrecords.notifications.EndedGeneration;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.json.Json;
import io.switchboard.replay.QueueEvent;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the handling of queued ended generations. The store's own tests cover the sweep of a table. */
final class SweepCallRecordsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final QueueServer queues = new QueueServer();
    private final List<String> swept = new ArrayList<>();
    private final SweepCallRecords function =
            new SweepCallRecords(this::sweep, queues.environment(), InstantSource.fixed(NOW));

    @AfterEach
    void close() {
        queues.close();
    }

    private boolean sweep(CallRecordKey key, String generation, Instant now) {
        assertThat(now).isEqualTo(NOW);
        swept.add(key.tenant() + " " + key.id() + " " + generation);
        if (generation.equals("down")) {
            throw new Unavailable(Dependency.DATABASE, true, "throttled");
        }
        return !generation.equals("large");
    }

    private static String message(String generation) {
        return new EndedGeneration(new CallRecordKey("contoso", "call #1"), generation).toMessage();
    }

    private static Map<String, @Nullable Object> line(QueueEvent.Response answer) {
        assertThat(answer.log()).hasSize(1);
        return Json.readOwn(answer.log().getFirst());
    }

    @Test
    void ended_generation_is_swept() {
        QueueEvent.Response answer = QueueEvent.of(message("g1"), message("g2")).sendTo(function);

        assertThat(answer.failed()).isEmpty();
        assertThat(swept).containsExactly("contoso call #1 g1", "contoso call #1 g2");
        assertThat(queues.requests()).isEmpty();
        assertThat(line(answer)).containsEntry("GenerationsSwept", 2).containsEntry("level", "INFO");
    }

    @Test
    void unfinished_sweep_is_retried_at_once() {
        QueueEvent.Response answer =
                QueueEvent.of(message("large"), message("g1")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(queues.postponed()).hasSize(1);
        assertThat(queues.postponed().getFirst().queue()).isEqualTo("EndedGenerations");
        assertThat(queues.postponed().getFirst().receiptHandle()).isEqualTo("receipt-0");
        assertThat(queues.postponed().getFirst().seconds()).isBetween(0, 5);
        assertThat(line(answer))
                .containsEntry("GenerationsSwept", 1)
                .containsEntry("level", "WARN")
                .doesNotContainKey("fault");
    }

    @Test
    void store_fault_leaves_the_retry_to_the_queue() {
        QueueEvent.Response answer =
                QueueEvent.of(message("down"), message("g1")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(swept).hasSize(2);
        assertThat(queues.postponed()).isEmpty();
        assertThat(line(answer)).containsEntry("level", "ERROR").containsKey("fault");
    }

    @Test
    void queue_fault_loses_no_message() {
        queues.down(true);

        QueueEvent.Response answer = QueueEvent.of(message("large")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(line(answer)).containsEntry("level", "ERROR");
    }

    @Test
    void unreadable_message_fails_alone() {
        QueueEvent.Response answer = QueueEvent.of("no json", "{\"tenant\":\"contoso\"}", message("g1"))
                .sendTo(function);

        assertThat(answer.failed()).containsExactly("0", "1");
        assertThat(swept).containsExactly("contoso call #1 g1");
    }

    @Test
    void missing_environment_variable_fails_the_start_and_is_named() {
        Map<String, String> environment = new HashMap<>(queues.environment());
        environment.put("CALL_RECORDS_TABLE", "table");
        new SweepCallRecords(environment);

        for (String variable : List.of("CALL_RECORDS_TABLE", "ENDED_GENERATIONS_QUEUE_URL")) {
            Map<String, String> lacking = new HashMap<>(environment);
            lacking.remove(variable);
            assertThatThrownBy(() -> new SweepCallRecords(lacking)).hasMessageContaining(variable);
        }
    }
}
