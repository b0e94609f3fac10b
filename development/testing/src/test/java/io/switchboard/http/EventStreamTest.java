package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.json.Json;
import io.switchboard.replay.EventCase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventStreamTest {
    private static EventStream.Received read(String event) throws IOException {
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
            assertThat(new String(read(raw).body().array(), StandardCharsets.UTF_8))
                    .isEqualTo(Objects.requireNonNullElse(Json.readOwn(raw).get("body"), ""));
        }
    }

    @Test
    void body_of_an_event_in_any_form_is_read() throws IOException {
        Map<String, String> bodies = Map.of(
                "{\"body\":\"{\\\"a\\\":\\u00e9}\"}", "{\"a\":é}",
                "{\"b\\u006fdy\":\"text\"}", "text",
                "{\"body\":null}", "",
                "{\"body\":{\"body\":\"inner\"}}", "",
                "{\"headers\":{\"body\":\"inner\"},\"a\":[\"body\"],\"b\":\"body\"}", "",
                "{\"headers\":{\"body\":\"inner\"},\"body\" : \"\\ud83d\\ude00 \\ud83d\"}", "😀 ?");
        for (var each : bodies.entrySet()) {
            assertThat(new String(read(each.getKey()).body().array(), StandardCharsets.UTF_8))
                    .as(each.getKey())
                    .isEqualTo(each.getValue());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"body\":\"a\nb\"}",
                "{\"body\":\"\\x\"}",
                "{\"body\":\"\\u12\"}",
                "{\"body\":\"a\",\"body\":\"b\"}",
                "{\"body\":\"a\"",
                "{\"body\":\"a",
                "[\"body\":\"a\"]"
            })
    void event_that_is_not_json_is_rejected(String event) {
        assertThatThrownBy(() -> read(event)).isInstanceOf(IOException.class);
    }
}
