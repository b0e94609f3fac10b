package io.switchboard.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExpressionTest {
    @Test
    void placeholders_are_the_attribute_names() {
        assertThat(Expression.names("attribute_not_exists(#key) OR (#expiresAt<=:now AND #key<>:key)"))
                .isEqualTo(Map.of("#key", "key", "#expiresAt", "expiresAt"));
        assertThat(Expression.names("SET #a = list_append(if_not_exists(#a, :none), :x) ADD #b :one, #c1 :two"))
                .isEqualTo(Map.of("#a", "a", "#b", "b", "#c1", "c1"));
        assertThat(Expression.names("#last")).isEqualTo(Map.of("#last", "last"));
    }

    @Test
    void expression_without_placeholders_has_no_names() {
        assertThat(Expression.names("size(a) < :b")).isNull();
        assertThat(Expression.names("")).isNull();
    }
}
