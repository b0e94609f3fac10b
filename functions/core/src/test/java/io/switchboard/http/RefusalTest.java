package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RefusalTest {
    @ParameterizedTest
    @EnumSource
    void response_to_a_failed_dependency_names_it(Dependency dependency) {
        Refusal refusal = Refusal.of(new Unavailable(dependency, false, "for the test"));

        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.getMessage()).startsWith(dependency.text() + " did not respond in time.");
    }

    @ParameterizedTest
    @EnumSource
    void response_to_a_throttling_dependency_is_429(Dependency dependency) {
        assertThat(Refusal.of(new Unavailable(dependency, true, "for the test")).status())
                .isEqualTo(429);
    }
}
