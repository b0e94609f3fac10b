package io.switchboard.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDynamoDbTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    @TempDir
    Path folder;

    @Test
    void started_dynamodb_serves_only_the_loopback_interface_until_it_is_closed() throws Exception {
        ProcessHandle child;
        URI endpoint;
        try (var dynamoDb = EmbeddedDynamoDb.start()) {
            endpoint = dynamoDb.endpoint();
            child = ProcessHandle.of(dynamoDb.processId()).orElseThrow();

            assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
            assertThat(call(endpoint, "ListTables", "{}")).contains("\"TableNames\":[]");
            for (InetAddress other : otherAddresses()) {
                assertThatThrownBy(() -> connect(other, endpoint.getPort()))
                        .as("DynamoDB Local listens on %s", other)
                        .isInstanceOf(ConnectException.class);
            }
        }
        assertThat(child.isAlive()).isFalse();
        assertThatThrownBy(() -> connect(InetAddress.getLoopbackAddress(), endpoint.getPort()))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void dynamodb_for_containers_serves_every_interface_at_the_given_port() throws Exception {
        int port = freePort();
        try (var dynamoDb = EmbeddedDynamoDb.startForContainers(Optional.empty(), port)) {
            assertThat(dynamoDb.endpoint()).isEqualTo(URI.create("http://127.0.0.1:" + port));
            for (InetAddress other : otherAddresses()) {
                connect(other, port);
            }
            assertThatThrownBy(() -> EmbeddedDynamoDb.startForContainers(Optional.empty(), port))
                    .isInstanceOf(EmbeddedDynamoDbException.class)
                    .hasMessageContaining(Integer.toString(port))
                    .message()
                    .doesNotContain("\n");
        }
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    @Test
    void child_ends_when_its_parent_is_killed() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        ParentOfDynamoDb.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = new BufferedReader(new InputStreamReader(parent.getInputStream(), UTF_8))) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            assertThat(child.isAlive()).isTrue();

            parent.destroyForcibly();

            assertThat(child.onExit().orTimeout(30, TimeUnit.SECONDS)).succeedsWithin(Duration.ofSeconds(31));
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void data_folder_keeps_tables_across_restarts_and_rejects_a_second_server() throws Exception {
        Path data = folder.resolve("made/by it");
        try (var dynamoDb = EmbeddedDynamoDb.start(data)) {
            call(dynamoDb.endpoint(), "CreateTable", """
                    {"TableName":"Kept","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
                     "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"}""");
            call(dynamoDb.endpoint(), "PutItem", """
                    {"TableName":"Kept","Item":{"id":{"S":"1"},"text":{"S":"still here"}}}""");

            assertThatThrownBy(() -> EmbeddedDynamoDb.start(data))
                    .isInstanceOf(EmbeddedDynamoDbException.class)
                    .hasMessageContaining("in use by another server")
                    .hasMessageNotContaining("\n");
        }
        try (var dynamoDb = EmbeddedDynamoDb.start(data)) {
            assertThat(call(dynamoDb.endpoint(), "GetItem", """
                    {"TableName":"Kept","Key":{"id":{"S":"1"}},"ConsistentRead":true}""")).contains("still here");
        }
    }

    @Test
    void shared_dynamodb_is_started_once() throws Exception {
        assertThat(EmbeddedDynamoDb.sharedEndpoint()).isEqualTo(EmbeddedDynamoDb.sharedEndpoint());
        assertThat(call(EmbeddedDynamoDb.sharedEndpoint(), "ListTables", "{}")).contains("TableNames");
    }

    @Test
    void missing_jars_are_reported_in_one_line_with_the_build_command() {
        assertThatThrownBy(() -> EmbeddedDynamoDb.start(folder, List.of(), null))
                .isInstanceOf(EmbeddedDynamoDbException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("mvn -pl development/embedded-dynamodb -am package")
                .hasMessageNotContaining("\n");
    }

    @Test
    void missing_native_library_is_reported_in_one_line() {
        assertThatThrownBy(() -> EmbeddedDynamoDb.start(
                        EmbeddedDynamoDb.jars(), List.of("-Dos.name=Plan9", "-Dos.arch=mips"), null))
                .isInstanceOf(EmbeddedDynamoDbException.class)
                .hasMessageContaining("SQLite library")
                .hasMessageNotContaining("\n");
    }

    @Test
    void exit_of_the_child_is_reported_in_one_line() {
        assertThatThrownBy(() -> EmbeddedDynamoDb.start(EmbeddedDynamoDb.jars(), List.of("-XX:NoSuchOption"), null))
                .isInstanceOf(EmbeddedDynamoDbException.class)
                .hasMessageContaining("ended before it responded")
                .hasMessageNotContaining("\n");
    }

    @Test
    void data_folder_that_is_a_file_is_reported_in_one_line() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> EmbeddedDynamoDb.start(file))
                .isInstanceOf(EmbeddedDynamoDbException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("Use another folder")
                .hasMessageNotContaining("\n");
    }

    @Test
    void class_path_has_no_class_of_dynamodb_local() {
        assertThat(System.getProperty("java.class.path"))
                .doesNotContainIgnoringCase("dynamodblocal")
                .doesNotContain("log4j", "jetty");
    }

    private static String call(URI endpoint, String action, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "DynamoDB_20120810." + action)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=other/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1_000);
        }
    }

    private static List<InetAddress> otherAddresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
    }
}
