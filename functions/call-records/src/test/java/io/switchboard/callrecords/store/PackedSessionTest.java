package io.switchboard.callrecords.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.ItemSize;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class PackedSessionTest {
    private static final int KILOBYTE = 1_024;
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::callRecords);

    private static byte[] random(int length) {
        byte[] text = new byte[length];
        Seed.random("texts_are_read_as_they_were_packed").nextBytes(text);
        return text;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "2, 0",
        "127, 5",
        "128, 5",
        "129, 200",
        "16_383, 1",
        "16_384, 0",
        "17_000, 40_000",
        "300_000, 3_000_000"
    })
    void texts_are_read_as_they_were_packed(String first, String second) {
        SessionKey key = new SessionKey("id 😀 #%é", "2026-03-04T09:15:02.441", "callee");
        byte[] one = random(Integer.parseInt(first.replace("_", "")));
        byte[] two = random(Integer.parseInt(second.replace("_", "")));

        byte[] stored = PackedJson.pack(key, one, two);

        assertThat(PackedJson.isFormOf(stored)).isTrue();
        assertThat(PackedJson.first(stored, key)).isEqualTo(one);
        assertThat(PackedJson.both(stored, key).first()).isEqualTo(one);
        assertThat(PackedJson.both(stored, key).second()).isEqualTo(two);
    }

    @Test
    void form_of_earlier_releases_is_recognised() {
        assertThat(PackedJson.isFormOf(JsonDocument.compressed(Map.of("id", "1"))))
                .isFalse();
        assertThat(PackedJson.isFormOf(new byte[0])).isFalse();
    }

    /** Returns a session with this many bytes of segments that cannot be compressed to less than three quarters. */
    private static NewCallSession session(int number, int bytes, String reason) {
        SplittableRandom random = new SplittableRandom(bytes);
        StringBuilder label = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            label.append((char) ('0' + random.nextInt(64)));
        }
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", "s%03d".formatted(number));
        content.put("startDateTime", "2026-03-04T09:15:02Z");
        content.put("endDateTime", "2026-03-04T09:21:47Z");
        content.put("failureInfo", Map.of("reason", reason));
        content.put("segments", List.of(Map.of("id", label.toString())));
        Span span = Span.of(content);
        return new NewCallSession(
                new SessionKey("s%03d".formatted(number), span.start().key(), "-"), span.end(), content, null);
    }

    /** Stores sessions with ever more segments, and returns their items. */
    private static List<Map<String, AttributeValue>> items(String call, String reason) {
        List<NewCallSession> sessions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            sessions.add(session(i, 40 * i, reason));
        }
        CallRecordKey key = new CallRecordKey("tenant", call);
        DynamoDbCallRecordStore store = new DynamoDbCallRecordStore(
                TABLE.dynamoDb(), TABLE.name(), new RecordLimits(Duration.ofDays(30), false));
        Map<String, @Nullable Object> content =
                new LinkedHashMap<>(sessions.getFirst().content());
        store.put(new NewCallRecord(key, 1, content, sessions, null, null), NOW);
        CallRecord record = store.read(key, NOW).orElseThrow();
        assertThat(store.sessions(record, true, new PageRequest(null, 60), 4_000_000)
                        .items())
                .extracting(CallSession::content)
                .isEqualTo(sessions.stream().map(NewCallSession::content).toList());
        return new DynamoDb(TABLE.client())
                .query(
                        TABLE.name(),
                        DynamoDbCallRecordTable.IN_RANGE,
                        DynamoDbCallRecordTable.range(
                                key,
                                DynamoDbCallRecordTable.sessionPrefix(record.generation()),
                                DynamoDbCallRecordTable.sessionPrefix(record.generation())
                                        + DynamoDbCallRecordTable.ABOVE),
                        null,
                        60)
                .items();
    }

    @Test
    void segments_are_in_the_item_of_their_session_while_they_begin_no_further_kilobyte() {
        List<Map<String, AttributeValue>> items = items("short", "reason");

        List<Integer> inline = items.stream()
                .filter(item -> !item.containsKey("chunks"))
                .map(ItemSize::of)
                .toList();
        assertThat(items).hasSize(60).allMatch(item -> ItemSize.of(item) <= KILOBYTE);
        assertThat(inline).isSorted().hasSizeBetween(10, 50);
        // The limit is used, except for the place of an earlier release's longer generation.
        assertThat(inline.getLast()).isBetween(KILOBYTE - 80, KILOBYTE);
    }

    @Test
    void long_session_keeps_segments_as_far_as_its_last_kilobyte_has_room() {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder reason = new StringBuilder();
        random.ints(1_400, 0, 64).forEach(each -> reason.append((char) ('0' + each)));

        List<Map<String, AttributeValue>> items = items("long", reason.toString());

        assertThat(items)
                .hasSize(60)
                .allMatch(item -> ItemSize.of(item) > KILOBYTE && ItemSize.of(item) <= 2 * KILOBYTE);
        assertThat(items.getFirst()).doesNotContainKey("chunks");
        assertThat(items.getLast()).containsKey("chunks");
        assertThat(Attributes.textOf(items.getLast(), "segmentsId")).isNotEmpty();
    }
}
