package io.switchboard.sessions;

import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.sessions.push.PushChannel;
import io.switchboard.sessions.push.PushEndpoints;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Returns how a client learns that the desk of its user has changed. Thread-safe. */
final class PushOperations {
    /** With push, polls only find what a lost message would have reported. */
    private static final int POLL_SECONDS_WITH_PUSH = 60;

    private static final int POLL_SECONDS = 15;

    private final Optional<PushEndpoints> endpoints;

    PushOperations(Optional<PushEndpoints> endpoints) {
        this.endpoints = endpoints;
    }

    Response read(Request request) {
        request.query(Set.of());
        Optional<String> channel = PushChannel.of(SessionRoutes.scope(request).owner());
        boolean hasPush = endpoints.isPresent() && channel.isPresent();
        Map<String, @Nullable Object> events = new LinkedHashMap<>();
        events.put("transport", hasPush ? "appsync" : "none");
        events.put("httpEndpoint", hasPush ? endpoints.get().http().toString() : null);
        events.put("realtimeEndpoint", hasPush ? endpoints.get().realtime().toString() : null);
        events.put("channel", hasPush ? channel.get() : null);
        events.put("pollSeconds", hasPush ? POLL_SECONDS_WITH_PUSH : POLL_SECONDS);
        return Response.ok(events);
    }
}
