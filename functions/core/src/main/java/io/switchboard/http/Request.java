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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request, as operations receive it. Header names are case-insensitive. API Gateway has decoded the path parameters
 * once. Immutable.
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
     * @param id the {@code request-id} of the response
     * @param publicBaseUrl the public base URL of the API; empty: {@code https} and the event's domain. Never the Host
     *     header
     */
    static Request of(
            EventStream.Received received, @Nullable Caller caller, Instant now, String publicBaseUrl, String id) {
        APIGatewayV2HTTPEvent event = received.event();
        var http = event.getRequestContext().getHttp();
        Map<String, String> headers = lowerCaseNames(orEmpty(event.getHeaders()));
        return new Request(
                http.getMethod(),
                event.getRawPath(),
                orEmpty(event.getQueryStringParameters()),
                headers,
                Map.of(),
                RequestBody.of(received, headers),
                caller,
                now,
                publicBaseUrl.isEmpty() ? "https://" + event.getRequestContext().getDomainName() : publicBaseUrl,
                id);
    }

    Request at(Map<String, String> parameters) {
        return new Request(method, path, query, headers, parameters, body, caller, now, baseUrl, id);
    }

    /** Returns the same request with each query option under the name that the function returns. */
    public Request withOptionNames(UnaryOperator<String> name) {
        Map<String, String> renamed = new LinkedHashMap<>();
        // API Gateway joins repeated options the same way.
        query.forEach((sent, value) -> renamed.merge(name.apply(sent), value, (one, next) -> one + "," + next));
        return new Request(method, path, renamed, headers, pathParameters, body, caller, now, baseUrl, id);
    }

    /** Returns the same request whose body is the result of the function when it is read as a JSON object. */
    public Request withBodyForm(UnaryOperator<Map<String, @Nullable Object>> form) {
        return new Request(method, path, query, headers, pathParameters, body.in(form), caller, now, baseUrl, id);
    }

    /**
     * Returns a request inside this one, such as a part of a {@code $batch}. It has the same caller and the same time.
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
                    "A request in a batch must not have Content-Encoding " + InputLimits.excerpt(codings)
                            + ". Remove the header; the whole batch can be compressed.");
        }
        RequestBody part = new RequestBody(body, "", lower.getOrDefault(RequestBody.CONTENT_TYPE, ""));
        return new Request(method, path, query, lower, Map.of(), part, caller, now, baseUrl, id);
    }

    /** Returns a header of an event, by its case-insensitive name; empty if it was not sent. */
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

    /** Returns the request id, which the response has in the header {@code request-id}. */
    public String id() {
        return id;
    }

    /** Returns the HTTP method in upper case. */
    public String method() {
        return method;
    }

    /** Returns the path, decoded once. */
    public String path() {
        return path;
    }

    /** Returns the path as part of a URL, with each segment percent-encoded. */
    public String encodedPath() {
        StringBuilder encoded = new StringBuilder();
        for (String segment : path.substring(1).split("/", -1)) {
            encoded.append('/').append(PercentEncoding.ofValue(segment));
        }
        return encoded.toString();
    }

    /** Returns the time when the request arrived, which is the current time for everything it does. */
    public Instant now() {
        return now;
    }

    /** Returns the absolute URL of a path of this API. */
    public String url(String path) {
        return baseUrl + path;
    }

    /**
     * Returns the caller.
     *
     * @throws Refusal 401 if the token does not identify a caller
     */
    public Caller caller() {
        if (caller == null) {
            throw Refusal.of(
                    ErrorCode.UNAUTHORIZED,
                    "The token is missing, has no tenant claim, or has an invalid tenant, user or application id."
                            + " Send a bearer token from the configured issuer.");
        }
        return caller;
    }

    /**
     * Returns the caller's tenant, which fits into a key.
     *
     * @throws Refusal 401 without a caller, 400 if the tenant id is too long
     */
    public String tenant() {
        String tenant = caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong", "", "The tenant id must have at most " + Keys.LONGEST_PART + " percent-encoded bytes.");
        }
        return tenant;
    }

    /** Returns a path parameter of the route. */
    public String pathParameter(String name) {
        @Nullable String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The route has no parameter " + name);
        }
        return value;
    }

    /** Returns whether the route has this path parameter. */
    public boolean hasPathParameter(String name) {
        return pathParameters.containsKey(name);
    }

    /** Returns a header, if it was sent and is not blank. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).filter(value -> !value.isBlank());
    }

    /** Returns the header {@code If-Match}. */
    public Optional<String> ifMatch() {
        return header("if-match");
    }

    /** Returns the versions that may be changed, from the header {@code If-Match}. */
    public Precondition precondition() {
        return ifMatch().map(EntityTag::precondition).orElse(Precondition.NONE);
    }

    /** Returns the header {@code If-None-Match}. */
    public Optional<String> ifNoneMatch() {
        return header("if-none-match");
    }

    /** Returns whether {@code Cache-Control: no-cache} was sent. */
    public boolean bypassesCache() {
        return header("cache-control")
                .filter(value -> value.toLowerCase(Locale.ROOT).contains("no-cache"))
                .isPresent();
    }

    /** Returns whether {@code Prefer: handling=strict} was sent, which turns warnings into errors. */
    public boolean isStrict() {
        return header("prefer")
                .filter(value -> value.toLowerCase(Locale.ROOT).replace(" ", "").contains("handling=strict"))
                .isPresent();
    }

    /** Returns whether a response may repeat the {@code client-request-id}: at most 256 printable ASCII characters. */
    public static boolean isEchoable(String clientRequestId) {
        return clientRequestId.length() <= 256 && clientRequestId.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
    }

    /** Returns one query option. {@link #query} has not yet checked that all options are supported. */
    public Optional<String> queryOption(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /**
     * Returns the query options, all of which must be supported.
     *
     * @throws Refusal 400 with each option that is not supported
     */
    public Map<String, String> query(Set<String> known) {
        Violations violations = new Violations();
        for (String name : query.keySet()) {
            if (known.contains(name)) {
                continue;
            }
            String option = InputLimits.excerpt(name);
            String message = "The query option " + option + " is not supported.";
            if (known.isEmpty()) {
                violations.add("unknownQueryOption", option, message + " Remove it.");
            } else {
                // Sorted, so that the order is the same in every process.
                violations.add("unknownQueryOption", option, message + " Use one of", new TreeSet<>(known));
            }
        }
        Refusal.ifAny(violations);
        return query;
    }

    /**
     * Returns a query option that is true or false; false if it is absent.
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
     * Returns the header {@code Idempotency-Key}.
     *
     * @throws Refusal 400 if it is longer than 255 characters
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
     * Returns a hexadecimal digest of the calling application and the decompressed body. A retry of the same request
     * has the same digest.
     */
    public String bodyHash() {
        return HexFormat.of().formatHex(Sha256.of(caller().provider(), body.read(MAXIMUM_BODY)));
    }

    /** Returns whether the request has a body. */
    public boolean hasBody() {
        return body.isPresent();
    }

    /**
     * Returns the body as an object.
     *
     * @param asTextToo whether a JSON string that holds the object is accepted too, as CIF allows both
     * @throws Refusal 415 for another media type, 413 over {@link #MAXIMUM_BODY}, 400 for anything but one JSON object
     */
    public Map<String, @Nullable Object> bodyObject(boolean asTextToo) {
        return body.object(asTextToo, List.of(JSON), MAXIMUM_BODY);
    }

    /**
     * Returns the body as any JSON value; null for the value null.
     *
     * @throws Refusal 415 for another media type, 413 over {@link #MAXIMUM_BODY}, 400 for anything but one JSON value
     */
    public @Nullable Object bodyValue() {
        return body.value(List.of(JSON), MAXIMUM_BODY);
    }

    /** Returns the body as an object of at most this number of bytes. */
    public Map<String, @Nullable Object> bodyObject(int maximum) {
        return body.object(false, List.of(JSON), maximum);
    }

    /** Returns the body as a merge patch (RFC 7396), sent with its own media type or as plain JSON. */
    public Map<String, @Nullable Object> mergePatch() {
        return mergePatch(MAXIMUM_BODY);
    }

    /** Returns the body as a merge patch of at most this number of bytes. */
    public Map<String, @Nullable Object> mergePatch(int maximum) {
        return body.object(false, List.of(JSON, MERGE_PATCH), maximum);
    }

    /** Returns the media type of the body with its parameters; empty if the header is missing or malformed. */
    public Optional<MediaType> contentType() {
        return body.contentType();
    }

    /**
     * Returns the media type of the body in lower case, without parameters; empty if the header is missing or
     * malformed.
     */
    public String mediaType() {
        return body.mediaType();
    }

    /**
     * Returns the bytes of a body that is not JSON.
     *
     * @param maximum in bytes
     * @throws Refusal 400 without a body, 415 for another media type, 413 for a larger body
     */
    public byte[] body(List<String> mediaTypes, int maximum) {
        return body.bytes(mediaTypes, maximum);
    }
}
