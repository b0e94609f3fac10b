package io.switchboard.template.catalog;

import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Remembers templates for a short while, per tenant. What is not there is never remembered. Thread-safe. */
final class TemplateCache {
    private static final int LARGEST = 1_000;

    private final ShortMemory<Stored<Template>> memory;

    /** Keeps templates for this long; zero keeps none. */
    TemplateCache(Duration age) {
        this.memory = new ShortMemory<>(age, LARGEST);
    }

    @Nullable
    Stored<Template> get(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        return memory.get(key(tenant, kind, uniqueName), now);
    }

    /** @param readAt when the read began: what it found may have changed since, not before */
    void put(String tenant, Stored<Template> stored, Instant readAt) {
        Template template = stored.template();
        memory.put(key(tenant, template.kind(), template.uniqueName()), stored, readAt);
    }

    void clear() {
        memory.clear();
    }

    /** Text, not a record: a record's first hash costs a cold start some ten milliseconds. */
    private static String key(String tenant, TemplateKind kind, String uniqueName) {
        return kind.text() + '#' + tenant.length() + '#' + tenant + uniqueName;
    }
}
