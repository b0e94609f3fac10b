package io.switchboard.recordsource;

/** The record sources of all tenants, which {@code {anchor.attribute}} and {@code {$odata…}} read. Thread-safe. */
public interface RecordSources {
    /** No tenant has a record source. */
    RecordSources NONE = new RecordSources() {
        @Override
        public RecordSource of(String tenant) {
            return RecordSource.NONE;
        }

        @Override
        public void clear() {
            // Nothing is cached.
        }
    };

    /** Returns the record source of a tenant, for one request. Its two seconds begin with its first query. */
    RecordSource of(String tenant);

    /** Drops everything that must not be older than a restored snapshot: settings, credentials, tokens. */
    void clear();
}
