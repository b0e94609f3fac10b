package io.switchboard.local;

import io.switchboard.local.deployment.Cors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies CORS as an HTTP API does from its configuration. Preflights are handled without an authorizer or a function.
 * CORS headers that a function returns are replaced. An origin that is not allowed gets no CORS headers, so the browser
 * blocks the response.
 */
final class CorsRules {
    private static final String PREFIX = "access-control-";

    private final Cors cors;

    CorsRules(Cors cors) {
        this.cors = cors;
    }

    /**
     * Returns whether this request is handled as a preflight. Without a CORS configuration a preflight goes to its
     * route like any other request.
     */
    boolean handlesPreflight(IncomingRequest request) {
        return isConfigured()
                && request.method().equals("OPTIONS")
                && request.header("origin").isPresent()
                && request.header(PREFIX + "request-method").isPresent();
    }

    OutgoingResponse preflight(IncomingRequest request) {
        var response = OutgoingResponse.empty(204);
        var origin = allowedOrigin(request);
        if (origin.isEmpty()) {
            return response;
        }
        response = allow(response, origin.get());
        response = withList(response, "allow-methods", cors.allowMethods());
        response = withList(response, "allow-headers", cors.allowHeaders());
        return cors.maxAgeSeconds() > 0
                ? response.with(PREFIX + "max-age", Integer.toString(cors.maxAgeSeconds()))
                : response;
    }

    /** Returns the response with this API's CORS headers. Must not be called with the response to a preflight. */
    OutgoingResponse applyTo(OutgoingResponse response, IncomingRequest request) {
        if (!isConfigured()) {
            return response;
        }
        var headers = new LinkedHashMap<String, List<String>>(response.headers());
        headers.keySet().removeIf(name -> name.startsWith(PREFIX));
        var bare = new OutgoingResponse(response.status(), Map.copyOf(headers), response.body());
        return allowedOrigin(request)
                .map(origin -> withList(allow(bare, origin), "expose-headers", cors.exposeHeaders()))
                .orElse(bare);
    }

    private boolean isConfigured() {
        return !cors.allowOrigins().isEmpty();
    }

    private Optional<String> allowedOrigin(IncomingRequest request) {
        return request.header("origin").flatMap(origin -> {
            if (cors.allowOrigins().contains("*")) {
                return Optional.of("*");
            }
            return cors.allowOrigins().contains(origin) ? Optional.of(origin) : Optional.empty();
        });
    }

    private OutgoingResponse allow(OutgoingResponse response, String origin) {
        var allowed = response.with(PREFIX + "allow-origin", origin);
        return cors.allowCredentials() ? allowed.with(PREFIX + "allow-credentials", "true") : allowed;
    }

    private static OutgoingResponse withList(OutgoingResponse response, String name, List<String> values) {
        return values.isEmpty() ? response : response.with(PREFIX + name, String.join(",", values));
    }
}
