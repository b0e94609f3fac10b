package io.switchboard.local;

import io.switchboard.local.deployment.Cors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CORS as an HTTP API does it from its configuration: preflights are answered without authorizer and without function, and what a
 * function says of CORS is replaced. An origin that is not allowed gets no CORS header, which makes the browser refuse.
 */
final class CorsRules {
    private static final String PREFIX = "access-control-";

    private final Cors cors;

    CorsRules(Cors cors) {
        this.cors = cors;
    }

    /** Without a configuration a preflight is a request like any other, and goes to its route. */
    boolean answersPreflight(IncomingRequest request) {
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

    /** The answer as the caller's browser may show it. A preflight's own answer must not come here. */
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
