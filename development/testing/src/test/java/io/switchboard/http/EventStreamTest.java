package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.EventCase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventStreamTest {
    private static Object read(String event) throws IOException {
        return EventStream.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CreateSession",
                "ManageSessions",
                "ManageTemplates",
                "ManageCallRecords",
                "CreateCallRecordSession"
            })
    void every_event_is_read_raw_and_escaped(String function) throws IOException {
        assertThat(EventCase.of(function)).isNotEmpty();
        for (EventCase event : EventCase.of(function)) {
            String raw = event.text()
                    .replaceFirst("\"headers\"\\s*:\\s*\\{", "\"headers\":{\"x-é😀\":\"\uD83D\uDE00\u2028é\",");
            assertThat(raw).contains("x-é😀");

            String escaped = ApiFunctionFaultsTest.escaped(raw);
            assertThat(escaped).contains("\\ud83d\\ude00").doesNotContain("😀");
            assertThat(read(escaped)).isEqualTo(read(raw));
            assertThat(read("\r\n\t " + raw + " \n")).isEqualTo(read(raw));
        }
    }
}
