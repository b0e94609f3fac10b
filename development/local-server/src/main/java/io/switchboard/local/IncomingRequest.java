package io.switchboard.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as received.
 *
 * @param target path and query as sent
 * @param headers names in lower case, each with its values in the order sent
 */
record IncomingRequest(
        String method,
        String target,
        String protocol,
        Map<String, List<String>> headers,
        Bytes body,
        String sourceAddress) {

    static IncomingRequest of(HttpExchange exchange, Bytes body) {
        var headers = new TreeMap<String, List<String>>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) -> headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                                .addAll(values));
        return new IncomingRequest(
                exchange.getRequestMethod(),
                originForm(exchange.getRequestURI()),
                exchange.getProtocol(),
                Collections.unmodifiableMap(headers),
                body,
                exchange.getRemoteAddress().getAddress().getHostAddress());
    }

    /**
     * Returns the target in origin form. A client may send {@code GET http://host/path}, or {@code //path}, which
     * {@link URI} parses as a host.
     */
    private static String originForm(URI uri) {
        String text = uri.toString();
        if (uri.getScheme() != null) {
            int path = text.indexOf('/', text.indexOf("://") + 3);
            return path < 0 ? "/" : text.substring(path);
        }
        return text.startsWith("/") ? text : "/" + text;
    }

    /** Returns a header's values joined by commas, as API Gateway passes on repeated headers. */
    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName)).map(values -> String.join(",", values));
    }

    /** Returns the path, percent-decoded once. Invalid UTF-8 becomes U+FFFD; a plus sign is kept. */
    String path() {
        int query = target.indexOf('?');
        String raw = query < 0 ? target : target.substring(0, query);
        return raw.indexOf('%') < 0 ? raw : percentDecoded(raw);
    }

    /** Returns the query as sent, without the question mark, or empty if the request has no query. */
    String rawQuery() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    /**
     * Returns the decoded query parameters (a plus sign is a blank). Repeated parameters are joined by commas; a
     * parameter without a value is empty.
     */
    Map<String, String> queryParameters() {
        var parameters = new TreeMap<String, String>();
        for (String pair : rawQuery().split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters.merge(formDecoded(name), formDecoded(value), (first, next) -> first + ',' + next);
        }
        return parameters;
    }

    /** Returns each cookie separately, as {@code name=value}. */
    List<String> cookies() {
        var cookies = new ArrayList<String>();
        for (String header : headers.getOrDefault("cookie", List.of())) {
            for (String cookie : header.split(";", -1)) {
                if (!cookie.isBlank()) {
                    cookies.add(cookie.strip());
                }
            }
        }
        return cookies;
    }

    private static String percentDecoded(String raw) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        var decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && i + 2 < bytes.length) {
                int high = Character.digit(bytes[i + 1], 16);
                int low = Character.digit(bytes[i + 2], 16);
                if (high >= 0 && low >= 0) {
                    decoded.write(high << 4 | low);
                    i += 2;
                    continue;
                }
            }
            decoded.write(bytes[i]);
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    /** Decodes form data. {@link URI} already rejects a percent sign without two hexadecimal digits. */
    static String formDecoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
