package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.storage.Precondition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntityTagTest {
    private final EntityTag three = EntityTag.ofVersion(3);

    @Test
    void entity_tag_is_weak() {
        assertThat(three).hasToString("W/\"3\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"3\"", "\"3\"", "*", " * ", "\"1\", W/\"3\"", "\"1\",\"3\"", " W/\"3\" "})
    void header_with_the_tag_matches(String header) {
        assertThat(three.matchesAnyOf(header)).isTrue();
        assertThat(EntityTag.precondition(header).admits(3)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"4\"", "3", "\"33\"", "w/\"3\"", "\"1\", \"2\"", "", "**", "\"3", "W/ \"3\"", "\"*\""})
    void header_without_the_tag_does_not_match(String header) {
        assertThat(three.matchesAnyOf(header)).isFalse();
        assertThat(EntityTag.precondition(header).admits(3)).isFalse();
    }

    @Test
    void missing_header_admits_every_version() {
        assertThat(Precondition.NONE.admits(7)).isTrue();
    }
}
