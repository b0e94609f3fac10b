package io.switchboard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class Sha256Test {
    @Test
    void digest_includes_the_length_and_the_bytes_of_each_part() {
        // printf '\0\0\0\3abc' | sha256sum
        assertThat(HexFormat.of().formatHex(Sha256.of("abc")))
                .isEqualTo("d04b72a650ce0f8ce4963330a53ee2832733d2baeffff3c1d8e256cca096d120");
    }

    @Test
    void different_parts_have_different_digests() {
        assertThat(Sha256.of("a", "bc")).isNotEqualTo(Sha256.of("ab", "c"));
        assertThat(Sha256.of("abc", "")).isNotEqualTo(Sha256.of("", "abc"));
        assertThat(Sha256.of("abc")).isNotEqualTo(Sha256.of("abc", ""));
        assertThat(Sha256.of("a", "bc")).isEqualTo(Sha256.of("a", "bc")).hasSize(32);
        assertThat(Sha256.of("\u0000\u0000\u0000\u0001a")).isNotEqualTo(Sha256.of("", "a"));
    }

    @Test
    void body_of_another_sender_has_another_digest() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(Sha256.of("one", body)).isNotEqualTo(Sha256.of("other", body));
        assertThat(Sha256.of("one", body)).isNotEqualTo(Sha256.of("one", new byte[0]));
        assertThat(Sha256.of("one{", new byte[] {'}'})).isNotEqualTo(Sha256.of("one", body));
    }
}
