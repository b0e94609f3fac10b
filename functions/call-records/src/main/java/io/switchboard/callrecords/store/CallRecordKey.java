package io.switchboard.callrecords.store;

/**
 * Which call record.
 *
 * @param tenant whose it is
 * @param id the call id; each part fits into a key ({@link io.switchboard.dynamodb.Keys#fits})
 */
public record CallRecordKey(String tenant, String id) {}
