package io.switchboard.sessions;

import io.switchboard.http.Request;
import io.switchboard.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves the OData service document of the call records: the names below each service root of Graph. This function
 * serves it because it has the default route: a route of API Gateway cannot end with {@code /}, and no route with a
 * parameter matches an empty segment.
 */
final class ServiceDocument {
    /** The service roots, with and without a slash at the end. */
    static final List<String> ROOTS = List.of("/v1.0", "/v1.0/", "/beta", "/beta/");

    private ServiceDocument() {}

    static Response serve(Request request) {
        request.query(Set.of());
        String root = request.path().startsWith("/v1.0") ? "/v1.0" : "/beta";
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", request.url(root + "/$metadata"));
        body.put("value", List.of(entry("subscriptions", "EntitySet"), entry("communications", "Singleton")));
        return Response.ok(body)
                .with(
                        Response.CONTENT_TYPE,
                        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
                .with("OData-Version", "4.0");
    }

    private static Map<String, @Nullable Object> entry(String name, String kind) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("name", name);
        entry.put("kind", kind);
        // Relative to the root, whether its URL ends with a slash or not.
        entry.put("url", name);
        return entry;
    }
}
