package io.switchboard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuidTest {
    @Test
    void guid_in_either_case_is_recognised() {
        assertThat(Guid.isGuid("3f2504e0-4f89-41d3-9a0c-0305e82c3301")).isTrue();
        assertThat(Guid.isGuid("3F2504E0-4F89-41D3-9A0C-0305E82C3301")).isTrue();
        assertThat(Guid.isGuid("00000000-0000-0000-0000-000000000000")).isTrue();
        assertThat(Guid.isGuid(UUID.randomUUID().toString())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3f2504e0-4f89-41d3-9a0c-0305e82c330",
                "3f2504e0-4f89-41d3-9a0c-0305e82c33011",
                "3f2504e04f8941d39a0c0305e82c3301",
                "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}",
                "3f2504e0-4f89-41d3-9a0c-0305e82c330g",
                "3f2504e0_4f89-41d3-9a0c-0305e82c3301",
                "3f2504e04-f89-41d3-9a0c-0305e82c3301",
                "３f2504e0-4f89-41d3-9a0c-0305e82c3301",
                "3f2504e0-4f89-41d3-9a0c-0305e82c330\u0661",
                "3f2504e0-4f89-41d3-9a0c-0305e82c330\n"
            })
    void other_text_is_not_a_guid(String text) {
        assertThat(Guid.isGuid(text)).isFalse();
    }
}
