package io.switchboard.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.text.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CompressionTest {
    private static byte[] plain(byte @Nullable [] base64) {
        byte[] compressed = Base64.getDecoder().decode(Objects.requireNonNull(base64));
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return plain.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void body_is_compressed_unless_that_makes_it_larger() {
        byte[] text = "{\"value\":[1,2,3]}".repeat(1_000).getBytes(UTF_8);
        byte[] noise = new byte[10_000];
        Seed.random("noise").nextBytes(noise);
        byte[] digits = new byte[5_000];
        Seed.random("digits").nextBytes(digits);
        String incompressible = Base64.getEncoder().encodeToString(digits);

        assertThat(plain(Compression.ofBytes(text, Compression.FAST))).isEqualTo(text);
        assertThat(Compression.ofBytes(noise, Compression.FAST)).isNull();
        assertThat(Compression.ofJson(incompressible, Compression.FAST)).isNull();
    }

    @Test
    void only_a_body_of_more_than_1_kb_is_compressed() {
        for (int size : List.of(0, 1, Compression.LARGEST_UNCOMPRESSED - 1, Compression.LARGEST_UNCOMPRESSED)) {
            assertThat(Compression.ofBytes(new byte[size], Compression.FAST)).isNull();
        }
        assertThat(Compression.ofJson("x".repeat(Compression.LARGEST_UNCOMPRESSED - 2), Compression.FAST))
                .isNull();
        assertThat(plain(Compression.ofJson("x".repeat(Compression.LARGEST_UNCOMPRESSED - 1), Compression.FAST)))
                .hasSize(Compression.LARGEST_UNCOMPRESSED + 1);
    }

    @Test
    void tree_of_any_size_is_compressed_as_it_is_written() {
        byte[] random = new byte[200_000];
        Seed.random("compressed tree").nextBytes(random);
        String text = HexFormat.of().formatHex(random);
        for (int size = 1_100; size < text.length(); size += 10_009) {
            Map<String, String> tree = Map.of("é", text.substring(0, size));
            assertThat(plain(Compression.ofJson(tree, Compression.FAST))).isEqualTo(Json.bytes(tree));
        }
    }
}
