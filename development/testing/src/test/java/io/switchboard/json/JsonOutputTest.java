package io.switchboard.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.switchboard.text.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the writer with a simple reference: Jackson's generator, and the JDK's UTF-8, which replaces surrogates. */
final class JsonOutputTest {
    private static final JsonFactory REFERENCE = new JsonFactory();

    private static String reference(@Nullable Object tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = REFERENCE.createGenerator(text)) {
            write(generator, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator to, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> to.writeNull();
            case Map<?, ?> object -> {
                to.writeStartObject();
                for (var member : object.entrySet()) {
                    to.writeFieldName(member.getKey().toString());
                    write(to, member.getValue());
                }
                to.writeEndObject();
            }
            case Iterable<?> array -> {
                to.writeStartArray();
                for (Object element : array) {
                    write(to, element);
                }
                to.writeEndArray();
            }
            case Integer number -> to.writeNumber(number);
            case Long number -> to.writeNumber(number);
            case Double number -> to.writeNumber(number);
            case Float number -> to.writeNumber(number);
            case BigInteger number -> to.writeNumber(number);
            case BigDecimal number -> to.writeNumber(number);
            case Boolean truth -> to.writeBoolean(truth);
            case byte[] ascii -> to.writeString(new String(ascii, UTF_8));
            case JsonText text -> to.writeString(reference(text.tree()));
            default -> to.writeString(value.toString());
        }
    }

    /** Compares all forms of writing, alone and inside of a response. */
    private static void assertSame(@Nullable Object tree) {
        for (Object each : new Object[] {tree, response(tree)}) {
            byte[] expected = reference(each).getBytes(UTF_8);
            assertThat(Json.bytes(each)).isEqualTo(expected);
            assertThat(Json.write(each)).isEqualTo(new String(expected, UTF_8));
            assertThat(Json.size(each)).isEqualTo(expected.length);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            assertThat(Json.write(each, stream)).isEqualTo(expected.length);
            assertThat(stream.toByteArray()).isEqualTo(expected);
        }
        String text = reference(tree);
        assertThat(Json.escapedSize(tree))
                .isEqualTo(text.getBytes(UTF_8).length
                        + (int) text.chars().filter(c -> c == '"' || c == '\\').count());
    }

    private static Map<String, @Nullable Object> response(@Nullable Object tree) {
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put("statusCode", 200);
        response.put("body", new JsonText(tree));
        response.put("isBase64Encoded", false);
        return response;
    }

    @Test
    void every_character_of_the_basic_plane_is_written_as_by_jackson() {
        for (int block = 0; block <= 0xFFFF; block += 0x100) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            for (int c = block; c < block + 0x100; c++) {
                object.put(c + String.valueOf((char) c), String.valueOf((char) c));
            }
            assertSame(object);
        }
    }

    @Test
    void surrogates_are_joined_and_lone_ones_are_replaced() {
        List<String> parts = List.of("\uD83D", "\uDBFF", "\uD800", "\uDE00", "\uDFFF", "\uDC00", "x", "\"", "");
        for (String first : parts) {
            for (String second : parts) {
                for (String third : parts) {
                    assertSame(first + second + third);
                }
            }
        }
    }

    @Test
    void characters_at_every_place_of_a_piece_are_written() {
        // Pieces end after 1, 3, 7 and 15 KB in memory, and after 4 KB in a stream.
        for (String special :
                new String[] {"\"", "\\", "\n", "\u001F", "\u007F", "é", "\u20AC", "😀", "\uD83D", "\uDE00"}) {
            for (int end : new int[] {1_024, 3_072, 4_096, 7_168}) {
                for (int size = end - 20; size < end + 3; size++) {
                    assertSame("x".repeat(size) + special + special + "y");
                    assertSame(List.of("x".repeat(size), Map.of(special, special)));
                }
            }
        }
        for (int size = 0; size < 10_000; size += 97) {
            assertSame("\"".repeat(size));
            byte[] ascii = new byte[size];
            Arrays.fill(ascii, (byte) 'A');
            assertSame(ascii);
        }
    }

    @Test
    void random_trees_are_written_as_by_jackson() {
        SplittableRandom random = Seed.random("JSON trees");
        for (int i = 0; i < 1_000; i++) {
            assertSame(tree(random, 5));
        }
        List<@Nullable Object> large = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            large.add(tree(random, 4));
        }
        assertSame(large);
    }

    private static @Nullable Object tree(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 11)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> new BigInteger(random.nextInt(300), new java.util.Random(random.nextLong()));
            case 5 -> new BigDecimal(BigInteger.valueOf(random.nextLong()), random.nextInt(-40, 40));
            case 6 -> random.nextDouble() * 1e9;
            case 7 -> (float) random.nextDouble();
            case 8 -> List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0.0);
            case 9, 10 -> Seed.text(random, 60);
            case 11 -> {
                List<@Nullable Object> array = new ArrayList<>();
                for (int i = random.nextInt(6); i > 0; i--) {
                    array.add(tree(random, depth - 1));
                }
                yield array;
            }
            default -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                for (int i = random.nextInt(6); i > 0; i--) {
                    object.put(Seed.text(random, 6), tree(random, depth - 1));
                }
                yield object;
            }
        };
    }

    @Test
    void failure_of_the_stream_is_reported() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int each) throws IOException {
                throw new IOException("broken");
            }
        };

        assertThatThrownBy(() -> Json.write("x".repeat(10_000), broken))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("broken");
    }

    @Test
    void json_text_in_json_text_is_not_supported() {
        assertThatThrownBy(() -> Json.bytes(new JsonText(List.of(new JsonText(1)))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
