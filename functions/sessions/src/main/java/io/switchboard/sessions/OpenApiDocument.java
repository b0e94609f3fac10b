package io.switchboard.sessions;

import io.switchboard.http.CachedJson;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code GET /openapi.json}: the OpenAPI 3.1 description of the API with the routes of all functions. The build
 * joins it from the files in {@code api/}. Tests of the development server check it against the routes and the
 * responses.
 */
final class OpenApiDocument {
    private static final String NAME = "/io/switchboard/api/openapi.json";
    private static final String SERVERS = "servers";
    private static final int ENTITY_TAG_BYTES = 9;
    private static final String CACHE_CONTROL = "public, max-age=300";
    /** The maximum number of cached addresses. A function has few: those of its API and of a custom domain. */
    private static final int MAXIMUM_ADDRESSES = 8;

    private static final Map<String, Served> SERVED = new ConcurrentHashMap<>();

    private OpenApiDocument() {}

    /** The document for one address. */
    private record Served(EntityTag tag, CachedJson document) {}

    /**
     * Returns the document with the address of the request as the server, or 304 if the caller has the current version.
     * The document is the same for all callers, so any cache may store it.
     */
    static Response serve(Request request) {
        request.query(Set.of());
        String server = request.url("");
        @Nullable Served served = SERVED.get(server);
        if (served == null) {
            served = described(server);
            if (SERVED.size() >= MAXIMUM_ADDRESSES) {
                SERVED.clear();
            }
            SERVED.put(server, served);
        }
        return Response.ok(served.document())
                .withEntityTag(served.tag(), request)
                .with("Cache-Control", CACHE_CONTROL);
    }

    private static Served described(String server) {
        String text = read();
        EntityTag tag = new EntityTag(HexFormat.of().formatHex(Sha256.of(server, text), 0, ENTITY_TAG_BYTES));
        Map<String, @Nullable Object> document = at(server, Json.readOwn(text));
        Map<String, @Nullable Object> paths = members(document.get("paths"));
        // Paths of call records have their own servers, because they exist below several roots.
        paths.replaceAll((path, item) -> at(server, members(item)));
        document.put("paths", paths);
        return new Served(tag, new CachedJson(document));
    }

    /** Resolves the relative server URLs, if there are any, against the address of the request. */
    private static Map<String, @Nullable Object> at(String server, Map<String, @Nullable Object> described) {
        if (described.get(SERVERS) instanceof List<?> relative) {
            List<Map<String, String>> servers = new ArrayList<>();
            for (Object each : relative) {
                String root = String.valueOf(members(each).get("url"));
                servers.add(Map.of("url", root.equals("/") ? server : server + root));
            }
            described.put(SERVERS, servers);
        }
        return described;
    }

    private static Map<String, @Nullable Object> members(@Nullable Object object) {
        return ObjectReader.members((Map<?, ?>) Objects.requireNonNull(object));
    }

    /** Reads the file at the first request, not at the start of the function, because requests are rare. */
    private static String read() {
        try (@Nullable InputStream stream = OpenApiDocument.class.getResourceAsStream(NAME)) {
            if (stream == null) {
                throw new IllegalStateException(NAME + " is missing from the JAR of the function");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
