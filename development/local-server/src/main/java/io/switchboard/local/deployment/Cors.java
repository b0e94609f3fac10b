package io.switchboard.local.deployment;

import java.util.List;

/**
 * The CORS configuration of the API, which API Gateway applies to preflights and responses.
 *
 * @param allowOrigins the allowed origins; if empty, API Gateway adds no CORS headers
 * @param maxAgeSeconds the time that a browser may cache a preflight response; 0 if the template does not set it
 */
public record Cors(
        List<String> allowOrigins,
        List<String> allowMethods,
        List<String> allowHeaders,
        List<String> exposeHeaders,
        int maxAgeSeconds,
        boolean allowCredentials) {

    public Cors {
        allowOrigins = List.copyOf(allowOrigins);
        allowMethods = List.copyOf(allowMethods);
        allowHeaders = List.copyOf(allowHeaders);
        exposeHeaders = List.copyOf(exposeHeaders);
    }

    static Cors none() {
        return new Cors(List.of(), List.of(), List.of(), List.of(), 0, false);
    }
}
