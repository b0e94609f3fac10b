package io.switchboard.local.deployment;

import java.util.List;

/**
 * What a token must have: this issuer ({@code iss}), and one of these audiences ({@code aud}, or {@code client_id} where that is
 * absent, as API Gateway has it).
 */
public record JwtAuthorizer(String issuer, List<String> audience) {

    public JwtAuthorizer {
        audience = List.copyOf(audience);
    }
}
