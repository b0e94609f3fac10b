package io.switchboard.callrecords.graph;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.MediaType;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.text.InputLimits;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form of a JSON response that a request accepts (OData JSON Format 4.0 §3).
 *
 * @param metadata how much control information it has
 * @param isIeee754Compatible whether numbers of 64 bits are strings
 */
public record ODataFormat(Metadata metadata, boolean isIeee754Compatible) {
    /** The amount of control information. */
    public enum Metadata {
        /** Only what a client cannot compute: next link, count and delta link. */
        NONE,
        MINIMAL,
        FULL
    }

    /** The form for a request without {@code Accept}. */
    static final ODataFormat USUAL = new ODataFormat(Metadata.MINIMAL, false);

    /** The header that every response of Graph's routes has. */
    public static final Map<String, String> VERSION_HEADER = Map.of("OData-Version", "4.0");

    static final String JSON = "application/json";
    private static final String JSON_OR_TEXT = "text/plain";
    private static final Set<String> XML_RANGES = Set.of("*/*", "application/*", "application/xml");
    private static final String IEEE754_COMPATIBLE = "ieee754compatible";
    private static final int VERSION = 4;

    /**
     * Returns the form that a request accepts.
     *
     * @throws Refusal 406 if the header {@code Accept} excludes JSON, 400 for an {@code OData-MaxVersion} below 4.0
     */
    public static ODataFormat of(Request request) {
        return of(request, JSON);
    }

    /**
     * Returns the form for a response that is plain text.
     *
     * @throws Refusal 406 if the header {@code Accept} excludes JSON and text, 400 for an {@code OData-MaxVersion}
     *     below 4.0
     */
    static ODataFormat ofText(Request request) {
        return of(request, JSON_OR_TEXT);
    }

    private static ODataFormat of(Request request, String type) {
        requireVersion(request.header("odata-maxversion").orElse(""));
        String accept = request.header("accept").orElse("");
        if (accept.isEmpty() || accept.equals(JSON) || accept.equals("*/*")) {
            return USUAL;
        }
        List<MediaType> ranges = MediaType.ranges(accept);
        @Nullable ODataFormat best = ranges.isEmpty() ? USUAL : null;
        double bestQuality = 0;
        for (MediaType range : ranges) {
            double quality = quality(range);
            if (quality == 0 && range.type().equals(JSON) && metadata(range) == Metadata.MINIMAL) {
                throw notAcceptable(accept);
            }
            @Nullable ODataFormat format = quality > bestQuality ? of(range, type) : null;
            if (format != null) {
                best = format;
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw notAcceptable(accept);
        }
        return best;
    }

    /**
     * Checks that a request accepts an XML document.
     *
     * @throws Refusal 406 if the header {@code Accept} excludes XML, 400 for an {@code OData-MaxVersion} below 4.0
     */
    public static void requireXml(Request request) {
        requireVersion(request.header("odata-maxversion").orElse(""));
        List<MediaType> ranges = MediaType.ranges(request.header("accept").orElse(""));
        boolean isAccepted = ranges.isEmpty();
        for (MediaType range : ranges) {
            isAccepted |= XML_RANGES.contains(range.type()) && quality(range) > 0;
        }
        if (!isAccepted) {
            throw Refusal.of(
                    ErrorCode.NOT_ACCEPTABLE,
                    "The metadata is an XML document, which Accept excludes. Send application/xml, or remove the header.");
        }
    }

    /** Returns the form in a media range; null if it has none. */
    private static @Nullable ODataFormat of(MediaType range, String type) {
        boolean fits =
                switch (range.type()) {
                    case "*/*", "application/*", JSON -> true;
                    case "text/*", JSON_OR_TEXT -> type.equals(JSON_OR_TEXT);
                    default -> false;
                };
        @Nullable Metadata metadata = metadata(range);
        return fits && metadata != null && range.isUtf8()
                ? new ODataFormat(metadata, isIeee754Compatible(range))
                : null;
    }

    /** Returns the parameter of a media type; null for an unknown value. OData 4.01 has it without a prefix. */
    private static @Nullable Metadata metadata(MediaType type) {
        String short401 = type.parameters().getOrDefault("metadata", "minimal");
        String value = type.parameters().getOrDefault("odata.metadata", short401);
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "none" -> Metadata.NONE;
            case "minimal" -> Metadata.MINIMAL;
            case "full" -> Metadata.FULL;
            default -> null;
        };
    }

    /** Returns whether numbers of 64 bits are strings in content of this type. */
    static boolean isIeee754Compatible(MediaType type) {
        return type.parameters().getOrDefault(IEEE754_COMPATIBLE, "false").equalsIgnoreCase("true");
    }

    /** Returns the quality of a media range, from 0 to 1; 1 if it is malformed. */
    private static double quality(MediaType range) {
        String text = range.parameters().getOrDefault("q", "1");
        return text.matches("0(\\.[0-9]{0,3})?") ? Double.parseDouble(text) : 1;
    }

    private static void requireVersion(String maximum) {
        if (maximum.isEmpty()) {
            return;
        }
        boolean isVersion = maximum.strip().matches("[0-9]{1,3}(\\.[0-9]{1,3})?");
        if (!isVersion || new BigDecimal(maximum.strip()).compareTo(BigDecimal.valueOf(VERSION)) < 0) {
            throw Refusal.invalid(
                    "invalidValue",
                    "OData-MaxVersion",
                    "OData-MaxVersion " + InputLimits.excerpt(maximum)
                            + " is not supported. Send 4.0 or 4.01, or remove the header.");
        }
    }

    private static Refusal notAcceptable(String accept) {
        return Refusal.of(
                ErrorCode.NOT_ACCEPTABLE,
                "Accept " + InputLimits.excerpt(accept) + " excludes every form of the response. Send " + JSON
                        + ", with odata.metadata=none, minimal or full if needed.");
    }

    /** Returns whether the response has all control information. */
    public boolean isFull() {
        return metadata == Metadata.FULL;
    }

    /** Returns the {@code Content-Type} of a response in this form. */
    String contentType() {
        return JSON + ";odata.metadata=" + metadata.name().toLowerCase(Locale.ROOT)
                + ";odata.streaming=true;IEEE754Compatible=" + isIeee754Compatible + ";charset=utf-8";
    }
}
