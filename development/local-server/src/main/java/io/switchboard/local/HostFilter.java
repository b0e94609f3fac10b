package io.switchboard.local;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Accepts only requests whose host is a name of this machine: {@code localhost} and its subdomains, a loopback address,
 * or an allowed name. Other requests get 403. Otherwise a web page could make the browser resolve the page's own name
 * to 127.0.0.1 (DNS rebinding), reach this server and get tokens. The port does not matter. Thread-safe.
 */
final class HostFilter extends Filter {
    private static final int LARGEST_PORT = 65_535;
    private static final int LONGEST_NAME = 253;

    private final Set<String> allowed = new HashSet<>();
    private final boolean allowsAddresses;

    private HostFilter(Collection<String> names, boolean allowsAddresses) {
        names.forEach(name -> allowed.add(host(name).orElseThrow()));
        this.allowsAddresses = allowsAddresses;
    }

    /** Creates a filter that allows loopback addresses and these names. */
    static HostFilter of(Collection<String> names) {
        return new HostFilter(names, false);
    }

    /**
     * Creates a filter that also allows the names by which containers reach this machine. It allows every IP address: a
     * page cannot make an address resolve to another one, and a cross-origin call requires a CORS preflight.
     */
    static HostFilter forContainers(Collection<String> names) {
        var all = new ArrayList<>(names);
        all.addAll(List.of("host.docker.internal", "host.containers.internal"));
        return new HostFilter(all, true);
    }

    /** Returns whether a text is a host name or an address without a port. */
    static boolean isHost(String text) {
        return host(text).isPresent();
    }

    @Override
    public String description() {
        return "Allows only names of this machine";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        var sent = Optional.ofNullable(exchange.getRequestHeaders().get("Host")).orElse(List.of());
        if (sent.size() > 1 || (sent.isEmpty() && !exchange.getProtocol().equals("HTTP/1.0"))) {
            // RFC 9112 §3.2 requires this status.
            reject(
                    exchange,
                    HttpURLConnection.HTTP_BAD_REQUEST,
                    "invalidHost",
                    "The request has " + (sent.isEmpty() ? "no" : "more than one")
                            + " Host header. Send exactly one, for example Host: localhost.");
        } else if (isAllowed(sent.isEmpty() ? "" : sent.getFirst()) && isTargetAllowed(exchange.getRequestURI())) {
            chain.doFilter(exchange);
        } else {
            reject(
                    exchange,
                    HttpURLConnection.HTTP_FORBIDDEN,
                    "hostNotAllowed",
                    "The host of this request is not allowed. Use localhost or 127.0.0.1, or start the server"
                            + " with --host and the name of the host.");
        }
    }

    private static void reject(HttpExchange exchange, int status, String code, String message) throws IOException {
        try (exchange) {
            var response = OutgoingResponse.refusal(status, code, message);
            response.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, isHead ? -1 : response.body().length());
            if (!isHead) {
                exchange.getResponseBody().write(response.body().array());
            }
        }
    }

    /** Checks the host of the request target too, as in {@code GET http://host/path}. */
    private boolean isTargetAllowed(URI target) {
        return target.getScheme() == null || (target.getRawAuthority() != null && isAllowed(target.getRawAuthority()));
    }

    /** Returns whether a request may name this host. */
    boolean isAllowed(String hostAndPort) {
        return withoutPort(hostAndPort.strip())
                .flatMap(HostFilter::host)
                .filter(this::isAllowedHost)
                .isPresent();
    }

    private boolean isAllowedHost(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || allowed.contains(host)
                || address(host)
                        .filter(address -> allowsAddresses || address.isLoopbackAddress())
                        .isPresent();
    }

    private static Optional<String> withoutPort(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= text.lastIndexOf(']')) {
            return Optional.of(text);
        }
        String port = text.substring(colon + 1);
        boolean isPort = port.length() <= 5
                && port.chars().allMatch(c -> c >= '0' && c <= '9')
                && (port.isEmpty() || Integer.parseInt(port) <= LARGEST_PORT);
        return isPort ? Optional.of(text.substring(0, colon)) : Optional.empty();
    }

    /**
     * Returns the host in canonical form: lower case, without the trailing dot, and an IPv6 address in its shortest
     * form. Returns empty if the text is not a host.
     */
    private static Optional<String> host(String text) {
        if (text.startsWith("[")) {
            // An IPv4-mapped IPv6 address is treated as an IPv4 address.
            return address(text)
                    .map(address -> address instanceof Inet6Address
                            ? '[' + address.getHostAddress() + ']'
                            : address.getHostAddress());
        }
        String name = (text.endsWith(".") ? text.substring(0, text.length() - 1) : text).toLowerCase(Locale.ROOT);
        return name.length() <= LONGEST_NAME && isName(name) ? Optional.of(name) : Optional.empty();
    }

    private static boolean isName(String name) {
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty()
                    || label.length() > 63
                    || !label.chars()
                            .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
                return false;
            }
        }
        return true;
    }

    /** Parses a dotted IPv4 address or a bracketed IPv6 address, without a DNS lookup. */
    private static Optional<InetAddress> address(String host) {
        boolean isBracketed = host.startsWith("[") && host.endsWith("]") && host.indexOf('%') < 0;
        String literal = isBracketed ? host.substring(1, host.length() - 1) : host;
        if (isBracketed ? literal.indexOf(':') < 0 : !isFourNumbers(literal)) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isFourNumbers(String text) {
        String[] numbers = text.split("\\.", -1);
        for (String number : numbers) {
            boolean isByte = !number.isEmpty()
                    && number.length() <= 3
                    && number.chars().allMatch(c -> c >= '0' && c <= '9')
                    && Integer.parseInt(number) <= 255
                    && (number.length() == 1 || !number.startsWith("0"));
            if (!isByte) {
                return false;
            }
        }
        return numbers.length == 4;
    }
}
