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
    void template_is_remembered_until_it_is_too_old() {
        cache.put("t", stored, NOW);

        assertThat(cache.get("t", TAB, "contoso_a", NOW)).isEqualTo(stored);
        assertThat(cache.get("t", TAB, "contoso_a", NOW.plusMillis(29_999))).isEqualTo(stored);
        assertThat(cache.get("t", TAB, "contoso_a", NOW.plusSeconds(30))).isNull();
        assertThat(cache.get("t", TAB, "contoso_a", NOW.plus(Duration.ofDays(1))))
                .isNull();
    }

    @Test
    void clock_set_back_makes_nothing_young_again() {
        cache.put("t", stored, NOW);

        assertThat(cache.get("t", TAB, "contoso_a", NOW.minusMillis(1))).isNull();
        assertThat(cache.get("t", TAB, "contoso_a", NOW.minus(Duration.ofDays(1))))
                .isNull();
    }

    @Test
    void tenants_kinds_and_cases_are_kept_apart() {
        cache.put("t", stored, NOW);

        assertThat(cache.get("other", TAB, "contoso_a", NOW)).isNull();
        assertThat(cache.get("t", TemplateKind.SESSION_TEMPLATE, "contoso_a", NOW))
                .isNull();
        assertThat(cache.get("t", TAB, "Contoso_a", NOW)).isNull();
    }

    @Test
    void later_one_takes_the_place_of_the_earlier_one() {
        cache.put("t", stored, NOW);
        Stored<Template> next = stored.replacedBy(TestTemplates.tab("contoso_a"), "bob", NOW);
        cache.put("t", next, NOW.plusSeconds(20));

        assertThat(cache.get("t", TAB, "contoso_a", NOW.plusSeconds(49))).isEqualTo(next);
    }

    @Test
    void nothing_is_remembered_where_the_age_is_zero_or_all_was_cleared() {
        TemplateCache none = new TemplateCache(Duration.ZERO);
        none.put("t", stored, NOW);
        cache.put("t", stored, NOW);
        cache.clear();

        assertThat(none.get("t", TAB, "contoso_a", NOW)).isNull();
        assertThat(cache.get("t", TAB, "contoso_a", NOW)).isNull();
    }

    @Test
    void thousand_are_remembered_and_the_longest_unused_goes_first() {
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
