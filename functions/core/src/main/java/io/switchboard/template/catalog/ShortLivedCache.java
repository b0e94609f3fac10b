package io.switchboard.template.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache with a maximum age, measured by the wall clock, because other clocks stop while an execution
 * environment is frozen. Thread-safe.
 */
final class ShortLivedCache<V> {
    private final Duration age;
    private final Map<String, CachedValue<V>> entries;

    /**
     * @param age how long a value is cached; zero disables the cache
     * @param largest the most values; the least recently used are evicted
     */
    ShortLivedCache(Duration age, int largest) {
        this.age = age;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, CachedValue<V>> eldest) {
                return size() > largest;
            }
        };
    }

    synchronized @Nullable V get(String key, Instant now) {
        @Nullable CachedValue<V> entry = entries.get(key);
        // An entry from the future is expired, in case the clock was set back.
        return entry == null || now.isBefore(entry.readAt) || !now.isBefore(entry.readAt.plus(age))
                ? null
                : entry.value;
    }

    /** @param readAt the time when the read began, because the value can have changed since then */
    synchronized void put(String key, V value, Instant readAt) {
        if (!age.isZero()) {
            entries.put(key, new CachedValue<>(value, readAt));
        }
    }

    synchronized void clear() {
        entries.clear();
    }

    private record CachedValue<V>(V value, Instant readAt) {}
}
