package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.segment;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.text.Seed;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the size limits of sessions. Events of such sizes are created here instead of stored as files. */
final class CallRecordLimitsTest {
    private static final String SESSIONS = RECORDS + "/large/sessions";

    private final CallRecordFixture fixture = new CallRecordFixture();

    private FunctionResponse post(Map<String, Object> session) {
        return fixture.send("POST", SESSIONS, session);
    }

    @Test
    void session_of_almost_4_mebibytes_is_stored_and_returned_whole() {
        List<Map<String, Object>> segments = new ArrayList<>();
        int size = 0;
        while (size < 4_000_000) {
            Map<String, Object> segment = segment("segment-" + segments.size());
            segments.add(segment);
            size += Json.write(segment).length() + 1;
        }
        Map<String, Object> session = with(bare("large"), "segments", segments);

        post(session).is(201);

        assertThat(fixture.get(SESSIONS + "/large/segments/$count").is(200).body())
                .isEqualTo(String.valueOf(segments.size()));
        assertThat(fixture.get(SESSIONS + "/large", "$expand", "segments")
                        .is(200)
                        .at("segments"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(segments.size());
    }

    @Test
    void segments_larger_than_a_mebibyte_after_compression_are_rejected_with_their_size() {
        byte[] noise = new byte[1_200_000];
        Seed.random("segments that stay large").nextBytes(noise);
        List<Map<String, Object>> media = List.of(Map.of("label", HexFormat.of().formatHex(noise)));
        Map<String, Object> session = with(bare("noisy"), "segments", List.of(with(segment("s"), "media", media)));

        FunctionResponse answer = post(session).isError(413, "contentTooLarge");

        assertThat(answer.text("error.message"))
                .matches("The session has 1[0-9]{6} bytes after compression;" + " at most 1048576 .*");
        fixture.get(RECORDS + "/large").isError(404, "notFound");
    }
}
