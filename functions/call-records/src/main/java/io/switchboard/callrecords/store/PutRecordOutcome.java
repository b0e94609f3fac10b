package io.switchboard.callrecords.store;

/** What became of a posted call record. */
public sealed interface PutRecordOutcome {
    /** It is new, or has replaced an older version as one step. */
    record Stored(CallRecord record) implements PutRecordOutcome {}

    /** An equal or higher version was there; nothing was changed. */
    record Unchanged(CallRecord record) implements PutRecordOutcome {}

    /** The same {@code Idempotency-Key} and body came before. */
    record Replayed(CallRecord record) implements PutRecordOutcome {}

    /** The same {@code Idempotency-Key} and body came before, and the record was deleted since. */
    record Deleted() implements PutRecordOutcome {}

    /** The {@code Idempotency-Key} came before with another body. */
    record KeyReused() implements PutRecordOutcome {}

    /** See {@link PostSessionOutcome.TooLarge}; {@code target} names the session or the record itself. */
    record TooLarge(String target, int compressedBytes, int maximum) implements PutRecordOutcome {}
}
