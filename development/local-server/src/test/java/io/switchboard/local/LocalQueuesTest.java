package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.deployment.EventSource;
import io.switchboard.local.deployment.LambdaFunction;
import io.switchboard.local.deployment.MessageQueue;
import io.switchboard.runtime.Await;
import io.switchboard.runtime.ManualTicker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Tests the queues with the AWS SDK and with Lambda's event source mapping. */
class LocalQueuesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream printed = new PrintStream(log, true, UTF_8);
    private final ManualTicker ticker = new ManualTicker();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<JsonNode> deliveries = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private HttpServer http;

    @SuppressWarnings("NullAway.Init") // before each test
    private LocalQueues queues;

    @SuppressWarnings("NullAway.Init") // before each test
    private SqsClient sqs;

    @BeforeEach
    void start() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        queues = new LocalQueues(
                List.of(queue("Patient", LONG, LONG), queue("Hasty", Duration.ZERO, SHORT), queue("Slow", LONG, LONG)),
                Optional.of(Duration.ZERO),
                Clock.systemUTC(),
                ticker,
                printed);
        http.createContext(LocalQueues.PATH, queues);
        http.setExecutor(threads);
        http.start();
        sqs = client(endpoint());
    }

    @AfterEach
    void stop() {
        queues.close();
        sqs.close();
        http.stop(0);
        threads.shutdownNow();
        assertThat(log.toString(UTF_8)).doesNotContain("secret");
    }

    private static MessageQueue queue(String name, Duration delay, Duration visibilityTimeout) {
        return new MessageQueue(name, delay, visibilityTimeout, Optional.of(new MessageQueue.RedrivePolicy("Dead", 3)));
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + LocalQueues.PATH);
    }

    private static SqsClient client(URI endpoint) {
        return SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private String url(String queue) {
        return endpoint() + "/" + queue;
    }

    private void send(String queue, String body) {
        sqs.sendMessage(message -> message.queueUrl(url(queue)).messageBody(body));
    }

    /** Reads a queue with a function that records each batch and returns this response. */
    private void read(String queue, int batchSize, FunctionBehavior response) {
        RequestStreamHandler handler = (input, output, context) -> {
            var event = JSON.readTree(input);
            deliveries.add(event);
            output.write(response.to(event).getBytes(UTF_8));
        };
        var function = new LambdaFunction("Reader", "any", Map.of(), 30, 128, Path.of("absent.zip"));
        queues.read(
                new EventSource.Messages("Reader", queue, batchSize, true, 1),
                new LocalFunction(function, handler, threads, () -> {}, ticker, printed),
                threads);
    }

    @FunctionalInterface
    private interface FunctionBehavior {
        String to(JsonNode event);

        static String failing(String... ids) {
            var response = JSON.createObjectNode();
            var failures = response.putArray("batchItemFailures");
            for (String id : ids) {
                failures.addObject().put("itemIdentifier", id);
            }
            return response.toString();
        }

        static String done() {
            return failing();
        }
    }

    private JsonNode delivery() throws InterruptedException {
        return requireNonNull(deliveries.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS), "no delivery arrived");
    }

    private void awaitSize(String queue, int size) {
        Await.until(
                TIMEOUT,
                "the queue " + queue + " to have the size " + size,
                () -> queues.queue(queue).size() == size);
    }

    @Test
    void message_is_delivered_as_by_lambda_and_deleted_after_success() throws Exception {
        var sent = sqs.sendMessage(message -> message.queueUrl(url("Patient"))
                .messageBody("{\"a\":\"ö secret\"}")
                .messageAttributes(Map.of(
                        "text",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("ü")
                                .build(),
                        "bytes",
                        MessageAttributeValue.builder()
                                .dataType("Binary")
                                .binaryValue(SdkBytes.fromByteArray(new byte[] {1, 2}))
                                .build())));
        read("Patient", 10, event -> FunctionBehavior.done());

        var record = delivery().path("Records").path(0);

        assertThat(record.path("messageId").asText()).isEqualTo(sent.messageId());
        assertThat(record.path("receiptHandle").asText()).isNotEmpty();
        assertThat(record.path("body").asText()).isEqualTo("{\"a\":\"ö secret\"}");
        assertThat(record.path("md5OfBody").asText()).isEqualTo(sent.md5OfMessageBody());
        assertThat(record.at("/attributes/ApproximateReceiveCount").asText()).isEqualTo("1");
        assertThat(record.at("/attributes/SentTimestamp").asText()).matches("[0-9]{13}");
        assertThat(record.at("/attributes/ApproximateFirstReceiveTimestamp").asText())
                .matches("[0-9]{13}");
        assertThat(record.at("/messageAttributes/text/stringValue").asText()).isEqualTo("ü");
        assertThat(record.at("/messageAttributes/text/dataType").asText()).isEqualTo("String");
        assertThat(record.at("/messageAttributes/bytes/binaryValue").asText()).isEqualTo("AQI=");
        assertThat(record.path("eventSource").asText()).isEqualTo("aws:sqs");
        assertThat(record.path("eventSourceARN").asText()).isEqualTo("arn:aws:sqs:us-east-1:000000000000:Patient");
        assertThat(record.path("awsRegion").asText()).isEqualTo("us-east-1");
        awaitSize("Patient", 0);
    }

    @Test
    void batch_is_delivered_whole_and_only_failed_messages_are_retried() throws Exception {
        var response = sqs.sendMessageBatch(batch -> batch.queueUrl(url("Patient"))
                .entries(IntStream.range(0, 10)
                        .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                .id("i" + i)
                                .messageBody("m" + i)
                                .build())
                        .toList()));
        assertThat(response.successful()).hasSize(10);
        assertThat(response.failed()).isEmpty();
        read(
                "Patient",
                10,
                event -> FunctionBehavior.failing(
                        event.path("Records").size() == 10
                                ? new String[] {event.at("/Records/3/messageId").asText()}
                                : new String[0]));

        var first = delivery().path("Records");
        awaitSize("Patient", 1);
        changeVisibility("Patient", first.at("/3/receiptHandle").asText(), 0);
        var second = delivery().path("Records");

        assertThat(first.findValuesAsText("body"))
                .containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
        assertThat(second.findValuesAsText("body")).containsExactly("m3");
        assertThat(second.at("/0/attributes/ApproximateReceiveCount").asText()).isEqualTo("2");
        assertThat(second.at("/0/receiptHandle").asText())
                .isNotEqualTo(first.at("/3/receiptHandle").asText());
        awaitSize("Patient", 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"unknown\"}]}"
            })
    void invalid_function_response_fails_the_batch(String response) throws Exception {
        send("Hasty", "a");
        read("Hasty", 10, event -> {
            ticker.advance(SHORT);
            return response;
        });

        delivery();
        assertThat(delivery()
                        .at("/Records/0/attributes/ApproximateReceiveCount")
                        .asText())
                .isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"batchItemFailures\":null}"})
    void response_without_failures_completes_the_batch(String response) throws Exception {
        send("Hasty", "a");
        read("Hasty", 10, event -> response);

        delivery();
        awaitSize("Hasty", 0);
    }

    @Test
    void message_is_dropped_with_a_log_line_after_the_last_delivery() throws Exception {
        send("Hasty", "secret");
        read("Hasty", 10, event -> {
            ticker.advance(SHORT);
            throw new IllegalStateException("always");
        });

        for (int i = 1; i <= 3; i++) {
            assertThat(delivery()
                            .at("/Records/0/attributes/ApproximateReceiveCount")
                            .asInt())
                    .isEqualTo(i);
        }
        awaitSize("Hasty", 0);
        assertThat(log.toString(UTF_8))
                .contains("Hasty dropped a message after 3 deliveries; its dead-letter queue is Dead");
    }

    @Test
    void visibility_timeout_of_a_received_message_can_be_changed() throws Exception {
        send("Patient", "a");
        read(
                "Patient",
                10,
                event -> FunctionBehavior.failing(
                        event.at("/Records/0/messageId").asText()));
        var receipt = delivery().at("/Records/0/receiptHandle").asText();

        changeVisibility("Patient", receipt, 0);

        assertThat(delivery()
                        .at("/Records/0/attributes/ApproximateReceiveCount")
                        .asText())
                .isEqualTo("2");
        assertThatThrownBy(() -> changeVisibility("Patient", receipt, 0))
                .isInstanceOf(ReceiptHandleIsInvalidException.class);
    }

    @Test
    void visibility_timeout_of_a_visible_message_cannot_be_changed() throws Exception {
        send("Hasty", "a");
        var received = queues.queue("Hasty").receive(1).getFirst();
        ticker.advance(SHORT);

        assertThatThrownBy(() -> changeVisibility("Hasty", received.receipt(), 10))
                .isInstanceOf(MessageNotInflightException.class);
    }

    private void changeVisibility(String queue, String receipt, int seconds) {
        sqs.changeMessageVisibility(
                change -> change.queueUrl(url(queue)).receiptHandle(receipt).visibilityTimeout(seconds));
    }

    @Test
    void message_delay_overrides_the_queue_delay() throws Exception {
        sqs.sendMessage(
                message -> message.queueUrl(url("Slow")).messageBody("later").delaySeconds(900));
        send("Slow", "now");
        read("Slow", 10, event -> FunctionBehavior.done());

        assertThat(delivery().path("Records").findValuesAsText("body")).containsExactly("now");
        awaitSize("Slow", 1);
    }

    @Test
    void concurrent_invocations_stay_within_the_templates_limit() throws Exception {
        var going = new AtomicInteger();
        var most = new AtomicInteger();
        var two = new CyclicBarrier(2);
        RequestStreamHandler handler = (input, output, context) -> {
            most.accumulateAndGet(going.incrementAndGet(), Math::max);
            try {
                // Every invocation waits for another one, so an invocation above the limit of two would start.
                two.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            } finally {
                going.decrementAndGet();
            }
            output.write(FunctionBehavior.done().getBytes(UTF_8));
        };
        IntStream.range(0, 20).forEach(i -> send("Patient", "m" + i));
        var function = new LambdaFunction("Reader", "any", Map.of(), 30, 128, Path.of("absent.zip"));
        queues.read(
                new EventSource.Messages("Reader", "Patient", 1, true, 2),
                new LocalFunction(function, handler, threads, () -> {}, ticker, printed),
                threads);

        awaitSize("Patient", 0);
        assertThat(most).hasValue(2);
    }

    @Test
    void each_message_is_processed_once_with_many_senders_and_readers() throws Exception {
        read("Patient", 10, event -> FunctionBehavior.done());
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                String body = "m" + i;
                senders.execute(() -> send("Patient", body));
            }
        }

        var bodies = new ArrayList<String>();
        while (bodies.size() < 200) {
            bodies.addAll(delivery().path("Records").findValuesAsText("body"));
        }
        assertThat(bodies).doesNotHaveDuplicates();
        awaitSize("Patient", 0);
    }

    @Test
    void missing_queue_is_reported_with_the_existing_ones() {
        assertThatThrownBy(() -> send("Elsewhere", "a"))
                .isInstanceOf(QueueDoesNotExistException.class)
                .hasMessageContaining("Patient, Hasty, Slow");
    }

    @Test
    void requests_that_sqs_rejects_are_rejected() {
        assertThatThrownBy(() -> sqs.purgeQueue(purge -> purge.queueUrl(url("Hasty"))))
                .isInstanceOf(SqsException.class)
                .hasMessageContaining("Use SendMessage");
        assertThatThrownBy(() -> send("Hasty", "x".repeat(1024 * 1024 + 1))).hasMessageContaining("at most 1048576");
        assertThatThrownBy(() -> sqs.sendMessage(message ->
                        message.queueUrl(url("Hasty")).messageBody("a").delaySeconds(901)))
                .hasMessageContaining("DelaySeconds");
        assertThatThrownBy(() -> changeVisibility("Hasty", "any", 43_201)).hasMessageContaining("VisibilityTimeout");
        var batch = sqs.sendMessageBatch(
                request -> request.queueUrl(url("Hasty")).entries(entry("good", "a", 0), entry("bad", "b", 901)));
        assertThat(batch.successful())
                .singleElement()
                .satisfies(one -> assertThat(one.id()).isEqualTo("good"));
        assertThat(batch.failed())
                .singleElement()
                .satisfies(one -> assertThat(one.id()).isEqualTo("bad"));
        assertThat(queues.queue("Hasty").size()).isOne();
    }

    private static SendMessageBatchRequestEntry entry(String id, String body, int delay) {
        return SendMessageBatchRequestEntry.builder()
                .id(id)
                .messageBody(body)
                .delaySeconds(delay)
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SendMessageBatch | {\"QueueUrl\":\"Hasty\",\"Entries\":[]} | EmptyBatchRequest",
                "SendMessageBatch | {\"QueueUrl\":\"Hasty\",\"Entries\":[{\"Id\":\"a\",\"MessageBody\":\"x\"},{\"Id\":\"a\",\"MessageBody\":\"y\"}]} | BatchEntryIdsNotDistinct",
                "SendMessage | {\"QueueUrl\":\"Hasty\"} | MissingParameter",
                "SendMessage | { | SerializationException"
            })
    void malformed_request_is_rejected(String operation, String body, String error) throws Exception {
        assertThat(post(body, "X-Amz-Target", "AmazonSQS." + operation, "Authorization", "AWS4-HMAC-SHA256 any"))
                .contains("com.amazonaws.sqs#" + error);
    }

    @Test
    void unsigned_request_is_rejected() throws Exception {
        assertThat(post("{\"QueueUrl\":\"Hasty\",\"MessageBody\":\"a\"}", "X-Amz-Target", "AmazonSQS.SendMessage"))
                .contains("MissingAuthenticationToken");
        assertThat(queues.queue("Hasty").size()).isZero();
    }

    private String post(String body, String... headers) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(
                    HttpRequest.newBuilder(endpoint())
                            .headers(headers)
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(400);
            return response.body();
        }
    }

    /** The template defines the queue's URL, its delay, its function, and two separate event sources. */
    @Test
    void server_delivers_messages_of_the_queue_url_in_the_environment_and_filtered_changes() throws Exception {
        var noted = new ByteArrayOutputStream();
        try (var server = LocalServer.start(
                        LocalServerSettings.of(Callers.template())
                                .withDynamoDb(EmbeddedDynamoDb.sharedEndpoint())
                                .withLongestQueueDelay(SHORT),
                        printed,
                        new PrintStream(noted, true, UTF_8));
                var ownSqs = client(URI.create(server.baseUri() + LocalQueues.PATH));
                var http = HttpClient.newHttpClient()) {
            var url = requireNonNull(server.deployment().functions().get("Note"))
                    .environment()
                    .get("PARCELS_QUEUE_URL");
            assertThat(url).isEqualTo(server.baseUri() + "/local/queues/Parcels");
            ownSqs.sendMessage(message -> message.queueUrl(url).messageBody("parcel"));

            var callers = new Callers(http, server.baseUri());
            var token = callers.token("user=u");
            for (var id : List.of("other", "note-1", "noted-not", "noted")) {
                assertThat(callers.send(callers.to("/writes/" + id)
                                        .header("Authorization", "Bearer " + token)
                                        .PUT(BodyPublishers.noBody()))
                                .statusCode())
                        .isEqualTo(201);
            }

            Await.until(
                    TIMEOUT,
                    noted,
                    () -> noted.toString(UTF_8).contains("aws:dynamodb noted.")
                            && noted.toString(UTF_8).contains("aws:sqs parcel."));
            assertThat(noted.toString(UTF_8)).contains("aws:dynamodb note-1.").doesNotContain("other.", "noted-not.");
        }
    }
}
