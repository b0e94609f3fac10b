package io.switchboard.local.deployment;

import java.util.List;

/**
 * What API Gateway answers preflights with, and adds to answers.
 *
 * @param allowOrigins empty where no origin is allowed: API Gateway then adds no CORS header at all
 * @param maxAgeSeconds how long a browser may keep a preflight's answer; 0 where the template says nothing
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
