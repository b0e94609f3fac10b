package io.switchboard.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.jr.ob.JSON;
import io.switchboard.text.InputLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text to and from plain trees: {@code Map}, {@code List}, {@code String}, {@code Integer}, {@code Long},
 * {@code BigInteger}, {@code BigDecimal}, {@code Boolean} and {@code null}.
 *
 * <p>All text is read strictly: at most {@link InputLimits#DEPTH} levels, numbers of at most {@link InputLimits#NUMBER_LENGTH}
 * characters, no name twice in one object, nothing behind the value. What callers send also has a limit on exponents,
 * {@link InputLimits#EXPONENT}. Every failure of the parser becomes {@link MalformedJson}, whatever the parser throws. Thread-safe.
 */
public final class Json {
    private static final JSON JSON_TREE = JSON.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(InputLimits.DEPTH)
                            .maxNumberLength(InputLimits.NUMBER_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

    /** The parser's own limit. */
    private static final int NAME_LENGTH = StreamReadConstraints.DEFAULT_MAX_NAME_LEN;

    /** Where a message of the parser begins to tell programmers what to do. */
    private static final List<String> INSIDE_PARSER = List.of(
            " (start marker at", ": was expecting (", ": enable", " (not recognized as", ": maybe a", " `", " (for ");

    private Json() {}

    /**
     * Reads one JSON value.
     *
     * @throws MalformedJson where the text is not exactly one JSON value within the limits; its message may be shown to
     *     whoever sent the text
     */
    public static @Nullable Object read(String text) throws MalformedJson {
        @Nullable Object value = parse(text, InputLimits.EXPONENT);
        // Half a surrogate pair can be written as an escape, but never again as UTF-8.
        if (text.contains("\\u") && !isWellFormed(value)) {
            throw new MalformedJson("a \\u escape is half of a surrogate pair");
        }
        return value;
    }

    /**
     * Reads the JSON object that a trusted stream holds, such as the event of the Lambda runtime.
     *
     * <p>The bytes are decoded before they are parsed: the parser of bytes rejects a member name that holds an escaped surrogate pair.
     *
     * @throws IOException if the stream is not strict UTF-8 or holds anything but one JSON object
     */
    public static Map<String, Object> readObject(InputStream stream) throws IOException {
        try {
            return object(decode(stream.readAllBytes()));
        } catch (MalformedJson e) {
            throw new IOException("The stream does not hold one JSON object in UTF-8", e);
        }
    }

    /**
     * Reads a JSON object this product has written itself, such as a stored document.
     *
     * @throws UncheckedIOException if the text is anything else
     */
    @SuppressWarnings("unchecked") // NullAway knows no maps of nullable values and others as one
    public static Map<String, @Nullable Object> readOwn(String text) {
        try {
            return (Map<String, @Nullable Object>) (Map<String, ?>) object(text);
        } catch (MalformedJson e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private static Map<String, Object> object(String text) throws MalformedJson {
        // Documents that were stored before exponents had a limit may exceed it.
        if (parse(text, Long.MAX_VALUE) instanceof Map<?, ?> object) {
            return (Map<String, Object>) object;
        }
        throw new MalformedJson("it is not an object");
    }

    /**
     * Decodes bytes as strict UTF-8.
     *
     * @throws MalformedJson if they are anything else
     */
    public static String decode(byte[] bytes) throws MalformedJson {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // Only what stands for malformed bytes may hide some: a second, strict pass is rare.
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedJson("it is not valid UTF-8");
        }
    }

    /** The one place where JSON text is parsed, so that each failure of the parser ends in the same exception. */
    private static @Nullable Object parse(String text, long largestExponent) throws MalformedJson {
        try (JsonParser parser = JSON_TREE.createParser(text)) {
            @Nullable JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedJson("it is empty");
            }
            @Nullable Object value = value(parser, first, largestExponent);
            if (parser.nextToken() != null) {
                throw new MalformedJson("something follows the JSON value");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw new MalformedJson("it exceeds a limit: " + InputLimits.DEPTH + " levels, numbers of "
                    + InputLimits.NUMBER_LENGTH + " characters, names of " + NAME_LENGTH + " characters" + location(e));
        } catch (JsonProcessingException e) {
            throw new MalformedJson(describe(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            // Numbers above all: the parser leaves them to BigDecimal, which has limits and exceptions of its own.
            throw new MalformedJson("a value is out of range");
        }
    }

    /** The value that a token begins. Recursion ends with the parser's limit on levels. */
    private static @Nullable Object value(JsonParser parser, JsonToken token, long largestExponent)
            throws IOException, MalformedJson {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                for (@Nullable String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    object.put(name, value(parser, parser.nextToken(), largestExponent));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    array.add(value(parser, next, largestExponent));
                }
                yield array;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> {
                // Decimals stay as they were written: 1.10 is not 1.1, and 0.1 is not a binary fraction.
                BigDecimal number = parser.getDecimalValue();
                // Of its scientific notation: 0.001e3 has the exponent 0.
                if (Math.abs((long) number.precision() - number.scale() - 1) > largestExponent) {
                    throw new MalformedJson("the exponent of a number must be from -" + largestExponent + " to "
                            + largestExponent + location(parser.currentLocation()));
                }
                yield number;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new MalformedJson("a value is missing");
        };
    }

    /** Writes a tree as compact JSON text. */
    public static String write(@Nullable Object tree) {
        try {
            return JSON_TREE.asString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Size of a tree as compact UTF-8 JSON, in bytes. */
    public static int size(@Nullable Object tree) {
        return write(tree).getBytes(StandardCharsets.UTF_8).length;
    }

    /** Size of a tree as JSON in the body of an answer, which Lambda takes as text: quotes and backslashes count twice. */
    public static int escapedSize(@Nullable Object tree) {
        return escapedSize(write(tree));
    }

    /** Size of JSON text in the body of an answer, in bytes: quotes and backslashes count twice. */
    public static int escapedSize(String json) {
        int size = 0;
        for (byte each : json.getBytes(StandardCharsets.UTF_8)) {
            size += each == '"' || each == '\\' ? 2 : 1;
        }
        return size;
    }

    /** What is wrong, without names of the parser's classes and with only the beginning of what was sent. */
    private static String describe(JsonProcessingException problem) {
        String message = problem.getOriginalMessage();
        for (String inside : INSIDE_PARSER) {
            int begin = message.indexOf(inside);
            message = begin < 0 ? message : message.substring(0, begin);
        }
        return InputLimits.excerpt(message) + location(problem);
    }

    private static String location(JsonProcessingException problem) {
        @Nullable JsonLocation location = problem.getLocation();
        return location == null ? "" : location(location);
    }

    private static String location(JsonLocation location) {
        return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static boolean isWellFormed(@Nullable Object value) {
        if (value instanceof String text) {
            return isWellFormed(text);
        }
        if (value instanceof Map<?, ?> object) {
            for (var entry : object.entrySet()) {
                if (!isWellFormed(entry.getKey()) || !isWellFormed(entry.getValue())) {
                    return false;
                }
            }
        } else if (value instanceof List<?> array) {
            for (Object element : array) {
                if (!isWellFormed(element)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isWellFormed(String text) {
        boolean awaitsLow = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (awaitsLow != Character.isLowSurrogate(c)) {
                return false;
            }
            awaitsLow = Character.isHighSurrogate(c);
        }
        return !awaitsLow;
    }

    /** Text that is not exactly one JSON value within the limits. */
    public static final class MalformedJson extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedJson(String message) {
            super(message, null, false, false);
        }
    }
}
