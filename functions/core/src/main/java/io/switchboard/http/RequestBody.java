package io.switchboard.http;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.text.InputLimits;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The body of one request. It is decompressed once, when an operation first reads it. Not thread-safe. */
final class RequestBody {
    static final String CONTENT_ENCODING = "content-encoding";
    static final String CONTENT_TYPE = "content-type";

    private final byte[] sent;
    private final String codings;
    private final String contentType;
    private final UnaryOperator<Map<String, @Nullable Object>> form;
    private byte @Nullable [] content;

    /**
     * @param codings the header {@code Content-Encoding}; empty if it was not sent
     * @param contentType the header {@code Content-Type}; empty if it was not sent
     */
    RequestBody(byte[] sent, String codings, String contentType) {
        this(sent, codings, contentType, UnaryOperator.identity());
    }

    private RequestBody(
            byte[] sent, String codings, String contentType, UnaryOperator<Map<String, @Nullable Object>> form) {
        this.sent = sent;
        this.codings = codings;
        this.contentType = contentType;
        this.form = form;
    }

    /** Returns the same body that {@link #object} returns in another form. */
    RequestBody in(UnaryOperator<Map<String, @Nullable Object>> otherForm) {
        return new RequestBody(sent, codings, contentType, otherForm);
    }

    /** @param headers the headers of the event, by name in lower case */
    static RequestBody of(EventStream.Received received, Map<String, String> headers) {
        byte[] text = received.body().array();
        byte[] sent =
                received.event().getIsBase64Encoded() ? Base64.getDecoder().decode(text) : text;
        return new RequestBody(
                sent, headers.getOrDefault(CONTENT_ENCODING, ""), headers.getOrDefault(CONTENT_TYPE, ""));
    }

    /** Returns whether a body was sent. */
    boolean isPresent() {
        return sent.length > 0;
    }

    /**
     * Returns the body without its content coding.
     *
     * @param maximum in bytes
     * @throws Refusal 413 beyond the maximum, 415 for a coding that is not supported, 400 for data that cannot be
     *     decompressed
     */
    byte[] content(int maximum) {
        byte[] read = read(maximum);
        if (read.length > maximum) {
            throw Refusal.of(
                    ErrorCode.CONTENT_TOO_LARGE,
                    "The body has " + read.length + " bytes; at most " + maximum + " are allowed.");
        }
        return read;
    }

    /** Returns the body without its content coding. A body that was read before may have any size. */
    byte[] read(int maximum) {
        byte @Nullable [] known = content;
        if (known == null) {
            known = ContentCoding.decoded(sent, codings, maximum);
            content = known;
        }
        return known;
    }

    /** Returns the media type in lower case, without parameters; empty if the header is missing or malformed. */
    String mediaType() {
        return contentType().map(MediaType::type).orElse("");
    }

    /** Returns the header {@code Content-Type}; empty if it is missing or malformed. */
    Optional<MediaType> contentType() {
        return MediaType.parse(contentType);
    }

    /**
     * Returns the bytes of a body that is not JSON.
     *
     * @param maximum in bytes
     * @throws Refusal 400 without a body, 415 for another media type, 413 for a larger body
     */
    byte[] bytes(List<String> mediaTypes, int maximum) {
        if (!isPresent()) {
            throw Refusal.invalid("required", "", "The body is missing. Send " + String.join(", ", mediaTypes) + ".");
        }
        if (!mediaTypes.contains(mediaType())) {
            throw Refusal.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    (mediaType().isEmpty()
                                    ? "Content-Type is missing."
                                    : "Content-Type " + InputLimits.excerpt(mediaType()) + " is not supported.")
                            + " Send " + String.join(", ", mediaTypes) + ".");
        }
        return content(maximum);
    }

    /**
     * Returns the body as a JSON object.
     *
     * @param asTextToo whether a JSON string that holds the object is accepted too
     * @param maximum in bytes
     * @throws Refusal 415 for another media type, 413 for a larger body, 400 for anything but one JSON object
     */
    Map<String, @Nullable Object> object(boolean asTextToo, List<String> mediaTypes, int maximum) {
        @Nullable Object tree = value(mediaTypes, maximum);
        if (asTextToo && tree instanceof String text) {
            tree = parse(text);
        }
        if (tree instanceof Map<?, ?> object) {
            return form.apply(ObjectReader.members(object));
        }
        throw Refusal.invalid("wrongType", "", "The body must be a JSON object: { … }.");
    }

    /** Returns the body as any JSON value, with the same errors. */
    @Nullable
    Object value(List<String> mediaTypes, int maximum) {
        requireJson(mediaTypes);
        return parse(text(content(maximum)));
    }

    private void requireJson(List<String> mediaTypes) {
        if (!isPresent()) {
            throw Refusal.invalid("required", "", "The body is missing. Send a JSON object.");
        }
        boolean isSupported = MediaType.parse(contentType)
                .filter(media -> mediaTypes.contains(media.type()) && media.isUtf8())
                .isPresent();
        if (!isSupported) {
            throw Refusal.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    (contentType.isBlank()
                                    ? "Content-Type is missing"
                                    : "Content-Type " + InputLimits.excerpt(contentType) + " is not supported")
                            + ". Send " + String.join(" or ", mediaTypes) + " in UTF-8.");
        }
    }

    private static String text(byte[] body) {
        try {
            return Json.decode(body);
        } catch (Json.MalformedJson e) {
            throw Refusal.invalid("malformedJson", "", "The body is not valid UTF-8. Encode it as UTF-8.");
        }
    }

    private static @Nullable Object parse(String text) {
        try {
            return Json.read(text);
        } catch (Json.MalformedJson e) {
            throw Refusal.invalid("malformedJson", "", "The body is not valid JSON: " + e.getMessage() + ".");
        }
    }
}
