package io.switchboard.template.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.TestTemplates;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TemplateCacheTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final TemplateKind TAB = TemplateKind.APPLICATION_TAB_TEMPLATE;

    private final TemplateCache cache = new TemplateCache(Duration.ofSeconds(30));
    private final Stored<Template> stored = stored("contoso_a");

    private static Stored<Template> stored(String name) {
        return Stored.created(TestTemplates.tab(name), "ada", NOW);
    }

    @Test
    void template_is_cached_until_it_expires() {
        cache.put("t", stored, NOW);

        assertThat(cache.get("t", TAB, "contoso_a", NOW)).isEqualTo(stored);
        assertThat(cache.get("t", TAB, "contoso_a", NOW.plusMillis(29_999))).isEqualTo(stored);
        assertThat(cache.get("t", TAB, "contoso_a", NOW.plusSeconds(30))).isNull();
        assertThat(cache.get("t", TAB, "contoso_a", NOW.plus(Duration.ofDays(1))))
                .isNull();
    }

    @Test
    void entries_stay_expired_when_the_clock_goes_back() {
        cache.put("t", stored, NOW);

        assertThat(cache.get("t", TAB, "contoso_a", NOW.minusMillis(1))).isNull();
        assertThat(cache.get("t", TAB, "contoso_a", NOW.minus(Duration.ofDays(1))))
                .isNull();
    }

    @Test
    void entries_are_separated_by_tenant_kind_and_case() {
        cache.put("t", stored, NOW);

        assertThat(cache.get("other", TAB, "contoso_a", NOW)).isNull();
        assertThat(cache.get("t", TemplateKind.SESSION_TEMPLATE, "contoso_a", NOW))
                .isNull();
        assertThat(cache.get("t", TAB, "Contoso_a", NOW)).isNull();
    }

    @Test
    void later_template_replaces_the_earlier_one() {
        cache.put("t", stored, NOW);
        Stored<Template> next = stored.replacedBy(TestTemplates.tab("contoso_a"), "bob", NOW);
        cache.put("t", next, NOW.plusSeconds(20));

        assertThat(cache.get("t", TAB, "contoso_a", NOW.plusSeconds(49))).isEqualTo(next);
    }

    @Test
    void cache_is_empty_with_a_zero_age_or_after_clear() {
        TemplateCache none = new TemplateCache(Duration.ZERO);
        none.put("t", stored, NOW);
        cache.put("t", stored, NOW);
        cache.clear();

        assertThat(none.get("t", TAB, "contoso_a", NOW)).isNull();
        assertThat(cache.get("t", TAB, "contoso_a", NOW)).isNull();
    }

    @Test
    void cache_holds_a_thousand_templates_and_evicts_the_least_recently_used() {
        for (int i = 0; i < 1_000; i++) {
            cache.put("t", stored("a" + i), NOW);
        }
        assertThat(cache.get("t", TAB, "a0", NOW)).isNotNull();
        cache.put("t", stored("b"), NOW);

        assertThat(cache.get("t", TAB, "a0", NOW)).isNotNull();
        assertThat(cache.get("t", TAB, "a1", NOW)).isNull();
        assertThat(cache.get("t", TAB, "b", NOW)).isNotNull();
    }
}
