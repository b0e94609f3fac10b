package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The local server's token issuer, an OAuth 2.0 authorization server for the client credentials grant (RFC 6749 §4.4)
 * with an OpenID Connect discovery document. It accepts any client with any secret and issues a token for any identity,
 * so it is for local use only and is never deployed. Thread-safe.
 *
 * <p>{@code POST /oauth2/token} accepts these fields besides {@code grant_type=client_credentials}, each at most once:
 *
 * <ul>
 *   <li>{@code tenant}: claim {@code tid}; default {@code local}
 *   <li>{@code user}: claims {@code oid} and {@code sub}; without it the token is app-only ({@code idtyp=app}, no
 *       {@code scp})
 *   <li>{@code provider}: claim {@code azp}; default the client's id, or {@code local-provider} without one
 *   <li>{@code scope}: permissions separated by blanks; claim {@code scp}, or {@code roles} of an app-only token
 *   <li>{@code roles}: separated by blanks or commas; claim {@code roles}
 *   <li>{@code expires_in}: seconds; default 3600; zero or less issues an expired token
 * </ul>
 *
 * <p>With {@code Accept: text/plain} the response is the bare token, for shells.
 */
final class TokenIssuer {
    static final String CONFIGURATION_PATH = "/.well-known/openid-configuration";
    static final String KEYS_PATH = "/.well-known/jwks.json";
    static final String TOKEN_PATH = "/oauth2/token";

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String CLIENT_CREDENTIALS = "client_credentials";
    private static final int KEY_BITS = 2048;
    private static final long DEFAULT_SECONDS = 3_600;
    private static final long MAXIMUM_SECONDS = 365L * 24 * 3_600;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final URI issuer;
    private final String audience;
    private final RSAKey key;
    private final Clock clock;

    TokenIssuer(URI issuer, String audience, RSAKey key, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.key = key;
        this.clock = clock;
    }

    static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(KEY_BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("Every JDK supports RSA keys", e);
        }
    }

    JWKSource<SecurityContext> keys() {
        return new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK()));
    }

    static boolean serves(String path) {
        return path.equals(CONFIGURATION_PATH) || path.equals(KEYS_PATH) || path.equals(TOKEN_PATH);
    }

    OutgoingResponse handle(IncomingRequest request) {
        String path = request.path();
        List<String> allowed = path.equals(TOKEN_PATH) ? List.of("POST") : List.of("GET", "HEAD");
        if (!allowed.contains(request.method())) {
            return error(405, "invalid_request", path + " accepts only " + String.join(" and ", allowed))
                    .with("allow", String.join(", ", allowed));
        }
        return switch (path) {
            case CONFIGURATION_PATH -> OutgoingResponse.json(200, configuration());
            case KEYS_PATH ->
                new OutgoingResponse(
                        200,
                        Map.of("content-type", List.of("application/jwk-set+json")),
                        Bytes.of(new JWKSet(key).toString()));
            default -> token(request);
        };
    }

    private ObjectNode configuration() {
        var document = NODES.objectNode();
        document.put("issuer", issuer.toString());
        document.put("token_endpoint", issuer + TOKEN_PATH);
        document.put("jwks_uri", issuer + KEYS_PATH);
        document.putArray("grant_types_supported").add(CLIENT_CREDENTIALS);
        document.putArray("token_endpoint_auth_methods_supported")
                .add("client_secret_basic")
                .add("client_secret_post");
        document.putArray("response_types_supported");
        document.putArray("subject_types_supported").add("public");
        document.putArray("id_token_signing_alg_values_supported").add(JWSAlgorithm.RS256.getName());
        return document;
    }

    private OutgoingResponse token(IncomingRequest request) {
        String type = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.equals(FORM) && !type.startsWith(FORM + ";")) {
            return error(400, "invalid_request", "Content-Type must be " + FORM);
        }
        var form = new LinkedHashMap<String, String>();
        for (String field : request.body().text().split("&", -1)) {
            if (field.isEmpty()) {
                continue;
            }
            int equals = field.indexOf('=');
            try {
                String name = IncomingRequest.formDecoded(equals < 0 ? field : field.substring(0, equals));
                String value = equals < 0 ? "" : IncomingRequest.formDecoded(field.substring(equals + 1));
                if (form.putIfAbsent(name, value) != null) {
                    return error(400, "invalid_request", "The field " + name + " must not be repeated");
                }
            } catch (IllegalArgumentException e) {
                return error(400, "invalid_request", "The form is not valid percent-encoding");
            }
        }
        // An empty field is treated as absent (RFC 6749 §3.2).
        form.values().removeIf(String::isBlank);
        String grant = form.get("grant_type");
        if (grant == null) {
            return error(400, "invalid_request", "grant_type is missing. Send grant_type=" + CLIENT_CREDENTIALS);
        }
        if (!grant.equals(CLIENT_CREDENTIALS)) {
            return error(
                    400,
                    "unsupported_grant_type",
                    "The only supported grant is grant_type=" + CLIENT_CREDENTIALS
                            + ". To get a user's token, send the field user");
        }
        var seconds = seconds(form.get("expires_in"));
        if (seconds.isEmpty()) {
            return error(
                    400,
                    "invalid_request",
                    "expires_in must be a whole number of seconds from -" + MAXIMUM_SECONDS + " to " + MAXIMUM_SECONDS);
        }
        return issue(form, client(request, form), seconds.get(), acceptsText(request));
    }

    private OutgoingResponse issue(Map<String, String> form, String client, long seconds, boolean bare) {
        var permissions = words(form.getOrDefault("scope", ""));
        var roles = new LinkedHashSet<>(words(form.getOrDefault("roles", "").replace(',', ' ')));
        String provider = form.getOrDefault("provider", client);
        Optional<String> user = Optional.ofNullable(form.get("user"));
        if (user.isEmpty()) {
            roles.addAll(permissions);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiry = now.plusSeconds(seconds);
        // An expired token has an earlier issue time, so that expiry is its only defect.
        Instant issued = seconds > 0 ? now : expiry.minusSeconds(DEFAULT_SECONDS);
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer.toString())
                .audience(audience)
                .issueTime(Date.from(issued))
                .notBeforeTime(Date.from(issued))
                .expirationTime(Date.from(expiry))
                .jwtID(UUID.randomUUID().toString())
                .subject(user.orElse(provider))
                .claim("tid", form.getOrDefault("tenant", "local"))
                .claim("azp", provider);
        user.ifPresentOrElse(id -> claims.claim("oid", id), () -> claims.claim("idtyp", "app"));
        if (user.isPresent() && !permissions.isEmpty()) {
            claims.claim("scp", String.join(" ", permissions));
        }
        if (!roles.isEmpty()) {
            claims.claim("roles", new ArrayList<>(roles));
        }
        return tokenResponse(sign(claims.build()), seconds, permissions, bare);
    }

    private static OutgoingResponse tokenResponse(String token, long seconds, List<String> permissions, boolean bare) {
        if (bare) {
            return uncached(new OutgoingResponse(
                    200, Map.of("content-type", List.of("text/plain;charset=UTF-8")), Bytes.of(token)));
        }
        var body = NODES.objectNode()
                .put("access_token", token)
                .put("token_type", "Bearer")
                .put("expires_in", seconds);
        if (!permissions.isEmpty()) {
            body.put("scope", String.join(" ", permissions));
        }
        return uncached(OutgoingResponse.json(200, body));
    }

    private String sign(JWTClaimsSet claims) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID(key.getKeyID())
                    .type(JOSEObjectType.JWT)
                    .build();
            var jwt = new SignedJWT(header, claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("The key generated at startup must be able to sign", e);
        }
    }

    /** Returns the client id from HTTP Basic (RFC 6749 §2.3.1) or the field {@code client_id}. Ignores the secret. */
    private static String client(IncomingRequest request, Map<String, String> form) {
        String authorization = request.header("authorization").orElse("");
        if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                var credentials = new String(
                        Base64.getDecoder().decode(authorization.substring(6).strip()), UTF_8);
                int colon = credentials.indexOf(':');
                String id = IncomingRequest.formDecoded(colon < 0 ? credentials : credentials.substring(0, colon));
                if (!id.isBlank()) {
                    return id;
                }
            } catch (IllegalArgumentException e) {
                // Unreadable credentials are accepted like any other client.
            }
        }
        return form.getOrDefault("client_id", "local-provider");
    }

    private static Optional<Long> seconds(@Nullable String text) {
        if (text == null) {
            return Optional.of(DEFAULT_SECONDS);
        }
        try {
            long seconds = Long.parseLong(text.strip());
            return Math.abs(seconds) <= MAXIMUM_SECONDS ? Optional.of(seconds) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean acceptsText(IncomingRequest request) {
        return request.header("accept")
                .map(accept -> accept.toLowerCase(Locale.ROOT).strip())
                .filter(accept -> accept.startsWith("text/plain"))
                .isPresent();
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    private static OutgoingResponse error(int status, String code, String description) {
        return uncached(OutgoingResponse.json(
                status, NODES.objectNode().put("error", code).put("error_description", description)));
    }

    private static OutgoingResponse uncached(OutgoingResponse response) {
        return response.with("cache-control", "no-store").with("pragma", "no-cache");
    }
}
