package io.switchboard.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Serves the static files of the desk page and the API reference, which the module clients builds. Reads a file for
 * each request, so that {@code mvn compile} updates the pages of a running server. Thread-safe.
 *
 * <p>Used by the local server only: a deployment hosts the same files elsewhere. The only API path that the pages
 * replace is {@code /}, for which the API returns 404.
 */
final class Pages {
    private static final String FOLDER = "/io/switchboard/pages";
    private static final Pattern PATH = Pattern.compile("/|/(assets/)?[a-z][a-z0-9-]*\\.[a-z0-9.]+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "svg", "image/svg+xml");

    /**
     * Allows only scripts and styles from these files. Connections may go anywhere, because the API may be on another
     * server.
     */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; connect-src *; img-src 'self' data: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private Pages() {}

    /**
     * Returns the file with the request's path, or 405 for methods other than GET and HEAD. Returns empty if the file
     * does not exist.
     */
    static Optional<OutgoingResponse> serve(IncomingRequest request) {
        return file(request.path()).map(content -> serve(request, content));
    }

    private static OutgoingResponse serve(IncomingRequest request, Bytes content) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return OutgoingResponse.message(405, "Only GET and HEAD are supported.")
                    .with("allow", "GET, HEAD");
        }
        String tag = '"' + hash(content) + '"';
        boolean known = request.header("if-none-match").filter(tag::equals).isPresent();
        var response = known
                ? OutgoingResponse.empty(304)
                : new OutgoingResponse(200, Map.of("content-type", List.of(type(request.path()))), content);
        return response.with("etag", tag)
                .with("cache-control", "no-cache")
                .with("content-security-policy", CONTENT_SECURITY_POLICY)
                .with("referrer-policy", "no-referrer")
                .with("x-content-type-options", "nosniff");
    }

    private static Optional<Bytes> file(String path) {
        if (!PATH.matcher(path).matches() || !TYPES.containsKey(extension(path))) {
            return Optional.empty();
        }
        try (var file = Pages.class.getResourceAsStream(FOLDER + (path.equals("/") ? "/index.html" : path))) {
            return file == null ? Optional.empty() : Optional.of(Bytes.of(file.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String path) {
        return TYPES.getOrDefault(extension(path), "application/octet-stream");
    }

    private static String extension(String path) {
        return path.equals("/") ? "html" : path.substring(path.lastIndexOf('.') + 1);
    }

    private static String hash(Bytes content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.array()), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
