package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.CpuTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MediaTypeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "APPLICATION/Json",
                " application/json ",
                "application/json;",
                "application/json; ;charset=utf-8",
                "application/json;charset=utf-8",
                "application/json; charset=UTF-8",
                "application/json;\tcharset=\"utf-8\"",
                "application/json; charset=\"\\u\\t\\f-8\"",
                "application/json; charset = utf-8",
                "application/json; CHARSET=utf-8",
                "application/json; odata.metadata=minimal; IEEE754Compatible=true; charset=utf-8",
                "application/json; note=\"a, b; charset=utf-16\"",
                "application/json; note=\"\""
            })
    void json_in_utf_8_is_read(String header) {
        assertThat(MediaType.parse(header)).hasValueSatisfying(media -> {
            assertThat(media.type()).isEqualTo("application/json");
            assertThat(media.isUtf8()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8-evil",
                "application/json; charset=utf-16",
                "application/json; charset=\"utf-8 \"",
                "application/json; charset=utf8",
                "application/json; charset='utf-8'",
                "application/json; charset=iso-8859-1; note=\"charset=utf-8\"",
                "application/json; charset=\"\""
            })
    void other_charset_is_not_utf_8(String header) {
        assertThat(MediaType.parse(header))
                .hasValueSatisfying(media -> assertThat(media.isUtf8()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "json",
                "application/",
                "/json",
                "application /json",
                "application/ json",
                "application/json/more",
                "application/json charset=utf-8",
                "application/json, application/json",
                "application/json; charset",
                "application/json; charset=",
                "application/json; =utf-8",
                "application/json; charset=\"utf-8",
                "application/json; charset=utf-8\"",
                "application/json; charset=\"utf-8\\",
                "application/json; charset=\"utf\n-8\"",
                "application/json; charset=\"utf-8\" x",
                "application/json; charset=utf-16; charset=utf-8",
                "application/json; charset=utf-8; charset=utf-8",
                "application/json; charset=utf-8; Charset=utf-16",
                "application/json; a=1; A=1",
                "application/json; chärset=utf-8",
                "application/jsön"
            })
    void malformed_type_and_repeated_parameter_are_not_read(String header) {
        assertThat(MediaType.parse(header)).isEmpty();
    }

    @Test
    void parameters_are_without_quotes_and_escapes() {
        assertThat(MediaType.parse("text/plain; A=\"x\\\"y\\\\\"; b=c"))
                .contains(new MediaType("text/plain", Map.of("a", "x\"y\\", "b", "c")));
    }

    @Test
    void long_header_is_read_in_linear_time() {
        String[] hostile = {
            ";".repeat(200_000), "a=\"" + "\\".repeat(200_000), "a" + " ".repeat(200_000), "=;".repeat(100_000)
        };
        assertThat(CpuTime.of(() -> {
                    for (String parameters : hostile) {
                        MediaType.parse("application/json;" + parameters);
                    }
                }))
                .isLessThan(Duration.ofSeconds(2));
    }
}
