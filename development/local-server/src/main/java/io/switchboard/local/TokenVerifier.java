package io.switchboard.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.switchboard.local.deployment.JwtAuthorizer;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens as API Gateway's JWT authorizer documents it: an RSA signature by the issuer's key with that
 * {@code kid}, {@code iss}, {@code aud} (or {@code client_id} if {@code aud} is absent), and the times {@code exp},
 * {@code nbf} and {@code iat} without tolerance. Thread-safe.
 */
final class TokenVerifier {
    private static final String BEARER = "bearer ";

    private final JwtAuthorizer authorizer;
    private final JWKSource<SecurityContext> keys;
    private final Clock clock;

    sealed interface Verification {}

    record Verified(Map<String, Object> claims) implements Verification {}

    /**
     * A missing or invalid token.
     *
     * @param reason the description in {@code www-authenticate}; empty if the request has no token
     */
    record Rejected(Optional<String> reason) implements Verification {
        static Rejected because(String reason) {
            return new Rejected(Optional.of(reason));
        }
    }

    TokenVerifier(JwtAuthorizer authorizer, JWKSource<SecurityContext> keys, Clock clock) {
        this.authorizer = authorizer;
        this.keys = keys;
        this.clock = clock;
    }

    /** @param authorization the header's value: a token with or without the prefix {@code Bearer} */
    Verification verify(Optional<String> authorization) {
        String text = authorization.map(String::strip).orElse("");
        if (text.isEmpty()) {
            return new Rejected(Optional.empty());
        }
        String token = text.toLowerCase(Locale.ROOT).startsWith(BEARER) ? text.substring(BEARER.length()) : text;
        try {
            var jwt = SignedJWT.parse(token.strip());
            var rejected = checkSignature(jwt);
            if (rejected == null) {
                rejected = checkClaims(jwt.getJWTClaimsSet());
            }
            // The claims as sent: the library converts numeric dates.
            return rejected == null ? new Verified(jwt.getPayload().toJSONObject()) : rejected;
        } catch (ParseException e) {
            return Rejected.because("the token is not a signed JWT");
        } catch (JOSEException e) {
            return Rejected.because("the keys of the issuer " + authorizer.issuer() + " cannot be read");
        }
    }

    private @Nullable Rejected checkSignature(SignedJWT jwt) throws JOSEException {
        if (!JWSAlgorithm.Family.RSA.contains(jwt.getHeader().getAlgorithm())) {
            return Rejected.because("the token is not signed with an RSA algorithm");
        }
        String keyId = jwt.getHeader().getKeyID();
        if (keyId == null) {
            return Rejected.because("the token's key id (kid) is missing");
        }
        List<JWK> named = keys.get(
                new JWKSelector(new JWKMatcher.Builder()
                        .keyType(KeyType.RSA)
                        .keyID(keyId)
                        .build()),
                null);
        if (named.isEmpty()) {
            return Rejected.because(
                    "the token's key (kid) is not one of the issuer's; tokens are invalid after a restart of the server that issued them");
        }
        var verifier = new RSASSAVerifier(named.getFirst().toRSAKey().toRSAPublicKey());
        return jwt.verify(verifier) ? null : Rejected.because("the token's signature is not valid");
    }

    private @Nullable Rejected checkClaims(JWTClaimsSet claims) throws ParseException {
        if (!authorizer.issuer().equals(claims.getIssuer())) {
            return Rejected.because("the token does not have a valid issuer");
        }
        List<String> audience = claims.getAudience().isEmpty()
                ? Optional.ofNullable(claims.getStringClaim("client_id")).stream()
                        .toList()
                : claims.getAudience();
        if (Collections.disjoint(audience, authorizer.audience())) {
            return Rejected.because("the token does not have a valid audience");
        }
        Instant now = clock.instant();
        if (claims.getExpirationTime() == null) {
            return Rejected.because("the token has no expiration time");
        }
        if (!claims.getExpirationTime().toInstant().isAfter(now)) {
            return Rejected.because("the token has expired");
        }
        if (isLater(claims.getNotBeforeTime(), now) || isLater(claims.getIssueTime(), now)) {
            return Rejected.because("the token is not valid yet");
        }
        return null;
    }

    private static boolean isLater(@Nullable Date time, Instant now) {
        return time != null && time.toInstant().isAfter(now);
    }
}
