package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.text.AllocatedBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session costs memory in proportion to the number of its segments. */
final class SegmentCostTest {
    private static final String SESSIONS = RECORDS + "/cost/sessions";
    private static final int FEW = 500;
    private static final int MANY = 4_000;

    private final CallRecordFixture fixture = new CallRecordFixture();

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json;odata.metadata=full"})
    void eight_times_the_segments_allocate_at_most_ten_times_the_memory(String accept) {
        for (int segments : List.of(FEW, MANY)) {
            // The first requests load classes.
            post(segments, "warm-" + segments, accept);
            read("warm-" + segments, accept);
        }
        long few = post(FEW, "few", accept);
        long many = post(MANY, "many", accept);
        long fewRead = read("few", accept);
        long manyRead = read("many", accept);

        assertThat(many).as("bytes to post %d segments", MANY).isLessThanOrEqualTo(10 * few);
        assertThat(manyRead).as("bytes to read %d segments", MANY).isLessThanOrEqualTo(10 * fewRead);
    }

    /** Returns the bytes that the function allocates for a post. */
    private long post(int count, String id, String accept) {
        List<Map<String, Object>> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            segments.add(CallRecordFixture.segment("segment-" + i));
        }
        ApiEvent event =
                fixture.event("POST", SESSIONS).header("accept", accept).body(with(bare(id), "segments", segments));
        return AllocatedBytes.of(() -> fixture.send(event, "POST", SESSIONS).is(201));
    }

    /** Returns the bytes that the function allocates for a read. */
    private long read(String id, String accept) {
        String path = SESSIONS + "/" + id;
        ApiEvent event = fixture.event("GET", path).query("$expand", "segments").header("accept", accept);
        return AllocatedBytes.of(() -> fixture.send(event, "GET", path).is(200));
    }
}
