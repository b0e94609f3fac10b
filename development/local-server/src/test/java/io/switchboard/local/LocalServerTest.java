package io.switchboard.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.runtime.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGE = "http://localhost:";
    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
    private static final ByteArrayOutputStream FUNCTION_LOG = new ByteArrayOutputStream();

    private static LocalServer server;
    private static Callers callers;

    @BeforeAll
    static void start() {
        server = LocalServer.start(
                LocalServerSettings.of(Callers.template()).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()),
                new PrintStream(LOG, true, UTF_8),
                new PrintStream(FUNCTION_LOG, true, UTF_8),
                Clock.systemUTC(),
                Ticker.system(),
                Duration.ofSeconds(30));
        callers = new Callers(HttpClient.newHttpClient(), server.baseUri());
    }

    @AfterAll
    static void stop() {
        callers.http().close();
        server.close();
    }

    // ── tokens ──────────────────────────────────────────────────────────────

    @Test
    void oauth_client_discovers_the_issuer_gets_a_token_and_verifies_it() throws Exception {
        var metadata = OIDCProviderMetadata.resolve(new Issuer(server.baseUri()));
        var response = TokenResponse.parse(new TokenRequest.Builder(
                        metadata.getTokenEndpointURI(),
                        new ClientSecretBasic(new ClientID("contoso-cti"), new Secret("any")),
                        new ClientCredentialsGrant())
                .scope(new Scope("Sessions.ReadWrite.All", "Templates.Read"))
                .build()
                .toHTTPRequest()
                .send());
        assertThat(response.indicatesSuccess()).isTrue();
        var token = response.toSuccessResponse().getTokens().getBearerAccessToken();
        assertThat(token.getLifetime()).isEqualTo(3600);

        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.RS256,
                JWKSourceBuilder.create(metadata.getJWKSetURI().toURL()).build()));
        var claims = processor.process(token.getValue(), null);

        assertThat(claims.getIssuer()).isEqualTo(server.baseUri().toString());
        assertThat(claims.getAudience()).containsExactly("switchboard");
        assertThat(claims.getSubject()).isEqualTo("contoso-cti");
        assertThat(claims.getStringClaim("azp")).isEqualTo("contoso-cti");
        assertThat(claims.getStringClaim("tid")).isEqualTo("local");
        assertThat(claims.getStringClaim("idtyp")).isEqualTo("app");
        assertThat(claims.getStringListClaim("roles")).containsExactly("Sessions.ReadWrite.All", "Templates.Read");
        assertThat(claims.getClaim("scp")).isNull();
        assertThat(claims.getJWTID()).isNotBlank();
    }

    @Test
    void user_token_has_the_requested_identity() throws Exception {
        var claims = SignedJWT.parse(callers.token(
                        "tenant=t1&user=u%201&provider=p1&scope=A.Read%20B.Read&roles=agent,lead%20x&expires_in=60"))
                .getJWTClaimsSet();

        assertThat(claims.getSubject()).isEqualTo("u 1");
        assertThat(claims.getStringClaim("oid")).isEqualTo("u 1");
        assertThat(claims.getStringClaim("tid")).isEqualTo("t1");
        assertThat(claims.getStringClaim("azp")).isEqualTo("p1");
        assertThat(claims.getStringClaim("scp")).isEqualTo("A.Read B.Read");
        assertThat(claims.getStringListClaim("roles")).containsExactly("agent", "lead", "x");
        assertThat(claims.getClaim("idtyp")).isNull();
        assertThat(Duration.between(
                        claims.getIssueTime().toInstant(),
                        claims.getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type=password, unsupported_grant_type",
        "user=a, invalid_request",
        "grant_type=client_credentials&expires_in=soon, invalid_request",
        "grant_type=client_credentials&user=a&user=b, invalid_request",
        "grant_type=client_credentials&user=%zz, invalid_request",
    })
    void invalid_token_request_returns_an_oauth_error(String form, String code) throws Exception {
        var response = callers.requestToken(form);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        assertThat(JSON.readTree(response.body()).path("error").asText()).isEqualTo(code);
        assertThat(JSON.readTree(response.body()).path("error_description").asText())
                .isNotBlank();
    }

    @Test
    void token_request_must_be_a_form_sent_with_post() throws Exception {
        assertThat(callers.send(callers.to("/oauth2/token").GET()).statusCode()).isEqualTo(405);
        var json = callers.send(callers.to("/oauth2/token")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(json.statusCode()).isEqualTo(400);
        assertThat(json.body()).contains("application/x-www-form-urlencoded");
    }

    @Test
    void plain_text_response_is_the_bare_token() throws Exception {
        var response = callers.send(callers.to("/oauth2/token")
                .header("Accept", "text/plain")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials&user=a")));

        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        assertThat(SignedJWT.parse(response.body()).getJWTClaimsSet().getSubject())
                .isEqualTo("a");
    }

    // ── the authorizer ──────────────────────────────────────────────────────

    @Test
    void verified_claims_reach_the_function_flattened() throws Exception {
        var jwt = callers.event(
                        callers.to("/closed/a").header("Authorization", "Bearer " + callers.token("user=u&roles=b,a")))
                .at("/requestContext/authorizer/jwt");

        assertThat(jwt.at("/claims/roles").asText()).isEqualTo("[b a]");
        assertThat(jwt.at("/claims/exp").isTextual()).isTrue();
        assertThat(jwt.at("/claims/exp").asText()).matches("[0-9]{10}");
        assertThat(jwt.at("/claims/aud").asText()).isEqualTo("switchboard");
        assertThat(jwt.has("scopes")).isTrue();
        assertThat(jwt.path("scopes").isNull()).isTrue();
    }

    @Test
    void claims_of_every_kind_become_text() {
        assertThat(FlatClaims.of(Map.of(
                        "array",
                        List.of("a", 1, true),
                        "number",
                        1.5e9,
                        "truth",
                        true,
                        "object",
                        Map.of("b", 2, "a", 1))))
                .isEqualTo(Map.of(
                        "array", "[a 1 true]", "number", "1500000000", "truth", "true", "object", "map[a:1 b:2]"));
    }

    @Test
    void request_without_a_token_returns_401_like_api_gateway() throws Exception {
        var response = callers.send(callers.to("/closed/a"));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
    }

    @Test
    void expired_token_is_rejected() throws Exception {
        assertRejected(callers.token("user=u&expires_in=-1"), "the token has expired");
        assertRejected(callers.token("user=u&expires_in=0"), "the token has expired");
    }

    @Test
    void token_signed_with_another_key_is_rejected() throws Exception {
        assertRejected(forged(claims().build(), null), "is not one of the issuer's");
    }

    @Test
    void token_with_a_forged_key_id_is_rejected() throws Exception {
        String kid = SignedJWT.parse(callers.token("user=u")).getHeader().getKeyID();
        assertRejected(forged(claims().build(), kid), "signature is not valid");
    }

    @Test
    void token_changed_after_signing_is_rejected() throws Exception {
        String[] parts = callers.token("user=u").split("\\.", -1);
        String payload = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8).replace("\"u\"", "\"v\"");
        parts[1] = Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8));
        assertRejected(String.join(".", parts), "signature is not valid");
    }

    @Test
    void token_without_a_signature_or_with_a_shared_secret_is_rejected() throws Exception {
        assertRejected(new PlainJWT(claims().build()).serialize(), "not a signed JWT");
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
        jwt.sign(new MACSigner(new byte[32]));
        assertRejected(jwt.serialize(), "RSA");
        assertRejected("rubbish", "not a signed JWT");
    }

    @Test
    void token_of_another_issuer_audience_or_time_is_rejected() throws Exception {
        assertClaimsRejected(claims().issuer("https://other.example"), "does not have a valid issuer");
        assertClaimsRejected(claims().audience("other"), "does not have a valid audience");
        assertClaimsRejected(claims().audience((String) null), "does not have a valid audience");
        assertClaimsRejected(claims().expirationTime(null), "no expiration time");
        assertClaimsRejected(claims().notBeforeTime(Date.from(Instant.now().plusSeconds(60))), "not valid yet");
        assertClaimsRejected(claims().issueTime(Date.from(Instant.now().plusSeconds(60))), "not valid yet");
    }

    @Test
    void client_id_replaces_an_absent_audience() throws Exception {
        assertThat(verify(claims().audience((String) null).claim("client_id", "switchboard")))
                .isInstanceOf(TokenVerifier.Verified.class);
        assertThat(verify(claims().audience("other").claim("client_id", "switchboard")))
                .isInstanceOf(TokenVerifier.Rejected.class);
    }

    @Test
    void bearer_prefix_is_optional_and_open_routes_need_no_token() throws Exception {
        assertThat(callers.send(callers.to("/closed/a").header("Authorization", callers.token("user=u")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(callers.event(callers.to("/open/a").header("Authorization", "rubbish"))
                        .at("/requestContext")
                        .has("authorizer"))
                .isFalse();
    }

    @Test
    void tokens_of_another_issuer_are_verified_by_its_published_keys() throws Exception {
        try (var other = LocalServer.start(LocalServerSettings.of(Callers.template())
                .withDynamoDb(EmbeddedDynamoDb.sharedEndpoint())
                .withParameters(Map.of("Issuer", server.baseUri().toString())))) {
            var there = new Callers(callers.http(), other.baseUri());
            assertThat(there.send(there.to("/closed/a").header("Authorization", callers.token("user=u")))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(there.send(there.to("/closed/a").header("Authorization", there.token("user=u")))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    // ── the event ───────────────────────────────────────────────────────────

    @Test
    void event_is_payload_format_2() throws Exception {
        var event = callers.event(callers.to("/open/a/b?x=1&y=a%20b&x=2&z&plus=a+b&amp=%26")
                .header("X-Twice", "1")
                .header("X-Twice", "2")
                .header("User-Agent", "tester")
                .header("Cookie", "c1=v1; c2=v2"));

        assertThat(event.path("version").asText()).isEqualTo("2.0");
        assertThat(event.path("routeKey").asText()).isEqualTo("ANY /open/{proxy+}");
        assertThat(event.path("rawPath").asText()).isEqualTo("/open/a/b");
        assertThat(event.path("rawQueryString").asText()).isEqualTo("x=1&y=a%20b&x=2&z&plus=a+b&amp=%26");
        assertThat(event.path("queryStringParameters"))
                .isEqualTo(JSON.readTree("{\"x\":\"1,2\",\"y\":\"a b\",\"z\":\"\",\"plus\":\"a b\",\"amp\":\"&\"}"));
        assertThat(event.at("/pathParameters/proxy").asText()).isEqualTo("a/b");
        assertThat(event.at("/headers/x-twice").asText()).isEqualTo("1,2");
        assertThat(event.path("headers").has("cookie")).isFalse();
        assertThat(event.at("/headers/host").asText())
                .isEqualTo(server.baseUri().getAuthority());
        assertThat(event.at("/headers/x-forwarded-proto").asText()).isEqualTo("http");
        assertThat(event.path("cookies")).isEqualTo(JSON.readTree("[\"c1=v1\",\"c2=v2\"]"));
        assertThat(event.has("body")).isFalse();
        assertThat(event.path("isBase64Encoded").asBoolean(true)).isFalse();
        var context = event.path("requestContext");
        assertThat(context.path("stage").asText()).isEqualTo("$default");
        assertThat(context.path("domainName").asText())
                .isEqualTo(server.baseUri().getAuthority());
        assertThat(context.path("time").asText())
                .matches("[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} \\+0000");
        assertThat(Math.abs(context.path("timeEpoch").asLong() - System.currentTimeMillis()))
                .isLessThan(60_000);
        assertThat(context.at("/http/method").asText()).isEqualTo("GET");
        assertThat(context.at("/http/path").asText()).isEqualTo("/open/a/b");
        assertThat(context.at("/http/protocol").asText()).isEqualTo("HTTP/1.1");
        assertThat(context.at("/http/sourceIp").asText()).isEqualTo("127.0.0.1");
        assertThat(context.at("/http/userAgent").asText()).isEqualTo("tester");
        assertThat(context.path("requestId").asText()).isNotBlank();
    }

    @Test
    void request_without_query_has_no_query_parameters_and_no_cookies() throws Exception {
        var event = callers.event(callers.to("/open/a"));

        assertThat(event.path("rawQueryString").asText()).isEmpty();
        assertThat(event.has("queryStringParameters")).isFalse();
        assertThat(event.has("cookies")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/closed/a%20b, a b",
        "/closed/%25, %",
        "/closed/%252F, %2F",
        "/closed/a+b, a+b",
        "/closed/%C3%BC%F0%9F%98%80, ü😀",
        "/closed/%3F%23, ?#",
    })
    void path_parameters_are_decoded_once(String path, String expected) throws Exception {
        var event = callers.event(callers.to(path).header("Authorization", callers.token("user=u")));

        assertThat(event.at("/pathParameters/name").asText()).isEqualTo(expected);
        assertThat(event.path("rawPath").asText()).isEqualTo("/closed/" + expected);
    }

    @Test
    void encoded_slash_is_decoded_before_route_selection() throws Exception {
        assertThat(callers.event(callers.to("/open/a%2Fb"))
                        .at("/pathParameters/proxy")
                        .asText())
                .isEqualTo("a/b");
        assertThat(callers.send(callers.to("/closed/a%2Fb")).statusCode()).isEqualTo(404);
    }

    @Test
    void any_text_is_preserved_in_path_and_query() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            String text = "x" + randomText(random);
            String encoded = URLEncoder.encode(text, UTF_8);
            var event = callers.event(callers.to("/open/" + encoded.replace("+", "%20") + "?q=" + encoded));
            assertThat(event.at("/pathParameters/proxy").asText())
                    .as("seed %d", seed)
                    .isEqualTo(text);
            assertThat(event.at("/queryStringParameters/q").asText())
                    .as("seed %d", seed)
                    .isEqualTo(text);
            assertThat(event.path("rawQueryString").asText())
                    .as("seed %d", seed)
                    .isEqualTo("q=" + encoded);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, false",
        "application/json; charset=utf-8, false",
        "text/plain, false",
        "Application/XML, false",
        "application/merge-patch+json, true",
        "application/x-www-form-urlencoded, true",
        "application/octet-stream, true",
        ", true",
    })
    void body_is_text_for_the_text_types_of_api_gateway_and_base64_otherwise(String type, boolean base64)
            throws Exception {
        var request = callers.to("/open/a").POST(BodyPublishers.ofString("{\"a\":\"ü\"}"));
        if (type != null) {
            request.header("Content-Type", type);
        }
        var event = callers.event(request);

        assertThat(event.path("isBase64Encoded").asBoolean()).isEqualTo(base64);
        String body = event.path("body").asText();
        assertThat(base64 ? new String(Base64.getDecoder().decode(body), UTF_8) : body)
                .isEqualTo("{\"a\":\"ü\"}");
    }

    @Test
    void body_with_invalid_utf8_reaches_the_handler_unchanged() throws Exception {
        byte[] bytes = "{\"a\":\"ü\"}".getBytes(ISO_8859_1);
        var event = callers.event(callers.to("/open/a")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(bytes)));

        assertThat(event.path("isBase64Encoded").asBoolean()).isTrue();
        assertThat(Base64.getDecoder().decode(event.path("body").asText())).isEqualTo(bytes);
    }

    @Test
    void function_gets_its_environment_and_its_own_context() throws Exception {
        var first = callers.echo(callers.to("/open/a"));
        var second = callers.echo(callers.to("/open/a"));

        assertThat(first.at("/environment/AWS_ENDPOINT_URL_DYNAMODB").asText())
                .isEqualTo(server.dynamoDb().toString());
        assertThat(first.at("/environment/PUBLIC_BASE_URL").asText())
                .isEqualTo(server.baseUri().toString());
        assertThat(first.at("/environment/AWS_REGION").asText()).isNotBlank();
        assertThat(first.at("/context/functionName").asText()).isEqualTo("Echo");
        assertThat(first.at("/context/remaining").asInt()).isBetween(30_000, 40_000);
        assertThat(first.at("/context/requestId")).isNotEqualTo(second.at("/context/requestId"));
        assertThat(FUNCTION_LOG.toString(UTF_8)).contains("two | lines");
    }

    // ── responses ───────────────────────────────────────────────────────────

    @Test
    void function_sets_headers_and_cookies() throws Exception {
        var response = callers.send(callers.to("/open/a"));

        assertThat(response.headers().firstValue("etag")).contains("W/\"1\"");
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        assertThat(response.headers().firstValue("apigw-requestid")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET /assets/app.js",
                "GET /open/a",
                "HEAD /open/a",
                "GET /.well-known/jwks.json",
                "POST /oauth2/token",
                "POST /2015-03-31/functions/Echo/invocations",
                "POST /local/bus",
                "POST /local/queues/x",
                "GET /local/events",
                "OPTIONS /local/events"
            })
    void request_with_a_foreign_host_returns_403_on_every_path(String request) throws Exception {
        try (var client = new RawRequest(server.baseUri())) {
            assertThat(client.send(request
                            + " HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                    .as(request)
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.well-known/openid-configuration", "/.well-known/jwks.json", "/", "/local/events"})
    void head_works_on_the_servers_own_get_paths(String path) throws Exception {
        String token = callers.token("user=alice&scope=Sessions.ReadWrite");
        var response = callers.send(
                callers.to(path).header("Authorization", "Bearer " + token).HEAD());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void head_has_no_body() throws Exception {
        var response = callers.send(callers.to("/open/a").HEAD());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "rubbish", "nothing", "badStatus"})
    void failing_handler_returns_500_without_internal_details(String how) throws Exception {
        var response = callers.send(callers.to("/odd/" + how).POST(BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
    }

    @Test
    void function_response_without_status_is_the_body() throws Exception {
        var response = callers.send(callers.to("/odd/noStatus").POST(BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"a\":1}");
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
    }

    @Test
    void base64_response_is_decoded_and_the_default_type_is_plain_text() throws Exception {
        var binary = callers.http()
                .send(
                        callers.to("/odd/binary").POST(BodyPublishers.noBody()).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(binary.body()).containsExactly(0, 0xFF);

        assertThat(callers.send(callers.to("/odd/plain").POST(BodyPublishers.noBody()))
                        .headers()
                        .firstValue("content-type"))
                .contains("text/plain;charset=UTF-8");
    }

    @Test
    void slow_function_returns_503_at_api_gateways_timeout_and_500_at_its_own() throws Exception {
        var silent = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        try (var impatient = LocalServer.start(
                LocalServerSettings.of(Callers.template()).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()),
                silent,
                silent,
                Clock.systemUTC(),
                Ticker.system(),
                Duration.ofMillis(300))) {
            var own = new Callers(callers.http(), impatient.baseUri());
            var gateway = own.send(own.to("/odd/slow").POST(BodyPublishers.noBody()));
            assertThat(gateway.statusCode()).isEqualTo(503);
            assertThat(gateway.body()).isEqualTo("{\"message\":\"Service Unavailable\"}");
        }

        var own = callers.send(callers.to("/hasty/slow").POST(BodyPublishers.noBody()));
        assertThat(own.statusCode()).isEqualTo(500);
    }

    @Test
    void path_without_a_route_returns_404() throws Exception {
        var response = callers.send(callers.to("/nowhere"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("{\"message\":\"Not Found\"}");
    }

    // ── limits ──────────────────────────────────────────────────────────────

    @Test
    void body_over_10_mb_and_event_over_lambdas_limit_return_413() throws Exception {
        for (int size : new int[] {ApiGateway.BODY_LIMIT + 1, ApiGateway.BODY_LIMIT, 6_300_000}) {
            var response = callers.send(callers.to("/open/a")
                    .header("Content-Type", "text/plain")
                    .POST(BodyPublishers.ofString("a".repeat(size))));
            assertThat(response.statusCode()).as("%d", size).isEqualTo(413);
            assertThat(response.body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
        }
        assertThat(callers.send(callers.to("/odd/plain")
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("a".repeat(6_200_000))))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void request_line_and_headers_are_limited_to_10240_bytes() throws Exception {
        assertThat(callers.send(callers.to("/open/" + "a".repeat(10_240))).statusCode())
                .isEqualTo(414);
        assertThat(callers.send(callers.to("/open/a").header("X-Long", "a".repeat(10_240)))
                        .statusCode())
                .isEqualTo(431);
        assertThat(callers.send(callers.to("/open/a").header("X-Long", "a".repeat(9_000)))
                        .statusCode())
                .isEqualTo(200);
    }

    // ── CORS ────────────────────────────────────────────────────────────────

    @Test
    void preflight_uses_the_template_and_needs_no_token() throws Exception {
        var response = preflight(PAGE + server.baseUri().getPort());

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("access-control-allow-origin"))
                .contains(PAGE + server.baseUri().getPort());
        assertThat(response.headers().firstValue("access-control-allow-methods"))
                .contains("GET,POST");
        assertThat(response.headers().firstValue("access-control-allow-headers"))
                .contains("Authorization,Content-Type");
        assertThat(response.headers().firstValue("access-control-max-age")).contains("60");
    }

    @Test
    void preflight_of_another_origin_gets_no_cors_headers() throws Exception {
        assertNoCors(preflight("https://evil.example"));
        assertNoCors(callers.send(callers.to("/open/a").header("Origin", "https://evil.example")));
        assertNoCors(callers.send(callers.to("/open/a")));
    }

    @Test
    void responses_have_the_templates_cors_headers_instead_of_the_functions() throws Exception {
        var origin = server.baseUri().toString();
        var response = callers.send(callers.to("/open/a").header("Origin", origin));
        assertThat(response.headers().allValues("access-control-allow-origin")).containsExactly(origin);
        assertThat(response.headers().firstValue("access-control-expose-headers"))
                .contains("ETag");

        var rejected = callers.send(callers.to("/closed/a").header("Origin", origin));
        assertThat(rejected.statusCode()).isEqualTo(401);
        assertThat(rejected.headers().firstValue("access-control-allow-origin")).contains(origin);
    }

    @Test
    void options_request_without_preflight_headers_goes_to_its_route() throws Exception {
        var event = callers.event(callers.to("/closed/a").method("OPTIONS", BodyPublishers.noBody()));

        assertThat(event.path("routeKey").asText()).isEqualTo("OPTIONS /closed/{name}");
    }

    // ── concurrency ─────────────────────────────────────────────────────────

    @Test
    void thousand_mixed_requests_on_32_connections_get_no_5xx_and_lose_no_write() throws Exception {
        String token = callers.token("user=u");
        var calls = new ArrayList<Callable<int[]>>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            calls.add(() -> switch (number % 5) {
                case 0 -> new int[] {401, status("PUT", "/writes/no" + number, "Bearer forged")};
                case 1 -> new int[] {400, status("PUT", "/writes/x" + number, token)};
                case 2 -> new int[] {404, status("GET", "/nowhere", token)};
                default -> new int[] {201, status("PUT", "/writes/w" + number, token)};
            });
        }
        try (var threads = Executors.newFixedThreadPool(32)) {
            for (Future<int[]> call : threads.invokeAll(calls)) {
                assertThat(call.get()[1]).isEqualTo(call.get()[0]);
            }
            var reads = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 1_000; i++) {
                if (i % 5 > 2) {
                    String path = "/writes/w" + i;
                    reads.add(() -> status("GET", path, token));
                }
            }
            assertThat(reads).hasSize(400);
            for (Future<Integer> read : threads.invokeAll(reads)) {
                assertThat(read.get()).isEqualTo(200);
            }
        }
        assertThat(status("GET", "/writes/no0", token)).isEqualTo(404);
    }

    @Test
    void request_log_contains_routes_but_no_request_content() throws Exception {
        String token = callers.token("user=hidden");
        callers.send(callers.to("/closed/hidden?hidden=1").header("Authorization", token));

        assertThat(LOG.toString(UTF_8))
                .containsPattern("GET {2}ANY /closed/\\{name} +200 {2}[0-9]+ ms")
                .doesNotContain("hidden")
                .doesNotContain(token);
    }

    @Test
    void closed_server_refuses_connections_and_close_is_idempotent() {
        var other = LocalServer.start(
                LocalServerSettings.of(Callers.template()).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()));
        other.close();
        other.close();

        int port = other.baseUri().getPort();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);
    }

    private static int status(String method, String path, String authorization) throws Exception {
        return callers.send(
                        callers.to(path).header("Authorization", authorization).method(method, BodyPublishers.noBody()))
                .statusCode();
    }

    private static HttpResponse<String> preflight(String origin) throws Exception {
        return callers.send(callers.to("/closed/a")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .method("OPTIONS", BodyPublishers.noBody()));
    }

    private static void assertNoCors(HttpResponse<String> response) {
        assertThat(response.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    private static void assertRejected(String token, String reason) throws Exception {
        var response = callers.send(callers.to("/closed/a").header("Authorization", "Bearer " + token));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
        assertThat(response.headers().firstValue("www-authenticate").orElse(""))
                .startsWith("Bearer scope=\"\" error=\"invalid_token\"")
                .contains(reason);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(server.baseUri().toString())
                .audience("switchboard")
                .subject("u")
                .expirationTime(Date.from(Instant.now().plusSeconds(60)));
    }

    private static String forged(JWTClaimsSet claims, @Nullable String keyId) throws Exception {
        var key = TokenIssuer.newKey();
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(keyId == null ? key.getKeyID() : keyId)
                        .build(),
                claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private static void assertClaimsRejected(JWTClaimsSet.Builder claims, String reason) throws Exception {
        assertThat(verify(claims))
                .isInstanceOfSatisfying(
                        TokenVerifier.Rejected.class,
                        rejected -> assertThat(rejected.reason().orElse("")).contains(reason));
    }

    /** Verifies with a trusted key, so that only the claims matter. */
    private static TokenVerifier.Verification verify(JWTClaimsSet.Builder claims) throws Exception {
        var key = TokenIssuer.newKey();
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims.build());
        jwt.sign(new RSASSASigner(key));
        var issuer = new TokenIssuer(server.baseUri(), "switchboard", key, Clock.systemUTC());
        return new TokenVerifier(server.deployment().authorizer(), issuer.keys(), Clock.systemUTC())
                .verify(Optional.of(jwt.serialize()));
    }

    private static String randomText(Random random) {
        var text = new StringBuilder();
        int length = 1 + random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> "%/?#&=+; ,".charAt(random.nextInt(10));
                        case 1 -> 0xC0 + random.nextInt(0x100);
                        case 2 -> 0x1F600 + random.nextInt(0x40);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }
}
