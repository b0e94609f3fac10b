package io.switchboard.template.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was read for a short while: bounded, and aged by the wall clock, because a frozen environment's other clocks
 * stand still. Thread-safe.
 */
final class ShortMemory<V> {
    private final Duration age;
    private final Map<String, Remembered<V>> entries;

    /**
     * @param age how long a value is kept; zero keeps none
     * @param largest how many are kept; the ones asked for last stay
     */
    ShortMemory(Duration age, int largest) {
        this.age = age;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Remembered<V>> eldest) {
                return size() > largest;
            }
        };
    }

    synchronized @Nullable V get(String key, Instant now) {
        @Nullable Remembered<V> entry = entries.get(key);
        // A clock set back must not make an entry young again.
        return entry == null || now.isBefore(entry.readAt) || !now.isBefore(entry.readAt.plus(age))
                ? null
                : entry.value;
    }

    /** @param readAt when the read began: what it found may have changed since, not before */
    synchronized void put(String key, V value, Instant readAt) {
        if (!age.isZero()) {
            entries.put(key, new Remembered<>(value, readAt));
        }
    }

    synchronized void clear() {
        entries.clear();
    }

    private record Remembered<V>(V value, Instant readAt) {}
}
