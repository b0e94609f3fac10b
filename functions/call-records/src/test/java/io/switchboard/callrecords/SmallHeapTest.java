package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.segment;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest session fits into the heap of a function with 512 MB of memory. */
final class SmallHeapTest {
    private static final String HEAP = "-Xmx350m";
    private static final String SESSION = RECORDS + "/large/sessions";

    private final CallRecordFixture fixture = new CallRecordFixture();

    @TempDir
    @SuppressWarnings("NullAway.Init") // before each test
    private Path folder;

    /** Returns a session of almost four mebibytes. */
    private static Map<String, Object> largest() {
        List<Map<String, Object>> segments = new ArrayList<>();
        int size = 0;
        while (size < 4_000_000) {
            Map<String, Object> segment = segment("segment-" + segments.size());
            segments.add(segment);
            size += Json.size(segment) + 1;
        }
        return with(bare("large"), "segments", segments);
    }

    @Test
    void session_of_almost_4_mebibytes_is_posted_and_read_in_a_heap_of_350_megabytes() throws Exception {
        String post = write("post", fixture.event("POST", SESSION).body(largest()));
        String get = write("get", fixture.event("GET", SESSION + "/large").query("$expand", "segments"));
        String compressed = write(
                "compressed",
                fixture.event("GET", SESSION + "/large")
                        .query("$expand", "segments")
                        .header("accept-encoding", "gzip"));

        List<String> output = serve(List.of(post, get, compressed, post, get, compressed));

        assertThat(output).hasSize(6).allMatch(line -> line.matches("20[01] 4\\d{6}"));
        assertThat(output.get(0)).startsWith("201");
        assertThat(output.get(1)).startsWith("200").isEqualTo(output.get(2));
        assertThat(output.subList(3, 6)).isEqualTo(output.subList(0, 3));
    }

    @Test
    void batch_of_the_largest_reads_and_full_metadata_stay_within_the_heap() throws Exception {
        String post = write("post", fixture.event("POST", SESSION).body(largest()));
        List<Map<String, Object>> reads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            reads.add(Map.of(
                    "id",
                    "part-" + i,
                    "method",
                    "GET",
                    "url",
                    "/communications/callRecords/large/sessions/large?$expand=segments",
                    "headers",
                    Map.of("Accept", i % 2 == 0 ? "application/json" : "application/json;odata.metadata=none")));
        }
        String batch = write("batch", fixture.event("POST", "/v1.0/$batch").body(Map.of("requests", reads)));
        String full = write(
                "full",
                fixture.event("GET", SESSION + "/large")
                        .query("$expand", "segments")
                        .header("accept", "application/json;odata.metadata=full"));

        List<String> output = serve(List.of(post, batch, full, batch, full));

        assertThat(output.get(0)).startsWith("201 ");
        assertThat(output.get(1)).matches("200 4\\d{6}").isEqualTo(output.get(3));
        assertThat(output.get(2)).startsWith("413 ").isEqualTo(output.get(4));
    }

    private String write(String name, Object event) throws IOException {
        return Files.writeString(folder.resolve(name + ".json"), event.toString())
                .toString();
    }

    private List<String> serve(List<String> events) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapProcess.class.getName()));
        fixture.environment.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(events);
        Path output = folder.resolve("output.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        return Files.readAllLines(output);
    }
}
