package io.switchboard.callrecords.store;

import io.switchboard.callrecords.store.DynamoDbCallRecordSessions.Place;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

    private final DynamoDb dynamoDb;
    private final DynamoDbCallRecordItems items;
    private final DynamoDbCallRecordSessions sessions;

    DynamoDbCallRecordStaging(DynamoDb dynamoDb, DynamoDbCallRecordItems items, DynamoDbCallRecordSessions sessions) {
        this.dynamoDb = dynamoDb;
        this.items = items;
        this.sessions = sessions;
    }

    /** @param expiresAt when its children expire; null where they are kept */
    record Staged(String generation, @Nullable Instant expiresAt) {}

    /**
     * The children of a posted record, ready to be stored.
     *
     * @param tooLarge which of them is too large; null for none
     */
    record Children(
            List<NewSession> sessions,
            List<PackedSession> packed,
            List<Participant> participants,
            List<JsonDocument> documents,
            PutRecordOutcome.@Nullable TooLarge tooLarge) {

        static Children of(NewCallRecord wanted) {
            List<NewSession> sessions = wanted.sessions() == null ? List.of() : wanted.sessions();
            List<Participant> participants = wanted.participants() == null ? List.of() : wanted.participants();
            PutRecordOutcome.@Nullable TooLarge tooLarge = null;
            List<PackedSession> packed = new ArrayList<>();
            for (int i = 0; i < sessions.size(); i++) {
                PackedSession each = PackedSession.of(sessions.get(i).content());
                PackedSession.@Nullable Oversize oversize = each.oversize();
                if (oversize != null && tooLarge == null) {
                    tooLarge =
                            new PutRecordOutcome.TooLarge("sessions[" + i + "]", oversize.bytes(), oversize.maximum());
                }
                packed.add(each);
            }
            List<JsonDocument> documents = new ArrayList<>();
            for (int i = 0; i < participants.size(); i++) {
                JsonDocument each = JsonDocument.of(participants.get(i).content());
                if (!each.fits() && tooLarge == null) {
                    tooLarge = new PutRecordOutcome.TooLarge(
                            "participants_v2[" + i + "]", each.kept().length, JsonDocument.LARGEST);
                }
                documents.add(each);
            }
            return new Children(sessions, packed, participants, documents, tooLarge);
        }

        boolean isEmpty() {
            return sessions.isEmpty() && participants.isEmpty();
        }
    }

    /**
     * Stages children, unless they are staged already and expire as they should.
     *
     * @param before what was staged before; null for nothing
     * @return the generation they are under; a fresh one where there are none
     */
    Staged stage(
            CallRecordKey record,
            Children children,
            @Nullable Staged before,
            @Nullable Instant expiresAt,
            Instant now) {
        if (before != null && Objects.equals(before.expiresAt, expiresAt)) {
            return before;
        }
        drop(record, children, before);
        Staged staged = new Staged(DynamoDb.newWriteId(), expiresAt);
        if (!children.isEmpty()) {
            String writeId = DynamoDb.newWriteId();
            dynamoDb.write(writeId, List.of(items.stage(record, staged.generation, writeId, now)));
            write(record, children, staged);
        }
        return staged;
    }

    /** Gives up what was staged. */
    void drop(CallRecordKey record, Children children, @Nullable Staged staged) {
        if (staged != null && !children.isEmpty()) {
            dynamoDb.write(DynamoDb.newWriteId(), List.of(items.unstage(record, staged.generation)));
        }
    }

    private void write(CallRecordKey record, Children children, Staged staged) {
        Place place = new Place(record, staged.generation, staged.expiresAt);
        StagingBatch batch = new StagingBatch();
        for (int i = 0; i < children.sessions.size(); i++) {
            PackedSession packed = children.packed.get(i);
            batch.makeRoom(1 + packed.chunks().size(), packed.document().kept().length + packed.segments().length);
            batch.writes.addAll(sessions.put(place, children.sessions.get(i).key(), packed, null, batch.writeId));
        }
        for (int i = 0; i < children.participants.size(); i++) {
            Participant participant = children.participants.get(i);
            JsonDocument document = children.documents.get(i);
            batch.makeRoom(1, document.kept().length);
            batch.writes.add(items.putParticipant(
                    record, staged.generation, participant, document, staged.expiresAt, batch.writeId));
        }
        batch.write();
    }

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
