package io.switchboard.callrecords.notifications;

import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Validates and notifies the endpoints of subscribers, which are untrusted. Each request makes one connection to an
 * address that was checked for it and reads one response, without redirects, retries, cookies, proxies or decoding. The
 * response is limited to a few kilobytes and to the time of the request, however slowly the server sends. The client is
 * created at the first request. Thread-safe.
 */
public final class NotificationSender {
    /** The most requests at a time. */
    public static final int MOST_AT_ONCE = 10;

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final int LONGEST_LINE = 8_192;
    private static final int MOST_HEADERS = 100;
    private static final int LARGEST_RESPONSE = 4_096;
    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";
    private static final String THREAD = " notification";

    private final boolean arePrivateAllowed;
    private final CheckedHosts hosts;
    private final @Nullable SSLContext tls;
    private @Nullable CloseableHttpClient client;

    NotificationSender(
            boolean arePrivateAllowed,
            CheckedHosts.Lookup lookup,
            Predicate<InetAddress> isAllowed,
            @Nullable SSLContext tls) {
        this.arePrivateAllowed = arePrivateAllowed;
        this.hosts = new CheckedHosts(lookup, isAllowed);
        this.tls = tls;
    }

    /**
     * Creates the sender for this environment. It sends to public addresses only, unless
     * {@code PRIVATE_NOTIFICATION_URLS} is {@code true}.
     */
    public static NotificationSender of(Map<String, String> environment) {
        boolean arePrivateAllowed = environment
                .getOrDefault("PRIVATE_NOTIFICATION_URLS", "")
                .strip()
                .equals("true");
        return new NotificationSender(
                arePrivateAllowed,
                InetAddress::getAllByName,
                arePrivateAllowed ? address -> true : PublicAddress::is,
                null);
    }

    /** Parses a subscriber's URL, without a request. */
    public NotificationUrl.ParseResult read(String url) {
        return NotificationUrl.read(url, arePrivateAllowed);
    }

    /** A request to an endpoint. */
    public record Post(NotificationUrl url, String json) {}

    /** The result of a request. */
    public sealed interface EndpointResult {
        /**
         * The endpoint returned a response.
         *
         * @param mediaType the media type of the response, in lower case and without parameters; empty if it has none
         * @param text the beginning of the response body
         */
        record Responded(int status, String mediaType, String text) implements EndpointResult {}

        /** The endpoint returned no valid response. */
        record Failed(EndpointError error) implements EndpointResult {}
    }

    /** The reason why an endpoint returned no valid response. */
    public enum EndpointError {
        /** The time limit was exceeded. */
        TIME_OUT("timeOut", "it did not respond in time"),
        /** The host name cannot be resolved. */
        UNKNOWN_HOST("unknownHost", "its host name could not be resolved"),
        /** The host name resolves to an address that is not public. */
        ADDRESS("address", "its host name resolves to an address that is not public"),
        /** The TLS handshake failed: the certificate, the name in it, or the protocol. */
        TLS("tls", "no TLS connection could be made with a trusted certificate for its host"),
        /** The connection failed or was closed. */
        CONNECTION("connection", "the connection failed or was closed"),
        /** The response was not HTTP, or too large. */
        MALFORMED("malformed", "its response was not valid HTTP");

        private final String text;
        private final String message;

        EndpointError(String text, String message) {
            this.text = text;
            this.message = message;
        }

        /** Returns the name in the log. */
        public String text() {
            return text;
        }

        /** Returns the message for the caller, as a part of a sentence. */
        public String message() {
            return message;
        }
    }

    /**
     * Sends notifications concurrently and waits for all responses. Only their status is read.
     *
     * @param posts at most {@link #MOST_AT_ONCE}
     * @param time the time limit of each
     * @return the results, in the same order
     */
    public List<EndpointResult> send(List<Post> posts, Duration time) {
        List<HttpPost> requests = new ArrayList<>();
        for (Post post : posts) {
            requests.add(request(post.url.uri(), new StringEntity(post.json, type(JSON)), time));
        }
        return exchangeAll(requests, 0, time);
    }

    /**
     * Validates endpoints: each must return the validation token that it receives, which only a server that expects
     * notifications does.
     *
     * @param urls at most {@link #MOST_AT_ONCE}
     * @param time the time limit of each
     * @return for each, the reason why validation failed, as a part of a sentence; empty if it succeeded
     */
    public List<Optional<String>> validate(List<NotificationUrl> urls, Duration time) {
        // A space and a colon detect an endpoint that does not decode the token.
        String token = "Validation: " + UUID.randomUUID();
        List<HttpPost> requests = new ArrayList<>();
        for (NotificationUrl url : urls) {
            requests.add(request(url.with("validationToken", token), new StringEntity("", type(TEXT)), time));
        }
        return exchangeAll(requests, LARGEST_RESPONSE, time).stream()
                .map(result -> validationError(result, token))
                .toList();
    }

    private static Optional<String> validationError(EndpointResult result, String token) {
        return switch (result) {
            case EndpointResult.Failed failed -> Optional.of(failed.error.message);
            case EndpointResult.Responded responded -> {
                if (responded.status != 200) {
                    yield Optional.of("it returned status " + responded.status);
                }
                if (!responded.mediaType.equals(TEXT)) {
                    yield Optional.of(
                            responded.mediaType.isEmpty()
                                    ? "its response has no Content-Type"
                                    : "its response is not " + TEXT);
                }
                yield responded.text.strip().equals(token)
                        ? Optional.empty()
                        : Optional.of("its response is not exactly the decoded token");
            }
        };
    }

    private static ContentType type(String mediaType) {
        return ContentType.create(mediaType, StandardCharsets.UTF_8);
    }

    private static HttpPost request(URI uri, HttpEntity body, Duration time) {
        HttpPost request = new HttpPost(uri);
        request.setEntity(body);
        request.addHeader("Connection", "close");
        Timeout timeout = Timeout.of(time);
        // This limits each read. The caller that waits for the result limits the whole request.
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout)
                .setRedirectsEnabled(false)
                .setAuthenticationEnabled(false)
                .setExpectContinueEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .setContentCompressionEnabled(false)
                .build());
        return request;
    }

    private List<EndpointResult> exchangeAll(List<HttpPost> requests, int largestResponse, Duration time) {
        if (requests.size() > MOST_AT_ONCE) {
            throw new IllegalArgumentException("At most " + MOST_AT_ONCE + " requests are sent at once");
        }
        Ticker ticker = Deadline.ticker();
        long deadline = ticker.read() + time.toNanos();
        List<FutureTask<EndpointResult>> tasks = new ArrayList<>();
        for (HttpPost request : requests) {
            FutureTask<EndpointResult> task = new FutureTask<>(() -> exchange(request, largestResponse));
            tasks.add(task);
            // A name lookup cannot be interrupted. A platform thread is abandoned with it; a virtual one would block
            // its carrier.
            Thread.ofPlatform()
                    .daemon()
                    .name(RequestLog.current().functionName() + THREAD)
                    .start(task);
        }
        List<EndpointResult> results = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            results.add(await(tasks.get(i), requests.get(i), Duration.ofNanos(deadline - ticker.read())));
        }
        return results;
    }

    private static EndpointResult await(FutureTask<EndpointResult> task, HttpPost request, Duration left) {
        try {
            return task.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new EndpointResult.Failed(EndpointError.TIME_OUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new EndpointResult.Failed(EndpointError.TIME_OUT);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A notification failed unexpectedly", e.getCause());
        } finally {
            // Closes the socket, even if the request still waits for it.
            request.cancel();
        }
    }

    private EndpointResult exchange(HttpPost request, int largestResponse) {
        try {
            ClassicHttpResponse response = client().executeOpen(null, request, null);
            return new EndpointResult.Responded(
                    response.getCode(), mediaType(response), text(response.getEntity(), largestResponse));
        } catch (CheckedHosts.ForbiddenAddress e) {
            return new EndpointResult.Failed(EndpointError.ADDRESS);
        } catch (UnknownHostException e) {
            return new EndpointResult.Failed(EndpointError.UNKNOWN_HOST);
        } catch (SocketTimeoutException | ConnectionRequestTimeoutException e) {
            return new EndpointResult.Failed(EndpointError.TIME_OUT);
        } catch (SSLException e) {
            return new EndpointResult.Failed(EndpointError.TLS);
        } catch (NoHttpResponseException | SocketException | InterruptedIOException e) {
            return new EndpointResult.Failed(EndpointError.CONNECTION);
        } catch (IOException e) {
            return new EndpointResult.Failed(EndpointError.MALFORMED);
        } finally {
            // Unlike closing the response, this does not wait for the rest of the body.
            request.cancel();
        }
    }

    private static String mediaType(ClassicHttpResponse response) {
        @Nullable Header header = response.getFirstHeader("Content-Type");
        String text = header == null || header.getValue() == null ? "" : header.getValue();
        int semicolon = text.indexOf(';');
        return (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static String text(@Nullable HttpEntity entity, int largest) throws IOException {
        if (entity == null || largest == 0) {
            return "";
        }
        @Nullable InputStream content = entity.getContent();
        // Not closed: closing would read it to its end.
        return content == null ? "" : new String(content.readNBytes(largest), StandardCharsets.UTF_8);
    }

    private synchronized CloseableHttpClient client() {
        if (client == null) {
            client = HttpClientBuilder.create()
                    .setConnectionManager(connections())
                    // Addresses are checked when a connection is made, so each request makes its own.
                    .setConnectionReuseStrategy((request, response, context) -> false)
                    // This planner uses no proxy, not even that of the system properties.
                    .setRoutePlanner(new DefaultRoutePlanner(null))
                    .disableRedirectHandling()
                    .disableAutomaticRetries()
                    .disableCookieManagement()
                    .disableAuthCaching()
                    .disableContentCompression()
                    .disableConnectionState()
                    .setUserAgent("Switchboard")
                    .build();
        }
        return client;
    }

    private PoolingHttpClientConnectionManager connections() {
        return new DirectConnections()
                .setDnsResolver(hosts)
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls == null ? defaultTls() : tls))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(LONGEST_LINE)
                                .setMaxHeaderCount(MOST_HEADERS)
                                .build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(LONGEST_CONNECT))
                        .build())
                .setMaxConnPerRoute(MOST_AT_ONCE)
                .setMaxConnTotal(MOST_AT_ONCE)
                .build();
    }

    private static SSLContext defaultTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has TLS", e);
        }
    }

    /** Makes connections without a proxy. Java's default sockets use the SOCKS proxy of the system properties. */
    private static final class DirectConnections extends PoolingHttpClientConnectionManagerBuilder {
        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver schemePortResolver, DnsResolver dnsResolver, TlsSocketStrategy tlsSocketStrategy) {
            return new DefaultHttpClientConnectionOperator(
                    proxy -> new Socket(Proxy.NO_PROXY),
                    schemePortResolver,
                    dnsResolver,
                    RegistryBuilder.<TlsSocketStrategy>create()
                            .register(URIScheme.HTTPS.id, tlsSocketStrategy)
                            .build());
        }
    }
}
