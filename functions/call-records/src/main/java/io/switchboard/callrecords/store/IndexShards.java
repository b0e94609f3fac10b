package io.switchboard.callrecords.store;

import io.switchboard.storage.Keys;
import io.switchboard.text.Sha256;
import java.nio.ByteBuffer;

/**
 * The shards of a tenant's part of an index. A partition of DynamoDB stores at most 1,000 write units in a second, and
 * an entry of an index costs one. A tenant may store 10,000 new call records in a second, all on one day, which takes
 * at least 10 partitions. With 16, each gets 625 units, and a change of a call record, which costs two, finds room.
 * Lists read all shards, so a higher number makes each page more expensive.
 *
 * <p>The number may be raised: lists read all shards up to it, and a call record stays in the shard in which it is. It
 * must never be lowered.
 */
record IndexShards(int count) {
    static final IndexShards DEFAULT = new IndexShards(16);

    /** The smallest number of entries that a query of a shard requests; with 4 KB, it costs as much as one entry. */
    private static final int LEAST_ENTRIES = 14;

    /** How many standard deviations above its share a shard's part of a page may be, without a second query. */
    private static final int DEVIATIONS = 4;

    /** Returns the shard of a call record. */
    int of(CallRecordKey record) {
        byte[] hash = Sha256.of(Keys.join(record.id()));
        return Math.floorMod(ByteBuffer.wrap(hash).getInt(), count);
    }

    /** Returns how many entries one query of a shard requests, if all shards together have to return this many. */
    int share(int entries) {
        double mean = (double) entries / count;
        int share = (int) Math.ceil(mean + DEVIATIONS * Math.sqrt(mean));
        return Math.min(entries, Math.max(LEAST_ENTRIES, share));
    }
}
