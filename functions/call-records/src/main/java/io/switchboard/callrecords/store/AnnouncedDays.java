package io.switchboard.callrecords.store;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Caches the days that this process recently entered into a tenant's directory. The cache is bounded. Entries age by
 * the clock of requests, because the other clocks of a frozen environment stop. Thread-safe.
 */
final class AnnouncedDays {
    /** How long an entry is valid. */
    static final Duration AGE = Duration.ofHours(1);

    private static final int LARGEST = 1_000;

    private final Map<String, Instant> days = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > LARGEST;
        }
    };

    synchronized boolean has(String day, Instant now) {
        @Nullable Instant at = days.get(day);
        // Entries stay expired when the clock goes back.
        return at != null && !now.isBefore(at) && now.isBefore(at.plus(AGE));
    }

    synchronized void add(String day, Instant at) {
        days.put(day, at);
    }
}
