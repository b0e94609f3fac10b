package io.switchboard.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text to and from plain trees: {@code Map}, {@code List}, {@code String}, {@code Integer}, {@code Long},
 * {@code BigInteger}, {@code BigDecimal}, {@code Boolean} and {@code null}.
 *
 * <p>What callers send is read strictly: at most {@value #MAXIMUM_DEPTH} levels, numbers of at most
 * {@value #MAXIMUM_NUMBER_LENGTH} characters, no name twice in one object, nothing behind the value. Thread-safe.
 */
public final class Json {
    /** Levels of nesting a body may have. */
    public static final int MAXIMUM_DEPTH = 64;

    private static final int MAXIMUM_NUMBER_LENGTH = 100;

    private static final JSON JSON_TREE = JSON.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAXIMUM_DEPTH)
                            .maxNumberLength(MAXIMUM_NUMBER_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            // Decimals stay as they were written: 1.10 is not 1.1, and 0.1 is not a binary fraction.
            .enable(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

    private Json() {}

    /**
     * Reads one JSON value.
     *
     * @throws MalformedJson where the text is not exactly one JSON value within the limits; its message may be shown to
     *     whoever sent the text
     */
    public static @Nullable Object read(String text) throws MalformedJson {
        try (JsonParser parser = JSON_TREE.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new MalformedJson("it is empty");
            }
            @Nullable Object value = JSON_TREE.anyFrom(parser);
            if (parser.nextToken() != null) {
                throw new MalformedJson("something follows the JSON value");
            }
            // Half a surrogate pair can be written as an escape, but never again as UTF-8.
            if (text.contains("\\u") && !isWellFormed(value)) {
                throw new MalformedJson("a \\u escape is half of a surrogate pair");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new MalformedJson(describe(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a JSON object from a trusted stream, such as the event of the Lambda runtime. */
    static Map<String, Object> readObject(InputStream stream) throws IOException {
        return JSON_TREE.mapFrom(stream);
    }

    /** Reads a JSON object this product has written itself, such as a stored document. */
    @SuppressWarnings("unchecked") // JSON object names are text
    public static Map<String, @Nullable Object> readOwn(String text) {
        try {
            return (Map<String, @Nullable Object>) (Map<String, ?>) JSON_TREE.mapFrom(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static String describe(JsonProcessingException problem) {
        var location = problem.getLocation();
        String message = problem.getOriginalMessage();
        return location == null
                ? message
                : message + " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
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
