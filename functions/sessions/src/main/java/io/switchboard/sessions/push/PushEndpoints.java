package io.switchboard.sessions.push;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * The endpoints of the AppSync Events API of the stack.
 *
 * @param http the endpoint for publishing
 * @param realtime the endpoint for WebSockets
 */
public record PushEndpoints(URI http, URI realtime) {
    /** The attribute of a resource that an emulator of CloudFormation does not create. */
    private static final String UNKNOWN = "unknown";

    /**
     * Reads the variables {@code PUSH_HTTP} and {@code PUSH_REALTIME}: the domains of the API, or whole URLs of another
     * server with its protocol. Returns empty if one is absent, blank or {@code unknown}.
     */
    public static Optional<PushEndpoints> of(Map<String, String> environment) {
        return endpoint(environment, "PUSH_HTTP", "https://", "/event")
                .flatMap(http -> endpoint(environment, "PUSH_REALTIME", "wss://", "/event/realtime")
                        .map(realtime -> new PushEndpoints(http, realtime)));
    }

    private static Optional<URI> endpoint(
            Map<String, String> environment, String variable, String protocol, String path) {
        String value = environment.getOrDefault(variable, "").strip();
        if (value.isEmpty() || value.equals(UNKNOWN)) {
            return Optional.empty();
        }
        return Optional.of(URI.create(value.contains("://") ? value : protocol + value + path));
    }
}
