package io.switchboard.callrecords.notifications;

import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.DynamoDbCallRecordImage;
import io.switchboard.callrecords.store.DynamoDbCallRecordImage.Deleted;
import io.switchboard.callrecords.store.DynamoDbCallRecordImage.OfRecord;
import io.switchboard.callrecords.store.DynamoDbCallRecordImage.Staged;
import io.switchboard.runtime.StreamRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a changed item of the CallRecords table.
 *
 * @param types the changes of the call record; empty for most items
 * @param ended generations that their call record no longer names
 * @param version the version of the call record, the last one if it was deleted; 0 for other items
 */
public record CallRecordChange(CallRecordKey record, List<ChangeType> types, Set<String> ended, long version) {
    private static final List<ChangeType> NEW = List.of(ChangeType.CREATED, ChangeType.UPDATED);

    public CallRecordChange {
        types = List.copyOf(types);
    }

    /**
     * Returns the change that a record of the stream describes; empty if it describes none.
     *
     * @throws RuntimeException if the record cannot be read
     */
    public static Optional<CallRecordChange> of(StreamRecord change) {
        @Nullable DynamoDbCallRecordImage before = image(change.before());
        @Nullable DynamoDbCallRecordImage after = image(change.after());
        if (after instanceof OfRecord record) {
            return Optional.of(ofRecord(before instanceof OfRecord old ? old : null, record));
        }
        if (before == null || !(after == null || after instanceof Deleted)) {
            return Optional.empty();
        }
        return switch (before) {
            case OfRecord gone -> {
                // The end of the retention does not count: time to live removes the record some time later.
                boolean isDeleted = change.at().getEpochSecond() < gone.expiresAt();
                yield Optional.of(new CallRecordChange(
                        gone.key(),
                        isDeleted ? List.of(ChangeType.DELETED) : List.of(),
                        generations(gone),
                        gone.version()));
            }
            // The generation was committed or abandoned: the sweep finds out which.
            case Staged gone -> Optional.of(new CallRecordChange(gone.key(), List.of(), Set.of(gone.generation()), 0));
            case Deleted deleted -> Optional.empty();
            case DynamoDbCallRecordImage.Other other -> Optional.empty();
        };
    }

    private static @Nullable DynamoDbCallRecordImage image(Map<String, @Nullable Object> attributes) {
        return attributes.isEmpty() ? null : DynamoDbCallRecordImage.read(attributes);
    }

    private static CallRecordChange ofRecord(@Nullable OfRecord before, OfRecord after) {
        if (before == null) {
            return new CallRecordChange(after.key(), NEW, Set.of(), after.version());
        }
        Set<String> ended = generations(before);
        ended.removeAll(generations(after));
        // An expired record is absent to writers, so the record stored in its place is a new one.
        boolean isNew = !after.createdAt().equals(before.createdAt());
        List<ChangeType> types = after.version() > before.version() ? List.of(ChangeType.UPDATED) : List.of();
        return new CallRecordChange(after.key(), isNew ? NEW : types, ended, after.version());
    }

    private static Set<String> generations(OfRecord record) {
        Set<String> generations = new LinkedHashSet<>();
        generations.add(record.generation());
        generations.add(record.participantGeneration());
        return generations;
    }
}
