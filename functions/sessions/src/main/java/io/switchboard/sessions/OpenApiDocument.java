package io.switchboard.sessions;

import io.switchboard.http.EntityTag;
import io.switchboard.http.KeptJson;
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
 * {@code GET /openapi.json}: what the whole API can do, all functions' routes, as OpenAPI 3.1. The build joins it from the files in
 * {@code api/}, and tests of the development server check it against the routes and the answers.
 */
final class OpenApiDocument {
    private static final String NAME = "/io/switchboard/api/openapi.json";
    private static final String SERVERS = "servers";
    private static final int ENTITY_TAG_BYTES = 9;
    private static final String CACHE_CONTROL = "public, max-age=300";
    /** A function is reached at one address or few: behind an API, a domain of its own. */
    private static final int MOST_ADDRESSES = 8;

    private static final Map<String, Served> SERVED = new ConcurrentHashMap<>();

    private OpenApiDocument() {}

    /** The document as it is served at one address. */
    private record Served(EntityTag tag, KeptJson document) {}

    /**
     * The document, which names the address it was asked at as the server; 304 to a caller that has it. It is the same for everybody, so
     * any cache may keep it.
     */
    static Response serve(Request request) {
        request.query(Set.of());
        String server = request.url("");
        @Nullable Served served = SERVED.get(server);
        if (served == null) {
            served = described(server);
            if (SERVED.size() >= MOST_ADDRESSES) {
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
        // Call records are below several roots: their paths have servers of their own.
        paths.replaceAll((path, item) -> at(server, members(item)));
        document.put("paths", paths);
        return new Served(tag, new KeptJson(document));
    }

    /** With the servers that it names, if any, at the address that was asked: it has them relative. */
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

    /** Read when somebody asks, which is seldom: a start of the function does not wait for it. */
    private static String read() {
        try (@Nullable InputStream stream = OpenApiDocument.class.getResourceAsStream(NAME)) {
            if (stream == null) {
                throw new IllegalStateException("The function was packed without " + NAME);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
