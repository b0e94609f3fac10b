package io.switchboard.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.switchboard.identity.Caller;
import io.switchboard.json.Violations;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Precondition;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import io.switchboard.text.Sha256;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One request, as the operations see it. Header names are compared without regard to case; path parameters are as API
 * Gateway decoded them, once. Immutable.
 */
public final class Request {
    /** The largest body of an ordinary request, in bytes. */
    public static final int MAXIMUM_BODY = 1_048_576;

    private static final int LONGEST_IDEMPOTENCY_KEY = 255;
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final String method;
    private final String path;
    private final Map<String, String> query;
    private final Map<String, String> headers;
    private final Map<String, String> pathParameters;
    private final RequestBody body;
    private final @Nullable Caller caller;
    private final Instant now;
    private final String baseUrl;
    private final String id;

    Request(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            Map<String, String> pathParameters,
            RequestBody body,
            @Nullable Caller caller,
            Instant now,
            String baseUrl,
            String id) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.pathParameters = pathParameters;
        this.body = body;
        this.caller = caller;
        this.now = now;
        this.baseUrl = baseUrl;
        this.id = id;
    }

    /**
     * @param id as the answer's {@code request-id} tells it
     * @param publicBaseUrl where callers reach the API; empty: {@code https} and the event's domain. Never the Host header
     */
    static Request of(
            APIGatewayV2HTTPEvent event, @Nullable Caller caller, Instant now, String publicBaseUrl, String id) {
        var http = event.getRequestContext().getHttp();
        Map<String, String> headers = lowerCaseNames(orEmpty(event.getHeaders()));
        return new Request(
                http.getMethod(),
                event.getRawPath(),
                orEmpty(event.getQueryStringParameters()),
                headers,
                Map.of(),
                RequestBody.of(event, headers),
                caller,
                now,
                publicBaseUrl.isEmpty() ? "https://" + event.getRequestContext().getDomainName() : publicBaseUrl,
                id);
    }

    Request at(Map<String, String> parameters) {
        return new Request(method, path, query, headers, parameters, body, caller, now, baseUrl, id);
    }

    /**
     * A request that came inside this one, such as a part of a {@code $batch}: of the same caller, at the same moment.
     *
     * @param path percent-decoded
     * @param headers names in any case
     * @throws Refusal 415 for a body with a {@code Content-Encoding}: only the whole request can be compressed
     */
    public Request within(
            String method, String path, Map<String, String> query, Map<String, String> headers, byte[] body) {
        Map<String, String> lower = lowerCaseNames(headers);
        String codings = lower.getOrDefault(RequestBody.CONTENT_ENCODING, "");
        if (body.length > 0 && !ContentCoding.isIdentity(codings)) {
            throw Refusal.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "A request of a batch cannot have Content-Encoding " + InputLimits.excerpt(codings)
                            + ". Send it without, and compress the whole batch.");
        }
        RequestBody part = new RequestBody(body, "", lower.getOrDefault(RequestBody.CONTENT_TYPE, ""));
        return new Request(method, path, query, lower, Map.of(), part, caller, now, baseUrl, id);
    }

    /** A header of an event, in any case; empty where it was not sent. */
    static String header(APIGatewayV2HTTPEvent event, String name) {
        for (var header : orEmpty(event.getHeaders()).entrySet()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return "";
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }

    private static Map<String, String> lowerCaseNames(Map<String, String> headers) {
        Map<String, String> lower = new HashMap<>();
        for (var header : headers.entrySet()) {
            lower.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        return lower;
    }

    /** The request's id, as the header {@code request-id} of its answer tells it. */
    public String id() {
        return id;
    }

    /** The HTTP method, upper case. */
    public String method() {
        return method;
    }

    /** The path, decoded once. */
    public String path() {
        return path;
    }

    /** The path as it stands in a URL, each segment percent-encoded. */
    public String encodedPath() {
        StringBuilder encoded = new StringBuilder();
        for (String segment : path.substring(1).split("/", -1)) {
            encoded.append('/').append(PercentEncoding.ofValue(segment));
        }
        return encoded.toString();
    }

    /** When the request arrived: the one "now" of everything it does. */
    public Instant now() {
        return now;
    }

    /** The absolute URL of a path of this API. */
    public String url(String path) {
        return baseUrl + path;
    }

    /**
     * Who calls.
     *
     * @throws Refusal 401 without one
     */
    public Caller caller() {
        if (caller == null) {
            throw Refusal.of(
                    ErrorCode.UNAUTHORIZED,
                    "The token is missing, has no tenant, or has an id that is not valid for a tenant, user or application."
                            + " Send a bearer token of the configured issuer.");
        }
        return caller;
    }

    /**
     * The caller's tenant, which fits into a key.
     *
     * @throws Refusal 401 without a caller, 400 for a tenant whose id is too long
     */
    public String tenant() {
        String tenant = caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong", "", "The tenant's id is longer than " + Keys.LONGEST_PART + " bytes once encoded.");
        }
        return tenant;
    }

    /** A parameter of the route's path. */
    public String pathParameter(String name) {
        @Nullable String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The route has no parameter " + name);
        }
        return value;
    }

    /** Whether the route's path has this parameter. */
    public boolean hasPathParameter(String name) {
        return pathParameters.containsKey(name);
    }

    /** A header, if it was sent and is not blank. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).filter(value -> !value.isBlank());
    }

    /** The header {@code If-Match}. */
    public Optional<String> ifMatch() {
        return header("if-match");
    }

    /** The versions under which a change may happen, by the header {@code If-Match}. */
    public Precondition precondition() {
        return ifMatch().map(EntityTag::precondition).orElse(Precondition.NONE);
    }

    /** The header {@code If-None-Match}. */
    public Optional<String> ifNoneMatch() {
        return header("if-none-match");
    }

    /** Whether {@code Cache-Control: no-cache} was sent. */
    public boolean wantsFresh() {
        return header("cache-control")
                .filter(value -> value.toLowerCase(Locale.ROOT).contains("no-cache"))
                .isPresent();
    }

    /** Whether {@code Prefer: handling=strict} was sent: warnings become errors. */
    public boolean isStrict() {
        return header("prefer")
                .filter(value -> value.toLowerCase(Locale.ROOT).replace(" ", "").contains("handling=strict"))
                .isPresent();
    }

    /** Whether an answer may repeat a caller's own id of a request: at most 256 printable characters of ASCII. */
    public static boolean isEchoable(String clientRequestId) {
        return clientRequestId.length() <= 256 && clientRequestId.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
    }

    /** One query option, before {@link #query} has checked that all of them are known. */
    public Optional<String> queryOption(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /**
     * The query options, none of which may be unknown.
     *
     * @throws Refusal 400 naming each unknown one
     */
    public Map<String, String> query(Set<String> known) {
        Violations violations = new Violations();
        for (String name : query.keySet()) {
            if (known.contains(name)) {
                continue;
            }
            String option = InputLimits.excerpt(name);
            String message = "The query option " + option + " is not known here.";
            if (known.isEmpty()) {
                violations.add("unknownQueryOption", option, message + " Leave it out.");
            } else {
                // In the same order in every process.
                violations.add("unknownQueryOption", option, message + " Use one of", new TreeSet<>(known));
            }
        }
        Refusal.ifAny(violations);
        return query;
    }

    /**
     * A query option that is true or false, and false where it is absent.
     *
     * @param known the options that the request may carry
     * @throws Refusal 400 for anything else
     */
    public boolean flag(String name, Set<String> known) {
        @Nullable String text = query(known).get(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw Refusal.invalid("invalidValue", name, name + " must be true or false.");
    }

    /**
     * The header {@code Idempotency-Key}.
     *
     * @throws Refusal 400 where it is longer than 255 characters
     */
    public Optional<String> idempotencyKey() {
        Optional<String> key = header("idempotency-key");
        if (key.filter(text -> text.length() > LONGEST_IDEMPOTENCY_KEY).isPresent()) {
            throw Refusal.invalid(
                    "invalidIdempotencyKey",
                    "Idempotency-Key",
                    "Idempotency-Key must have 1 to " + LONGEST_IDEMPOTENCY_KEY + " characters.");
        }
        return key;
    }

    /**
     * What makes a repeated request the same one: who sends it, and the bytes of its body, however they were compressed, as a hexadecimal
     * digest.
     */
    public String bodyHash() {
        return HexFormat.of().formatHex(Sha256.of(caller().provider(), body.read(MAXIMUM_BODY)));
    }

    /** Whether there is a body. */
    public boolean hasBody() {
        return body.isPresent();
    }

    /**
     * The body as an object.
     *
     * @param asTextToo whether a JSON string that holds the object is accepted too, as CIF allows both
     * @throws Refusal 415 for another media type, 413 over {@link #MAXIMUM_BODY}, 400 for anything but one JSON object
     */
    public Map<String, @Nullable Object> bodyObject(boolean asTextToo) {
        return body.object(asTextToo, List.of(JSON), MAXIMUM_BODY);
    }

    /**
     * The body as an object that may be larger than others.
     *
     * @param maximum in bytes
     */
    public Map<String, @Nullable Object> bodyObject(int maximum) {
        return body.object(false, List.of(JSON), maximum);
    }

    /** The body as a merge patch (RFC 7396), by its own media type or as plain JSON. */
    public Map<String, @Nullable Object> mergePatch() {
        return mergePatch(MAXIMUM_BODY);
    }

    /**
     * A merge patch that may be larger than others.
     *
     * @param maximum in bytes
     */
    public Map<String, @Nullable Object> mergePatch(int maximum) {
        return body.object(false, List.of(JSON, MERGE_PATCH), maximum);
    }

    /** The media type of the body in lower case, without parameters; empty if the header is missing or malformed. */
    public String mediaType() {
        return body.mediaType();
    }

    /**
     * The bytes of a body that is not JSON.
     *
     * @param maximum in bytes
     * @throws Refusal 400 without a body, 415 for another media type, 413 for a larger body
     */
    public byte[] body(List<String> mediaTypes, int maximum) {
        return body.bytes(mediaTypes, maximum);
    }
}
