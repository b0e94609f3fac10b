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
 * Asks and tells the endpoints of subscribers, which are anybody's servers. Each request is one connection to an address that was
 * looked at for it, and one answer, whatever that is: no redirect, retry, cookie, proxy or decoding, a few kilobytes at most, and
 * an end when its time is over, at whatever pace the other side sends. The client is made at the first request. Thread-safe.
 */
public final class NotificationSender {
    /** Of requests that are under way at a time. */
    public static final int MOST_AT_ONCE = 10;

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final int LONGEST_LINE = 8_192;
    private static final int MOST_HEADERS = 100;
    private static final int LARGEST_ANSWER = 4_096;
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

    /** The sender of this environment: to public addresses only, unless {@code PRIVATE_NOTIFICATION_URLS} is {@code true}. */
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

    /** What a subscriber's URL turns out to be, before anybody is asked. */
    public NotificationUrl.ParseResult read(String url) {
        return NotificationUrl.read(url, arePrivateAllowed);
    }

    /** Something to be told. */
    public record Post(NotificationUrl url, String json) {}

    /** What became of it. */
    public sealed interface Answer {
        /**
         * The endpoint answered.
         *
         * @param mediaType of the answer, lower case and without parameters; empty where it has none
         * @param text the beginning of the answer
         */
        record Answered(int status, String mediaType, String text) implements Answer {}

        /** It did not. */
        record Unanswered(Trouble trouble) implements Answer {}
    }

    /** Why an endpoint did not answer. */
    public enum Trouble {
        /** Its time was over. */
        TIME_OUT("timeOut", "it did not answer in time"),
        /** Nobody knows its name. */
        UNKNOWN_HOST("unknownHost", "its host name is not known"),
        /** Its name has an address that is not public. */
        ADDRESS("address", "its host name has an address that is not public"),
        /** TLS: its certificate, the name in it, or the protocol. */
        TLS("tls", "there was no TLS connection with a certificate for its host that is trusted"),
        /** There was no connection, or it broke. */
        CONNECTION("connection", "there was no connection, or it broke"),
        /** What came was no HTTP, or too much of it. */
        MALFORMED("malformed", "its answer was no HTTP that could be read");

        private final String text;
        private final String words;

        Trouble(String text, String words) {
            this.text = text;
            this.words = words;
        }

        /** For the log. */
        public String text() {
            return text;
        }

        /** For whoever named the endpoint. */
        public String words() {
            return words;
        }
    }

    /**
     * Tells endpoints, side by side, and waits for all of them. What they say is not read, only their status.
     *
     * @param posts at most {@link #MOST_AT_ONCE}
     * @param time that each may take
     * @return the answers, in the same order
     */
    public List<Answer> tell(List<Post> posts, Duration time) {
        List<HttpPost> requests = new ArrayList<>();
        for (Post post : posts) {
            requests.add(request(post.url.uri(), new StringEntity(post.json, type(JSON)), time));
        }
        return exchangeAll(requests, 0, time);
    }

    /**
     * Asks endpoints whether they want to be told: each must answer a token that only a server which expects it can know how to.
     *
     * @param urls at most {@link #MOST_AT_ONCE}
     * @param time that each may take
     * @return for each, what is wrong with its answer, as a part of a sentence; nothing where it wants to
     */
    public List<Optional<String>> ask(List<NotificationUrl> urls, Duration time) {
        // Blanks and a colon, so that an endpoint which forgets to decode it is found out here and not at Graph.
        String token = "Validation: " + UUID.randomUUID();
        List<HttpPost> requests = new ArrayList<>();
        for (NotificationUrl url : urls) {
            requests.add(request(url.with("validationToken", token), new StringEntity("", type(TEXT)), time));
        }
        return exchangeAll(requests, LARGEST_ANSWER, time).stream()
                .map(answer -> objection(answer, token))
                .toList();
    }

    private static Optional<String> objection(Answer answer, String token) {
        return switch (answer) {
            case Answer.Unanswered unanswered -> Optional.of(unanswered.trouble.words);
            case Answer.Answered answered -> {
                if (answered.status != 200) {
                    yield Optional.of("it answered with status " + answered.status);
                }
                if (!answered.mediaType.equals(TEXT)) {
                    yield Optional.of(
                            answered.mediaType.isEmpty()
                                    ? "its answer has no Content-Type"
                                    : "its answer is not " + TEXT);
                }
                yield answered.text.strip().equals(token)
                        ? Optional.empty()
                        : Optional.of("its answer is not the token, decoded and without anything else");
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
        // Each read may wait so long: what ends the whole is whoever waits for it.
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

    private List<Answer> exchangeAll(List<HttpPost> requests, int largestAnswer, Duration time) {
        if (requests.size() > MOST_AT_ONCE) {
            throw new IllegalArgumentException("At most " + MOST_AT_ONCE + " requests go out at once");
        }
        Ticker ticker = Deadline.ticker();
        long deadline = ticker.read() + time.toNanos();
        List<FutureTask<Answer>> tasks = new ArrayList<>();
        for (HttpPost request : requests) {
            FutureTask<Answer> task = new FutureTask<>(() -> exchange(request, largestAnswer));
            tasks.add(task);
            // A lookup of a name cannot be interrupted: this thread is left behind with it, where a virtual one would
            // keep its carrier
            // from the others.
            Thread.ofPlatform()
                    .daemon()
                    .name(RequestLog.current().functionName() + THREAD)
                    .start(task);
        }
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            answers.add(await(tasks.get(i), requests.get(i), Duration.ofNanos(deadline - ticker.read())));
        }
        return answers;
    }

    private static Answer await(FutureTask<Answer> task, HttpPost request, Duration left) {
        try {
            return task.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new Answer.Unanswered(Trouble.TIME_OUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Unanswered(Trouble.TIME_OUT);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A notification broke", e.getCause());
        } finally {
            // Closes the socket, whatever is still awaited there.
            request.cancel();
        }
    }

    private Answer exchange(HttpPost request, int largestAnswer) {
        try {
            ClassicHttpResponse response = client().executeOpen(null, request, null);
            return new Answer.Answered(
                    response.getCode(), mediaType(response), text(response.getEntity(), largestAnswer));
        } catch (CheckedHosts.RefusedAddress e) {
            return new Answer.Unanswered(Trouble.ADDRESS);
        } catch (UnknownHostException e) {
            return new Answer.Unanswered(Trouble.UNKNOWN_HOST);
        } catch (SocketTimeoutException | ConnectionRequestTimeoutException e) {
            return new Answer.Unanswered(Trouble.TIME_OUT);
        } catch (SSLException e) {
            return new Answer.Unanswered(Trouble.TLS);
        } catch (NoHttpResponseException | SocketException | InterruptedIOException e) {
            return new Answer.Unanswered(Trouble.CONNECTION);
        } catch (IOException e) {
            return new Answer.Unanswered(Trouble.MALFORMED);
        } finally {
            // Closed like this, nothing that the server still sends is waited for, as it is where a response is closed.
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
        // Not closed: that would read on to its end.
        return content == null ? "" : new String(content.readNBytes(largest), StandardCharsets.UTF_8);
    }

    private synchronized CloseableHttpClient client() {
        if (client == null) {
            client = HttpClientBuilder.create()
                    .setConnectionManager(connections())
                    // An address is looked at when a connection is made: so each request makes its own.
                    .setConnectionReuseStrategy((request, response, context) -> false)
                    // The one that asks nobody: not the system's settings either.
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
        return new Direct()
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

    /** Connections whose sockets know no proxy: those that Java makes by itself ask the system's settings for a SOCKS proxy. */
    private static final class Direct extends PoolingHttpClientConnectionManagerBuilder {
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
