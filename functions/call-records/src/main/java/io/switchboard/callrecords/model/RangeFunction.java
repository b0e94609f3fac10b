package io.switchboard.callrecords.model;

/**
 * A function of the call records that returns rows of a log within a time range.
 *
 * @param name its name, without its namespace
 * @param rows the type of the rows
 */
public record RangeFunction(String name, EntityType rows) {
    /** The parameter with the begin of the range. */
    public static final String FROM = "fromDateTime";

    /** The parameter with the end of the range. */
    public static final String TO = "toDateTime";
}
