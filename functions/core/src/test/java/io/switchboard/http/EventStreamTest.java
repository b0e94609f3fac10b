package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void every_event_file_is_read_in_both_spellings(String function) throws IOException {
        assertThat(ApiEvent.files(function)).isNotEmpty();
        for (Path file : ApiEvent.files(function)) {
            String raw = Files.readString(file)
                    .replaceFirst("\"headers\"\\s*:\\s*\\{", "\"headers\":{\"x-é😀\":\"\uD83D\uDE00\u2028é\",");
            assertThat(raw).contains("x-é😀");

            String escaped = ApiFunctionFaultsTest.escaped(raw);
            assertThat(escaped).contains("\\ud83d\\ude00").doesNotContain("😀");
            assertThat(read(escaped)).isEqualTo(read(raw));
            assertThat(read("\r\n\t " + raw + " \n")).isEqualTo(read(raw));
        }
    }
}
