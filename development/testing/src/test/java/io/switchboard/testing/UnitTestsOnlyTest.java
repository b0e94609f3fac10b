package io.switchboard.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.EventFiles;
import io.switchboard.replay.Tables;
import io.switchboard.session.TestSessions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitTestsOnlyTest {
    private final UnitTestsOnly condition = new UnitTestsOnly();

    @ParameterizedTest
    @ValueSource(classes = {Tables.class, EventFiles.class})
    void class_that_uses_dynamodb_local_is_slow(Class<?> type) {
        assertThat(condition.slow(type)).contains(EmbeddedDynamoDb.class.getName());
    }

    @Test
    void class_that_uses_values_only_is_not_slow() {
        assertThat(condition.slow(TestSessions.class)).isEmpty();
    }
}
