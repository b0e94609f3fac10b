package io.switchboard.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.switchboard.text.InputLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
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
 * Reads and writes JSON text as plain trees of {@code Map}, {@code List}, {@code String}, {@code Integer},
 * {@code Long}, {@code BigInteger}, {@code BigDecimal}, {@code Boolean} and {@code null}.
 *
 * <p>Reading is strict: at most {@link InputLimits#DEPTH} levels, numbers of at most {@link InputLimits#NUMBER_LENGTH}
 * characters, no duplicate names in an object, and no content after the value. Exponents in callers' text are limited
 * to {@link InputLimits#EXPONENT}. Every parser failure becomes {@link MalformedJson}. Thread-safe.
 */
public final class Json {
    private static final JsonFactory PARSERS = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(InputLimits.DEPTH)
                    .maxNumberLength(InputLimits.NUMBER_LENGTH)
                    .build())
            .build();

    /** The limit of the parser. */
    private static final int NAME_LENGTH = StreamReadConstraints.DEFAULT_MAX_NAME_LEN;

    /** The beginnings of the programmer's advice in parser messages, which is cut off. */
    private static final List<String> INSIDE_PARSER = List.of(
            " (start marker at", ": was expecting (", ": enable", " (not recognized as", ": maybe a", " `", " (for ");

    private Json() {}

    /**
     * Reads one JSON value.
     *
     * @throws MalformedJson if the text is not exactly one JSON value within the limits; its message may be shown to
     *     the caller
     */
    public static @Nullable Object read(String text) throws MalformedJson {
        @Nullable Object value = parse(text, InputLimits.EXPONENT);
        // Half of a surrogate pair can be written as an escape, but not as UTF-8.
        if (text.contains("\\u") && !isWellFormed(value)) {
            throw new MalformedJson("a \\u escape is half of a surrogate pair");
        }
        return value;
    }

    /**
     * Reads a JSON object from a trusted stream, such as the event of the Lambda runtime.
     *
     * <p>The bytes are decoded before they are parsed, because the byte parser rejects a member name with an escaped
     * surrogate pair.
     *
     * @throws IOException if the stream is not strict UTF-8, or not exactly one JSON object
     */
    public static Map<String, Object> readObject(InputStream stream) throws IOException {
        return readObject(stream.readAllBytes());
    }

    /**
     * Reads a JSON object from trusted bytes, as {@link #readObject(InputStream)} does.
     *
     * @throws IOException if the bytes are not strict UTF-8, or not exactly one JSON object
     */
    public static Map<String, Object> readObject(byte[] bytes) throws IOException {
        try {
            return object(decode(bytes));
        } catch (MalformedJson e) {
            throw new IOException("The stream is not one JSON object in UTF-8", e);
        }
    }

    /**
     * Reads a JSON object that this product has written, such as a stored document.
     *
     * @throws UncheckedIOException if the text is anything else
     */
    @SuppressWarnings("unchecked") // NullAway distinguishes maps by the nullness of their values
    public static Map<String, @Nullable Object> readOwn(String text) {
        try {
            return (Map<String, @Nullable Object>) (Map<String, ?>) object(text);
        } catch (MalformedJson e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /**
     * Reads a JSON object in UTF-8 that this product has written, while the stream produces it.
     *
     * @throws UncheckedIOException if the stream fails, or has anything else
     */
    @SuppressWarnings("unchecked") // NullAway distinguishes maps by the nullness of their values
    public static Map<String, @Nullable Object> readOwn(InputStream stream) {
        try {
            JsonParser parser = PARSERS.createParser(new InputStreamReader(stream, StandardCharsets.UTF_8));
            return (Map<String, @Nullable Object>) (Map<String, ?>) object(parse(parser, Long.MAX_VALUE));
        } catch (MalformedJson e) {
            throw new UncheckedIOException(new IOException(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> object(String text) throws MalformedJson {
        // Documents that were stored before the limit on exponents may exceed it.
        return object(parse(text, Long.MAX_VALUE));
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private static Map<String, Object> object(@Nullable Object value) throws MalformedJson {
        if (value instanceof Map<?, ?> object) {
            return (Map<String, Object>) object;
        }
        throw new MalformedJson("the value is not an object");
    }

    /**
     * Decodes bytes as strict UTF-8.
     *
     * @throws MalformedJson if they are not strict UTF-8
     */
    public static String decode(byte[] bytes) throws MalformedJson {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // A replacement character may replace malformed bytes. The second, strict pass is rare.
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
            throw new MalformedJson("the text is not valid UTF-8");
        }
    }

    /**
     * Parses JSON text. Text that fails is parsed again with the parser's own detection of duplicate names, which is
     * slow, but finds the first problem and its place.
     */
    private static @Nullable Object parse(String text, long largestExponent) throws MalformedJson {
        try {
            return parse(parser(text), largestExponent);
        } catch (MalformedJson e) {
            return parse(parser(text).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION), largestExponent);
        }
    }

    private static JsonParser parser(String text) {
        try {
            return PARSERS.createParser(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses all JSON text and closes the parser. Each parser failure becomes the same exception. */
    private static @Nullable Object parse(JsonParser opened, long largestExponent) throws MalformedJson {
        try (JsonParser parser = opened) {
            @Nullable JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedJson("the text is empty");
            }
            @Nullable Object value = value(parser, first, largestExponent);
            if (parser.nextToken() != null) {
                throw new MalformedJson("extra content follows the JSON value");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw new MalformedJson("a limit is exceeded: " + InputLimits.DEPTH + " levels, numbers of "
                    + InputLimits.NUMBER_LENGTH + " characters, names of " + NAME_LENGTH + " characters" + location(e));
        } catch (JsonProcessingException e) {
            throw new MalformedJson(describe(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            // Mostly numbers: the parser uses BigDecimal, which has its own limits and exceptions.
            throw new MalformedJson("a value is out of range");
        }
    }

    /** Returns the value that begins with a token. The parser's limit on levels bounds the recursion. */
    private static @Nullable Object value(JsonParser parser, JsonToken token, long largestExponent)
            throws IOException, MalformedJson {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                int size = 0;
                for (@Nullable String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    object.put(name, value(parser, parser.nextToken(), largestExponent));
                    if (object.size() == size++) {
                        throw new MalformedJson("a name is a duplicate");
                    }
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
                // Decimals keep their notation: 1.10 does not become 1.1, and 0.1 does not become a binary fraction.
                BigDecimal number = parser.getDecimalValue();
                // The exponent of the scientific notation: 0.001e3 has the exponent 0.
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

    /**
     * Writes a tree as compact JSON text. Besides the types of a tree that was read, it may have any {@code Iterable},
     * any {@code Number}, {@link JsonText}, bytes of ASCII text without characters to be escaped, and objects that are
     * written as the text of their {@code toString}.
     */
    public static String write(@Nullable Object tree) {
        return new String(bytes(tree), StandardCharsets.UTF_8);
    }

    /** Writes a tree as compact JSON in UTF-8. */
    public static byte[] bytes(@Nullable Object tree) {
        return JsonOutput.bytes(tree);
    }

    /**
     * Writes a tree as compact JSON in UTF-8 into a stream. The first write has more than a kilobyte, or everything.
     *
     * @return the size in bytes
     * @throws UncheckedIOException if the stream fails
     */
    public static int write(@Nullable Object tree, OutputStream stream) {
        return JsonOutput.write(tree, stream);
    }

    /** Returns the size of a tree as compact UTF-8 JSON, in bytes. */
    public static int size(@Nullable Object tree) {
        return JsonOutput.length(tree);
    }

    /**
     * Returns the size of a tree as JSON in a response body, in bytes. Lambda escapes it: quotes and backslashes take
     * two bytes.
     */
    public static int escapedSize(@Nullable Object tree) {
        return JsonOutput.length(new JsonText(tree)) - 2;
    }

    /** Returns the size of JSON text in a response body, in bytes. Quotes and backslashes take two bytes. */
    public static int escapedSize(String json) {
        return JsonOutput.length(json) - 2;
    }

    /** Describes the problem, without the parser's class names and with only the beginning of the caller's text. */
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
