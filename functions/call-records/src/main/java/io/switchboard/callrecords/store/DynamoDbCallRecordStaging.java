package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.EXPIRES_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.STAGED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.key;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.newGeneration;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Stores the children of a posted call record under a new generation, in as many transactions as needed. The write of
 * the record that names the generation makes all of them visible at once. A staging item marks the generation for an
 * hour. Its removal triggers a check of the generation, whether staging succeeded or not. Thread-safe.
 */
final class DynamoDbCallRecordStaging {
    /** The most writes in a transaction. */
    private static final int MOST_PARTS = 100;
    /** The largest transaction, in bytes; below DynamoDB's limit of 4 MB. */
    private static final int LARGEST = 3_500_000;
    /** The largest size of an item's other attributes, in bytes. */
    private static final int OVERHEAD = 4_096;
    /** How long children may be staged: longer than any request takes. */
    private static final Duration STAGING = Duration.ofHours(1);

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbCallSessionItems sessions;
    private final DynamoDbParticipantItems participants;

    DynamoDbCallRecordStaging(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.sessions = new DynamoDbCallSessionItems(table);
        this.participants = new DynamoDbParticipantItems(table);
    }

    /** Returns the children of a posted record, ready to be stored. */
    StagedChildren of(NewCallRecord requested) {
        return new StagedChildren(requested);
    }

    /** The children of one posted record. Not thread-safe. */
    final class StagedChildren {
        private final CallRecordKey record;
        private final List<NewCallSession> posted;
        private final List<PackedSession> packed = new ArrayList<>();
        private final List<Participant> people;
        private final List<JsonDocument> documents = new ArrayList<>();
        private PutRecordOutcome.@Nullable TooLarge tooLarge;
        private @Nullable StagedGeneration staged;

        private StagedChildren(NewCallRecord requested) {
            this.record = requested.key();
            this.posted = requested.sessions() == null ? List.of() : requested.sessions();
            this.people = requested.participants() == null ? List.of() : requested.participants();
            for (int i = 0; i < posted.size(); i++) {
                PackedSession each = DynamoDbCallSessionItems.pack(
                        record, posted.get(i).key(), posted.get(i).content(), false);
                @Nullable Oversize oversize = each.oversize();
                if (oversize != null && tooLarge == null) {
                    tooLarge = new PutRecordOutcome.TooLarge("sessions[" + i + "]", oversize);
                }
                packed.add(each);
            }
            for (int i = 0; i < people.size(); i++) {
                JsonDocument each = JsonDocument.of(people.get(i).content());
                if (!each.fits() && tooLarge == null) {
                    tooLarge = new PutRecordOutcome.TooLarge("participants_v2[" + i + "]", each.oversize());
                }
                documents.add(each);
            }
        }

        /** Returns the child that is too large; null if none is. */
        PutRecordOutcome.@Nullable TooLarge tooLarge() {
            return tooLarge;
        }

        boolean isEmpty() {
            return posted.isEmpty() && people.isEmpty();
        }

        /**
         * Stages the children, unless they are already staged with this expiry.
         *
         * @param expiresAt when they expire; null if they do not
         * @return their generation; a new one if it has no children
         */
        String stage(@Nullable Instant expiresAt, Instant now) {
            if (staged == null || !Objects.equals(staged.expiresAt, expiresAt)) {
                drop();
                staged = new StagedGeneration(newGeneration(), expiresAt);
                if (!isEmpty()) {
                    String writeId = DynamoDb.newWriteId();
                    dynamoDb.write(writeId, List.of(announcement(staged.generation, writeId, now)));
                    write(staged);
                }
            }
            return staged.generation;
        }

        /** Abandons the staged children. */
        void drop() {
            if (staged != null && !isEmpty()) {
                dynamoDb.write(DynamoDb.newWriteId(), List.of(unstage(staged.generation)));
            }
        }

        /** Returns the write that ends the staging; it is part of the transaction that makes the children visible. */
        Write unstage() {
            if (staged == null) {
                throw new IllegalStateException("No children are staged");
            }
            return unstage(staged.generation);
        }

        private Write announcement(String generation, String writeId, Instant now) {
            Map<String, AttributeValue> item = key(record, STAGED + generation);
            item.put(DynamoDb.WRITE_ID, text(writeId));
            item.put(EXPIRES_AT, seconds(now.plus(STAGING)));
            return Write.put(table, item);
        }

        private Write unstage(String generation) {
            return Write.delete(table, key(record, STAGED + generation));
        }

        private void write(StagedGeneration under) {
            Partition partition = new Partition(record, under.generation, under.expiresAt);
            StagingBatch batch = new StagingBatch();
            for (int i = 0; i < posted.size(); i++) {
                PackedSession each = packed.get(i);
                batch.makeRoom(1 + each.chunks().size(), each.document().length + each.separateBytes());
                batch.writes.addAll(sessions.put(partition, posted.get(i).key(), each, null, batch.writeId));
            }
            for (int i = 0; i < people.size(); i++) {
                JsonDocument document = documents.get(i);
                batch.makeRoom(1, document.stored().length);
                batch.writes.add(participants.put(
                        record, under.generation, people.get(i), document, under.expiresAt, batch.writeId));
            }
            batch.write();
        }
    }

    /** @param expiresAt when its children expire; null if they do not */
    private record StagedGeneration(
            String generation, @Nullable Instant expiresAt) {}

    /** Collects writes for one transaction, as long as they fit. Not thread-safe. */
    private final class StagingBatch {
        private String writeId = DynamoDb.newWriteId();
        private final List<Write> writes = new ArrayList<>();
        private int bytes;

        /** Starts a new batch; later writes carry its write id. */
        void makeRoom(int parts, int size) {
            int total = size + OVERHEAD * parts;
            if (writes.size() + parts > MOST_PARTS || bytes + total > LARGEST) {
                write();
            }
            bytes += total;
        }

        void write() {
            if (!writes.isEmpty()) {
                WriteLoop.requireTime("no time is left to stage all of a call record");
                dynamoDb.write(writeId, List.copyOf(writes));
                writes.clear();
                bytes = 0;
                writeId = DynamoDb.newWriteId();
            }
        }
    }
}
