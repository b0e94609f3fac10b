package io.switchboard.callrecords.store;

/** The order of a list of call records: by a time, then by id. Each time has an index. */
public record ListOrder(Time time, SortDirection direction) {
    /** The earliest start first. */
    public static final ListOrder BY_START = new ListOrder(Time.START, SortDirection.ASCENDING);

    /** The property by which a list is sorted. */
    public enum Time {
        START("startDateTime"),
        LAST_MODIFIED("lastModifiedDateTime");

        private final String property;

        Time(String property) {
            this.property = property;
        }

        /** Returns the name of the property in a call record. */
        public String property() {
            return property;
        }
    }
}
