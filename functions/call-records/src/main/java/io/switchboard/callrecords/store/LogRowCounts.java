package io.switchboard.callrecords.store;

/**
 * The effect of storing rows. The sum is the number of rows that were sent.
 *
 * @param created rows with a new id
 * @param replaced rows that replace others with the same id, stored ones or earlier ones of the request
 * @param unchanged rows that equal those
 */
public record LogRowCounts(int created, int replaced, int unchanged) {}
