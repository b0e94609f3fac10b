package io.switchboard.sessions.push;

import io.switchboard.dynamodb.Wiring;
import io.switchboard.json.Json;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Ticker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Publishes messages about desks on an AppSync Events API, with the transport and the signer of the AWS SDK, which has
 * no client for this API. AppSync accepts one channel in a request, so the requests of a batch are sent in parallel,
 * also to the other work of the function. A message is sent once: a lost one only makes a client wait for its next
 * poll. Thread-safe.
 */
public final class DeskPush {
    private static final int MOST_CONNECTIONS = 8;
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final SdkHttpClient client;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsProvider credentials;
    private final String region;
    private final URI endpoint;

    private DeskPush(SdkHttpClient client, AwsCredentialsProvider credentials, String region, URI endpoint) {
        this.client = client;
        this.credentials = credentials;
        this.region = region;
        this.endpoint = endpoint;
    }

    /** Returns the push of an environment; empty if it has no endpoints. */
    public static Optional<DeskPush> of(Map<String, String> environment) {
        return PushEndpoints.of(environment)
                .map(endpoints -> new DeskPush(
                        Wiring.httpClient(SOCKET_TIMEOUT),
                        Wiring.credentials(environment),
                        environment.getOrDefault("AWS_REGION", "us-east-1"),
                        endpoints.http()));
    }

    /**
     * The result of a batch.
     *
     * @param sent how many messages AppSync accepted
     * @param failed how many were not sent or not accepted
     * @param fault the first fault, without content of a message; null for none
     */
    public record Pushed(int sent, int failed, @Nullable String fault) {}

    /** Starts sending messages. */
    public Sending start(DeskMessages messages) {
        return new Sending(messages.byChannel());
    }

    /** Messages that are being sent. */
    public final class Sending {
        private final int count;
        private final Queue<Map.Entry<String, String>> left;
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicReference<@Nullable String> fault = new AtomicReference<>();
        private final List<Thread> threads = new ArrayList<>();

        private Sending(Map<String, String> messages) {
            count = messages.size();
            left = new ConcurrentLinkedQueue<>(messages.entrySet());
            for (int i = 0; i < Math.min(count, MOST_CONNECTIONS); i++) {
                threads.add(Thread.ofVirtual().name("push-", i).start(this::send));
            }
        }

        /** Sends messages until none is left or one fails. The others would most likely fail too. */
        private void send() {
            for (Map.Entry<String, String> next = left.poll();
                    next != null && fault.get() == null;
                    next = left.poll()) {
                @Nullable String problem = publish(next.getKey(), next.getValue());
                if (problem == null) {
                    sent.incrementAndGet();
                } else {
                    fault.compareAndSet(null, problem);
                }
            }
        }

        /** Waits for the messages, at most for a second. */
        public Pushed await() {
            Duration left = Deadline.left();
            Ticker ticker = Deadline.ticker();
            long end = ticker.read() + (left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT).toNanos();
            try {
                for (Thread thread : threads) {
                    if (!thread.join(Duration.ofNanos(Math.max(1, end - ticker.read())))) {
                        fault.compareAndSet(null, "no time left");
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fault.compareAndSet(null, "interrupted");
            }
            int accepted = sent.get();
            return new Pushed(accepted, count - accepted, fault.get());
        }
    }

    /** Returns the fault; null if AppSync accepted the message. */
    private @Nullable String publish(String channel, String message) {
        byte[] body = Json.write(Map.of("channel", channel, "events", List.of(message)))
                .getBytes(StandardCharsets.UTF_8);
        ContentStreamProvider content = () -> new ByteArrayInputStream(body);
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint)
                .putHeader("Content-Type", "application/json")
                .putHeader("Content-Length", Integer.toString(body.length))
                .build();
        try {
            SignedRequest signed = signer.sign(to -> to.identity(credentials.resolveCredentials())
                    .request(request)
                    .payload(content)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "appsync")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region));
            HttpExecuteResponse response = client.prepareRequest(HttpExecuteRequest.builder()
                            .request(signed.request())
                            .contentStreamProvider(signed.payload().orElse(content))
                            .build())
                    .call();
            byte[] answer = read(response);
            int status = response.httpResponse().statusCode();
            if (status != HttpURLConnection.HTTP_OK) {
                return "status " + status;
            }
            return isAccepted(answer) ? null : "not accepted";
        } catch (IOException | RuntimeException e) {
            // Its message may contain the channel.
            return e.getClass().getSimpleName();
        }
    }

    /** Reads the whole response, so that the connection can be used again. */
    private static byte[] read(HttpExecuteResponse response) throws IOException {
        if (response.responseBody().isEmpty()) {
            return new byte[0];
        }
        try (InputStream body = response.responseBody().get()) {
            return body.readAllBytes();
        }
    }

    private static boolean isAccepted(byte[] answer) throws IOException {
        return Json.readObject(answer).get("failed") instanceof List<?> failed && failed.isEmpty();
    }
}
