package io.switchboard.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadOnlyMembersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | 3.0",
                "1E+2 | 100",
                "\"a\" | \"a\"",
                "null | null",
                "{\"a\":1,\"b\":null} | {\"b\":null,\"a\":1}",
                "{\"a\":1,\"b\":2} | {\"a\":1}",
                "{\"a\":1} | {\"a\":1,\"b\":null}",
                "[{\"a\":1,\"b\":null}] | [{\"a\":1.0}]",
                "[{\"isFocused\":true,\"a\":1}] | [{\"isFocused\":false,\"a\":1}]",
                "{\"closedDateTime\":\"1\",\"a\":1} | {\"closedDateTime\":\"2\",\"a\":1}",
                "{\"@odata.etag\":\"1\",\"a\":1} | {\"@odata.etag\":\"2\",\"a\":1}",
                "[] | []"
            })
    void unchanged_value_is_accepted(String current, String sent) throws Exception {
        assertThat(ReadOnlyMembers.changes(Json.read(current), Json.read(sent))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | 4",
                "3 | \"3\"",
                "true | null",
                "null | false",
                "\"a\" | \"A\"",
                "{\"a\":1} | {\"a\":2}",
                "{\"a\":1} | {\"a\":null}",
                "{\"a\":1} | {\"b\":1}",
                "{\"a\":1} | 1",
                "[1,2] | [2,1]",
                "[1] | [1,1]",
                "[{\"a\":1,\"b\":2}] | [{\"a\":1}]",
                "[{\"a\":1}] | [{\"a\":1,\"b\":2}]",
                "[] | {}"
            })
    void changed_value_is_detected(String current, String sent) throws Exception {
        assertThat(ReadOnlyMembers.changes(Json.read(current), Json.read(sent))).isTrue();
    }

    @Test
    void members_that_the_server_changes_are_never_compared() {
        ReadOnlyMembers members = new ReadOnlyMembers(Map.of("status", "Use POST …/close.", "version", "Never."));
        Map<String, @Nullable Object> current = Map.of("status", "open", "version", 3);
        Violations violations = new Violations();

        members.rejectChanges(
                Map.of(
                        "version",
                        99,
                        "isFocused",
                        true,
                        "createdDateTime",
                        "1999",
                        "@odata.etag",
                        "x",
                        "warnings",
                        List.of(1),
                        "status",
                        "closed"),
                current,
                violations);

        assertThat(violations.all())
                .containsExactly(new Violation(
                        "readOnlyMember",
                        "status is read-only, and the value sent differs from the current value. Use POST …/close.",
                        "status"));
    }

    @Test
    void deep_values_are_compared_in_linear_time() throws Exception {
        String deep = "[{\"a\":".repeat(30) + "1" + "}]".repeat(30);

        assertThat(ReadOnlyMembers.changes(Json.read(deep), Json.read(deep))).isFalse();
    }
}
