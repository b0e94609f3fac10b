package io.switchboard.callrecords.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexShardsTest {
    /** The new call records of one tenant in one second. */
    private static final int RECORDS = 10_000;
    /** The write units of a partition of DynamoDB in one second; an entry of the index costs one. */
    private static final int UNITS = 1_000;

    private static int[] filled(IntFunction<String> id) {
        int[] filled = new int[IndexShards.DEFAULT.count()];
        for (int i = 0; i < RECORDS; i++) {
            filled[IndexShards.DEFAULT.of(new CallRecordKey("tenant", id.apply(i)))]++;
        }
        return filled;
    }

    @Test
    void ten_thousand_new_records_in_a_second_leave_each_partition_a_fifth_of_its_units() {
        List<IntFunction<String>> forms = List.of(
                i -> UUID.randomUUID().toString(), i -> "call-" + i, i -> String.format(Locale.ROOT, "%036d", i * 16L));
        for (IntFunction<String> id : forms) {
            assertThat(IntStream.of(filled(id)).boxed())
                    .allSatisfy(units -> assertThat(units).isBetween(1, UNITS * 4 / 5));
        }
    }

    @Test
    void record_stays_in_its_shard() {
        assertThat(IndexShards.DEFAULT.of(new CallRecordKey("any", "9dbee357-9c27-5d42-a823-c06b5e477979")))
                .isEqualTo(new IndexShards(16).of(new CallRecordKey("other", "9dbee357-9c27-5d42-a823-c06b5e477979")))
                .isEqualTo(SHARD_OF_EXAMPLE);
    }

    /** The shard in which the first release with shards lists the example. */
    private static final int SHARD_OF_EXAMPLE = 5;

    @ParameterizedTest
    @CsvSource({"1, 60, 60", "8, 60, 19", "8, 3, 3", "64, 60, 14", "16, 60, 14", "16, 100, 17", "2, 100, 79"})
    void share_covers_four_deviations_and_is_never_smaller_than_what_one_unit_reads(int count, int entries, int share) {
        assertThat(new IndexShards(count).share(entries)).isEqualTo(share);
    }
}
