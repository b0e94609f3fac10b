package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of {@code docs/domain/call-records.md}, "Example payloads". */
final class ExamplePayloadsTest {
    @ParameterizedTest
    @ValueSource(strings = {"peer-to-peer", "group-call", "phone-call"})
    void example_is_returned_as_it_was_sent(String name) throws IOException {
        Map<String, @Nullable Object> body = example(name);

        Map<String, @Nullable Object> content = Bodies.content(body);

        assertThat(Json.write(withoutNulls(content))).doesNotContain("null");
        body.remove("@odata.type");
        assertThat(content).isEqualTo(withoutNulls(body));
        Map<String, @Nullable Object> shown = CallRecordTypes.session().show(content, Projection.ALL);
        shown.put("segments", content.get("segments"));
        assertThat(withoutNulls(shown)).isEqualTo(withoutNulls(body));
    }

    private static Map<String, @Nullable Object> example(String name) throws IOException {
        try (@Nullable InputStream stream = ExamplePayloadsTest.class.getResourceAsStream(name + ".json")) {
            assertThat(stream).isNotNull();
            return Json.readOwn(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Map<String, @Nullable Object> withoutNulls(Map<String, @Nullable Object> object) {
        return Json.readOwn(Json.write(object).replaceAll(",\"\\w+\":null", ""));
    }
}
