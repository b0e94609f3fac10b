package io.switchboard.template;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers templates for a short while: bounded, per tenant, aged by the wall clock, because a frozen environment's other
 * clocks stand still. What is not there is never remembered. Thread-safe.
 */
final class TemplateCache {
    private static final int LARGEST = 1_000;

    private final Duration age;
    private final Map<String, Remembered> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > LARGEST;
        }
    };

    /** Keeps templates for this long; zero keeps none. */
    TemplateCache(Duration age) {
        this.age = age;
    }

    synchronized @Nullable Stored<Template> get(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        @Nullable Remembered entry = entries.get(key(tenant, kind, uniqueName));
        // A clock set back must not make an entry young again.
        return entry == null || now.isBefore(entry.readAt) || !now.isBefore(entry.readAt.plus(age))
                ? null
                : entry.stored;
    }

    /** @param readAt when the read began: what it found may have changed since, not before */
    synchronized void put(String tenant, Stored<Template> stored, Instant readAt) {
        if (!age.isZero()) {
            Template template = stored.template();
            entries.put(key(tenant, template.kind(), template.uniqueName()), new Remembered(stored, readAt));
        }
    }

    synchronized void clear() {
        entries.clear();
    }

    /** Text, not a record: a record's first hash costs a cold start some ten milliseconds. */
    private static String key(String tenant, TemplateKind kind, String uniqueName) {
        return kind.text() + '#' + tenant.length() + '#' + tenant + uniqueName;
    }

    private record Remembered(Stored<Template> stored, Instant readAt) {}
}
