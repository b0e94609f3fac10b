package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.EXPIRES_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.STAGED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.key;
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
 * Children that come inside a call record, put under a generation that nobody knows yet, in as many transactions as they
 * take; the record that then names the generation shows all of them at once. An item tells for an hour that this goes on:
 * whatever becomes of it, its removal has the generation looked at. Thread-safe.
 */
final class DynamoDbCallRecordStaging {
    /** The most parts of a transaction. */
    private static final int MOST_PARTS = 100;
    /** Below the 4 MB of a transaction, in bytes. */
    private static final int LARGEST = 3_500_000;
    /** What an item has beside its content, at most, in bytes. */
    private static final int OVERHEAD = 4_096;
    /** How long children may be staged: longer than any request lives. */
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

    /** The children of a posted record, ready to be stored. */
    StagedChildren of(NewCallRecord wanted) {
        return new StagedChildren(wanted);
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

        private StagedChildren(NewCallRecord wanted) {
            this.record = wanted.key();
            this.posted = wanted.sessions() == null ? List.of() : wanted.sessions();
            this.people = wanted.participants() == null ? List.of() : wanted.participants();
            for (int i = 0; i < posted.size(); i++) {
                PackedSession each = PackedSession.of(posted.get(i).content());
                PackedSession.@Nullable Oversize oversize = each.oversize();
                if (oversize != null && tooLarge == null) {
                    tooLarge =
                            new PutRecordOutcome.TooLarge("sessions[" + i + "]", oversize.bytes(), oversize.maximum());
                }
                packed.add(each);
            }
            for (int i = 0; i < people.size(); i++) {
                JsonDocument each = JsonDocument.of(people.get(i).content());
                if (!each.fits() && tooLarge == null) {
                    tooLarge = new PutRecordOutcome.TooLarge(
                            "participants_v2[" + i + "]", each.kept().length, JsonDocument.LARGEST);
                }
                documents.add(each);
            }
        }

        /** Which of them is too large; null for none. */
        PutRecordOutcome.@Nullable TooLarge tooLarge() {
            return tooLarge;
        }

        boolean isEmpty() {
            return posted.isEmpty() && people.isEmpty();
        }

        /**
         * Stages the children, unless they are staged already and expire as they should.
         *
         * @param expiresAt when they expire; null if they are kept
         * @return the generation they are under; a fresh one if there are none
         */
        String stage(@Nullable Instant expiresAt, Instant now) {
            if (staged == null || !Objects.equals(staged.expiresAt, expiresAt)) {
                drop();
                staged = new StagedGeneration(DynamoDb.newWriteId(), expiresAt);
                if (!isEmpty()) {
                    String writeId = DynamoDb.newWriteId();
                    dynamoDb.write(writeId, List.of(announcement(staged.generation, writeId, now)));
                    write(staged);
                }
            }
            return staged.generation;
        }

        /** Gives up what was staged. */
        void drop() {
            if (staged != null && !isEmpty()) {
                dynamoDb.write(DynamoDb.newWriteId(), List.of(unstage(staged.generation)));
            }
        }

        /** The write that ends the staging: of the transaction that shows the children. */
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
                batch.makeRoom(1 + each.chunks().size(), each.document().kept().length + each.segments().length);
                batch.writes.addAll(sessions.put(partition, posted.get(i).key(), each, null, batch.writeId));
            }
            for (int i = 0; i < people.size(); i++) {
                JsonDocument document = documents.get(i);
                batch.makeRoom(1, document.kept().length);
                batch.writes.add(participants.put(
                        record, under.generation, people.get(i), document, under.expiresAt, batch.writeId));
            }
            batch.write();
        }
    }

    /** @param expiresAt when its children expire; null if they are kept */
    private record StagedGeneration(
            String generation, @Nullable Instant expiresAt) {}

    /** Writes that go into one transaction, as long as they fit. Not thread-safe. */
    private final class StagingBatch {
        private String writeId = DynamoDb.newWriteId();
        private final List<Write> writes = new ArrayList<>();
        private int bytes;

        /** Whatever goes in next carries the id that the batch has from here. */
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
