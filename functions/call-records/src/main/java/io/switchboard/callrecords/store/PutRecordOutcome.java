package io.switchboard.callrecords.store;

/** The outcome of posting a call record. */
public sealed interface PutRecordOutcome {
    /** The record is new, or has replaced a lower version atomically. */
    record Stored(CallRecord record) implements PutRecordOutcome {}

    /** An equal or higher version is stored; it was not changed. */
    record Unchanged(CallRecord record) implements PutRecordOutcome {}

    /** The same {@code Idempotency-Key} and body were sent before. */
    record Replayed(CallRecord record) implements PutRecordOutcome {}

    /** The same {@code Idempotency-Key} and body were sent before, and the record was deleted since. */
    record Deleted() implements PutRecordOutcome {}

    /** The {@code Idempotency-Key} was used before with a different body. */
    record KeyReused() implements PutRecordOutcome {}

    /** See {@link PostSessionOutcome.TooLarge}; {@code target} names the session or the record itself. */
    record TooLarge(String target, Oversize oversize) implements PutRecordOutcome {}
}
