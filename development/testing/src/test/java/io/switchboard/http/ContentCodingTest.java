package io.switchboard.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.text.AllocatedBytes;
import io.switchboard.text.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentCodingTest {
    private static final int MAXIMUM = 100_000;
    private static final byte[] JSON = "{\"templateName\":\"Grüße\"}".getBytes(UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", " gzip ", "identity, gzip", "gzip,,identity", ", gzip"})
    void gzip_is_decompressed_in_any_spelling(String codings) {
        assertThat(decoded(gzip(JSON), codings)).isEqualTo(JSON);
    }

    @Test
    void deflate_is_decompressed_with_and_without_a_zlib_header() {
        for (int level = 0; level <= 9; level++) {
            assertThat(decoded(deflate(JSON, level, false), "deflate")).isEqualTo(JSON);
            assertThat(decoded(deflate(JSON, level, true), "Deflate")).isEqualTo(JSON);
        }
    }

    @Test
    void raw_deflate_of_any_document_is_decompressed() {
        SplittableRandom random = Seed.random("ContentCodingTest");
        for (int i = 0; i < 2_000; i++) {
            byte[] document = document(random);
            int level = random.nextInt(10);
            assertThat(decoded(deflate(document, level, true), "deflate")).isEqualTo(document);
            assertThat(decoded(document, "deflate")).isEqualTo(document);
        }
    }

    private static byte[] document(SplittableRandom random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "{\"a\":[" : " [{\"b\":[");
        int length = random.nextInt(random.nextInt(10) == 0 ? 40_000 : 200);
        for (int i = 0; i < length; i++) {
            text.append((char) (' ' + random.nextInt(1 + random.nextInt(94))));
        }
        return text.toString().getBytes(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "Identity, identity", " , "})
    void body_without_a_coding_is_unchanged(String codings) {
        assertThat(decoded(JSON, codings)).isSameAs(JSON);
        assertThat(decoded(gzip(JSON), codings)).isEqualTo(gzip(JSON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void body_that_a_gateway_decompressed_is_unchanged(String codings) {
        for (String plain : new String[] {
            "{\"a\":1}", " \r\n\t[1]", "\"text\"", "\uFEFF{}", "<xml/>", "PK\u0003\u0004", "12", "null", " "
        }) {
            assertThat(decoded(plain.getBytes(UTF_8), codings)).isEqualTo(plain.getBytes(UTF_8));
        }
        assertThat(decoded(new byte[0], codings)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "br",
                "zstd",
                "compress",
                "gzip, br",
                "gzip;q=1",
                "gzip, gzip",
                "gzip, deflate",
                "deflate,x-gzip",
                "*",
                "aws-chunked"
            })
    void unsupported_or_multiple_codings_are_415_with_the_supported_ones(String codings) {
        Refusal refusal = refusal(gzip(JSON), codings);

        assertThat(refusal.status()).isEqualTo(415);
        assertThat(refusal.code()).isEqualTo("unsupportedMediaType");
        assertThat(refusal.headers()).containsEntry("Accept-Encoding", "gzip, deflate, identity");
    }

    @Test
    void message_repeats_at_most_100_characters_of_a_coding() {
        assertThat(refusal(JSON, "x".repeat(5_000)).getMessage()).hasSizeLessThan(250);
    }

    @Test
    void every_truncation_is_400() {
        byte[] whole = gzip(JSON);
        for (int length = 2; length < whole.length; length++) {
            assertInvalid(Arrays.copyOf(whole, length), "gzip");
        }
        for (boolean isRaw : new boolean[] {false, true}) {
            byte[] deflated = deflate(JSON, 6, isRaw);
            for (int length = 2; length < deflated.length; length++) {
                assertInvalid(Arrays.copyOf(deflated, length), "deflate");
            }
        }
    }

    @Test
    void flipped_bit_is_400_or_has_no_effect() {
        byte[] whole = gzip(JSON);
        int unused = 0;
        // After the flags, the header has a time and an operating system.
        for (int bit = 8 * 10; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(decoded(flipped, "gzip")).isEqualTo(JSON);
                unused++;
            } catch (Refusal refusal) {
                assertThat(refusal.status()).isEqualTo(400);
            }
        }
        // The padding bits of the last byte of the data.
        assertThat(unused).isLessThan(8);
    }

    static Stream<byte[]> corrupt() {
        byte[] gzip = gzip(JSON);
        byte[] reserved = gzip.clone();
        reserved[3] = (byte) 0x80;
        byte[] method = gzip.clone();
        method[2] = 7;
        byte[] nameWithoutEnd = gzip.clone();
        nameWithoutEnd[3] = 8;
        byte[] longExtra = gzip.clone();
        longExtra[3] = 4;
        longExtra[10] = (byte) 0xFF;
        longExtra[11] = (byte) 0xFF;
        return Stream.of(
                join(gzip, new byte[] {0}),
                join(gzip, JSON),
                reserved,
                method,
                nameWithoutEnd,
                longExtra,
                // Bytes that a gateway has decoded as text.
                new String(gzip, UTF_8).getBytes(UTF_8),
                new String(gzip, ISO_8859_1).getBytes(UTF_8),
                new byte[] {0x1F},
                new byte[] {0x1F, (byte) 0x8B},
                deflate(JSON, 6, false),
                new byte[] {0, 1, 2, 3});
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void corrupt_gzip_is_400(byte[] body) {
        assertInvalid(body, "gzip");
    }

    @Test
    void corrupt_deflate_is_400() {
        assertInvalid(gzip(JSON), "deflate");
        assertInvalid(join(deflate(JSON, 6, false), JSON), "deflate");
        assertInvalid(join(deflate(JSON, 6, true), JSON), "deflate");
        // A zlib header that requires a dictionary.
        assertInvalid(new byte[] {0x78, (byte) 0xBB, 1, 2, 3, 4, 5}, "deflate");
    }

    @Test
    void several_gzip_members_with_any_header_are_decompressed() throws IOException {
        byte[] raw = deflate(JSON, 9, true);
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        member.write(new byte[] {0x1F, (byte) 0x8B, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3});
        member.write(new byte[] {3, 0, 'a', 'b', 'c'});
        member.write("name\0comment\0".getBytes(ISO_8859_1));
        member.write(new byte[] {0, 0});
        member.write(raw);
        CRC32 checksum = new CRC32();
        checksum.update(JSON);
        for (int shift = 0; shift < 32; shift += 8) {
            member.write((int) (checksum.getValue() >> shift));
        }
        member.write(new byte[] {(byte) JSON.length, 0, 0, 0});

        assertThat(decoded(member.toByteArray(), "gzip")).isEqualTo(JSON);
        assertThat(decoded(join(join(gzip(JSON), gzip(new byte[0])), member.toByteArray()), "gzip"))
                .isEqualTo(join(JSON, JSON));
    }

    @Test
    void decompression_stops_at_the_maximum() {
        byte[] full = new byte[MAXIMUM];
        Arrays.fill(full, (byte) ' ');
        byte[] tooLarge = new byte[MAXIMUM + 1];
        for (boolean isRaw : new boolean[] {true, false}) {
            assertThat(decoded(deflate(full, 9, isRaw), "deflate")).isEqualTo(full);
            assertTooLarge(deflate(tooLarge, 9, isRaw), "deflate");
        }
        assertThat(decoded(gzip(full), "gzip")).isEqualTo(full);
        assertThat(decoded(join(gzip(full), gzip(new byte[0])), "gzip")).isEqualTo(full);
        assertTooLarge(gzip(tooLarge), "gzip");
        assertTooLarge(join(gzip(full), gzip(new byte[1])), "gzip");
        assertThat(ContentCoding.decoded(gzip(new byte[0]), "gzip", 0)).isEmpty();
    }

    @Test
    void decompression_bomb_is_rejected_without_being_decompressed() throws IOException {
        byte[] bomb = gzip(1L << 28);
        assertThat(AllocatedBytes.of(() -> assertTooLarge(bomb, "gzip"))).isLessThan(2_000_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | true",
                "GZip | true",
                "x-gzip | true",
                "gzip, deflate, br, zstd | true",
                "br;q=1.0, gzip;q=0.8, *;q=0.1 | true",
                "* | true",
                "deflate, *;q=0.5 | true",
                "gzip;q=0.001 | true",
                "gzip ; Q=1.000 | true",
                "gzip;q=1. | true",
                "identity, gzip | true",
                "identity;q=0, gzip;q=0.1 | true",
                "gzip;q=0, * | false",
                "gzip;q=0 | false",
                "gzip;q=0.000 | false",
                "*;q=0 | false",
                "identity | false",
                "identity;q=1, gzip;q=0.5 | false",
                "identity, *;q=0.5 | false",
                "br | false",
                "gzipped | false",
                "not-gzip | false",
                "gzip;q=2 | false",
                "gzip;q=1.5 | false",
                "gzip;q=1.001 | false",
                "gzip;q=-1 | false",
                "gzip;q=0.1234 | false",
                "gzip;q=.5 | false",
                "gzip;q= | false",
                "gzip;q=a | false",
                "gzip;level=9 | false",
                "gzip;q=1, gzip;q=0 | false",
                "'' | false",
                "', ,' | false"
            })
    void weights_of_accept_encoding_determine_the_coding(String header, boolean accepts) {
        assertThat(ContentCoding.acceptsGzip(header)).isEqualTo(accepts);
    }

    private static void assertInvalid(byte[] body, String codings) {
        Refusal refusal = refusal(body, codings);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.details())
                .extracting(violation -> violation.code() + " " + violation.target())
                .containsExactly("invalidContentEncoding Content-Encoding");
    }

    private static void assertTooLarge(byte[] body, String codings) {
        Refusal refusal = refusal(body, codings);
        assertThat(refusal.status()).isEqualTo(413);
        assertThat(refusal.code()).isEqualTo("contentTooLarge");
    }

    private static Refusal refusal(byte[] body, String codings) {
        Refusal[] refusal = new Refusal[1];
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> decoded(body, codings))
                .satisfies(thrown -> refusal[0] = thrown);
        return refusal[0];
    }

    private static byte[] decoded(byte[] body, String codings) {
        return ContentCoding.decoded(body, codings, MAXIMUM);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] deflate(byte[] plain, int level, boolean isRaw) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(level, isRaw);
        try (OutputStream output = new DeflaterOutputStream(compressed, deflater)) {
            output.write(plain);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return compressed.toByteArray();
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream output = new GZIPOutputStream(compressed)) {
            output.write(plain);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static byte[] gzip(long zeros) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 20];
        try (OutputStream output = new GZIPOutputStream(compressed)) {
            for (long written = 0; written < zeros; written += piece.length) {
                output.write(piece);
            }
        }
        return compressed.toByteArray();
    }
}
