package io.switchboard.http;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.identity.CallerClaims;
import io.switchboard.json.Json;
import io.switchboard.runtime.RequestLog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The environment settings that all functions of the API share.
 *
 * @param publicBaseUrl the public base URL of the API; empty: the event's domain
 * @param callerClaims reads the claims
 * @param localClaims the claims of every caller under {@code sam local}, which skips authorizers; null otherwise
 * @param logLevel the least severe level that a function logs
 */
public record ApiSettings(
        String publicBaseUrl,
        CallerClaims callerClaims,
        @Nullable Map<String, String> localClaims,
        LogLevel logLevel) {
    /**
     * Reads the environment.
     *
     * <p>{@code SWITCHBOARD_LOCAL_IDENTITY} applies only together with {@code AWS_SAM_LOCAL=true}, which {@code sam
     * local} sets and AWS never does ({@code docs/explanation/architecture.md}, "Identity").
     */
    public static ApiSettings of(Map<String, String> environment) {
        String baseUrl = environment.getOrDefault("PUBLIC_BASE_URL", "").strip();
        String tenantClaim = environment.getOrDefault("TENANT_CLAIM", "").strip();
        return new ApiSettings(
                baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl,
                new CallerClaims(
                        tenantClaim.isEmpty() ? "tid" : tenantClaim,
                        environment.getOrDefault("FIXED_TENANT", "").strip()),
                localClaims(environment),
                RequestLog.level(environment));
    }

    private static @Nullable Map<String, String> localClaims(Map<String, String> environment) {
        String identity =
                environment.getOrDefault("SWITCHBOARD_LOCAL_IDENTITY", "").strip();
        if (identity.isEmpty() || !"true".equals(environment.get("AWS_SAM_LOCAL"))) {
            return null;
        }
        Map<String, String> claims = new LinkedHashMap<>();
        for (var claim : Json.readOwn(identity).entrySet()) {
            // A JSON array is one of the formats in which lists of permissions are read.
            claims.put(claim.getKey(), claim.getValue() instanceof String text ? text : Json.write(claim.getValue()));
        }
        return claims;
    }
}
