package io.switchboard.recordsource;

/** Where the records of each tenant come from: {@code {anchor.attribute}} and {@code {$odata…}} read them. Thread-safe. */
public interface RecordSources {
    /** None is set up for anybody. */
    RecordSources NONE = new RecordSources() {
        @Override
        public RecordSource of(String tenant) {
            return RecordSource.NONE;
        }

        @Override
        public void forget() {
            // Nothing is kept.
        }
    };

    /** The tenant's, for one request: its time begins with its first question. */
    RecordSource of(String tenant);

    /** Throws away what must not be older than a snapshot: settings, credentials, tokens. */
    void forget();
}
