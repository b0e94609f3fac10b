package io.switchboard.local.deployment;

import java.util.List;

/**
 * The claims that a token must have: this issuer ({@code iss}) and one of these audiences ({@code aud}, or
 * {@code client_id} if {@code aud} is absent, as in API Gateway).
 */
public record JwtAuthorizer(String issuer, List<String> audience) {

    public JwtAuthorizer {
        audience = List.copyOf(audience);
    }
}
