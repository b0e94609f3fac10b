package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.switchboard.replay.ApiEvent;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session costs memory in proportion to the number of its segments. */
final class SegmentCostTest {
    private static final int FEW = 500;
    private static final int MANY = 4_000;

    private final CallRecordFixture fixture = new CallRecordFixture();

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json;odata.metadata=full"})
    void eight_times_the_segments_allocate_at_most_ten_times_the_memory(String accept) {
        for (int segments : List.of(FEW, MANY)) {
            // The first requests load classes.
            allocated(post(segments, "warm-" + segments, accept));
            allocated(read("warm-" + segments, accept));
        }
        long few = allocated(post(FEW, "few", accept));
        long many = allocated(post(MANY, "many", accept));
        long fewRead = allocated(read("few", accept));
        long manyRead = allocated(read("many", accept));

        assertThat(many).as("bytes to post %d segments", MANY).isLessThanOrEqualTo(10 * few);
        assertThat(manyRead).as("bytes to read %d segments", MANY).isLessThanOrEqualTo(10 * fewRead);
    }

    private ApiEvent post(int count, String id, String accept) {
        List<Map<String, Object>> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            segments.add(CallRecordFixture.segment("segment-" + i));
        }
        return fixture.event("POST", RECORDS + "/cost/sessions")
                .header("accept", accept)
                .body(with(bare(id), "segments", segments));
    }

    private ApiEvent read(String id, String accept) {
        return fixture.event("GET", RECORDS + "/cost/sessions/" + id)
                .query("$expand", "segments")
                .header("accept", accept);
    }

    /** Returns the bytes that this thread allocates while the function serves an event. */
    private long allocated(ApiEvent event) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        boolean isPost = event.toString().contains("\"method\":\"POST\"");
        long before = threads.getCurrentThreadAllocatedBytes();
        int status = event.sendTo(isPost ? fixture.create : fixture.manage).status();
        long after = threads.getCurrentThreadAllocatedBytes();
        assertThat(status).isEqualTo(isPost ? 201 : 200);
        return after - before;
    }
}
