package io.switchboard.callrecords.notifications;

import static io.switchboard.callrecords.notifications.EndpointServer.response;
import static io.switchboard.callrecords.notifications.EndpointServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.callrecords.notifications.NotificationSender.EndpointError;
import io.switchboard.callrecords.notifications.NotificationSender.EndpointResult;
import io.switchboard.callrecords.notifications.NotificationSender.Post;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests requests against real servers. A request without a time limit would block a test until its time-out. */
@Timeout(60)
final class NotificationSenderTest {
    private static final Duration SOON = Duration.ofMillis(400);
    private static final Duration ENOUGH = Duration.ofSeconds(20);
    private static final String HOST = "subscriber.example";

    private final EndpointServer server = EndpointServer.plain();
    private final NotificationSender sender = sender(InetAddress::getAllByName, null);

    @AfterEach
    void close() {
        server.close();
    }

    private static NotificationSender sender(CheckedHosts.Lookup lookup, @Nullable SSLContext tls) {
        return new NotificationSender(true, lookup, address -> true, tls);
    }

    private static InetAddress[] loopback(String address) throws UnknownHostException {
        return new InetAddress[] {InetAddress.getByName(address)};
    }

    private static NotificationUrl url(String text) {
        if (NotificationUrl.read(text, true) instanceof NotificationUrl.ParseResult.Valid valid) {
            return valid.url();
        }
        throw new AssertionError(text);
    }

    private static EndpointResult send(NotificationSender sender, String url, Duration time) {
        return sender.send(List.of(new Post(url(url), "{\"value\":[\"é\"]}")), time)
                .getFirst();
    }

    private EndpointResult send(Duration time) {
        return send(sender, server.url("/notify?a=b"), time);
    }

    private static int status(EndpointResult answer) {
        assertThat(answer).isInstanceOf(EndpointResult.Responded.class);
        return answer instanceof EndpointResult.Responded responded ? responded.status() : 0;
    }

    private static EndpointResult failed(EndpointError error) {
        return new EndpointResult.Failed(error);
    }

    @Test
    void notification_is_sent_as_json() {
        assertThat(status(send(ENOUGH))).isEqualTo(202);

        EndpointServer.Received received = server.received().getFirst();
        assertThat(received.method()).isEqualTo("POST");
        assertThat(received.target()).isEqualTo("/notify?a=b");
        assertThat(received.body()).isEqualTo("{\"value\":[\"é\"]}");
        assertThat(received.headers())
                .containsEntry("content-type", "application/json; charset=UTF-8")
                .containsEntry("host", "127.0.0.1:" + server.port())
                .containsEntry("user-agent", "Switchboard")
                .containsEntry("connection", "close")
                .containsOnlyKeys("content-type", "content-length", "host", "user-agent", "connection");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299, 400, 401, 404, 407, 410, 429, 500, 503})
    void any_status_is_a_response(int status) {
        server.behave((request, output) -> write(output, response(status, "", "")));

        assertThat(status(send(ENOUGH))).isEqualTo(status);
        assertThat(server.received()).as("no retry").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirect_is_not_followed(int status) {
        try (EndpointServer other = EndpointServer.plain()) {
            server.behave((request, output) -> write(
                    output,
                    "HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + other.url("/")
                            + "\r\nContent-Length: 0\r\n\r\n"));

            assertThat(status(send(ENOUGH))).isEqualTo(status);
            assertThat(other.connections()).isZero();
        }
    }

    @Test
    void cookies_and_challenges_are_ignored() {
        server.behave((request, output) -> write(output, """
                HTTP/1.1 401 Who
                Set-Cookie: a=b; Path=/
                WWW-Authenticate: Basic realm="x"
                WWW-Authenticate: Negotiate
                Content-Length: 0

                """));

        assertThat(status(send(ENOUGH))).isEqualTo(401);
        assertThat(status(send(ENOUGH))).isEqualTo(401);
        assertThat(server.received())
                .hasSize(2)
                .allSatisfy(received -> assertThat(received.headers()).doesNotContainKeys("cookie", "authorization"));
    }

    @Test
    void each_request_makes_its_own_connection() {
        send(ENOUGH);
        send(ENOUGH);

        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void slow_server_times_out() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        server.behave((request, output) -> end.await());

        assertThat(send(SOON)).isEqualTo(failed(EndpointError.TIME_OUT));
        end.countDown();
    }

    @Test
    void server_that_reads_nothing_times_out() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "://127.0.0.1:" + deaf.getLocalPort() + "/";

            assertThat(send(sender, "http" + url, SOON)).isEqualTo(failed(EndpointError.TIME_OUT));
            assertThat(send(sender, "https" + url, SOON)).isEqualTo(failed(EndpointError.TIME_OUT));
        }
    }

    /**
     * Each byte arrives well before a read times out: in the status line, in the headers, in interim responses, and in
     * the body of a validation.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 ",
                "HTTP/1.1 200 OK\r\nX: ",
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4000\r\n\r\n"
            })
    void slow_single_bytes_do_not_extend_the_time_limit(String beginning) {
        server.behave(server.dripping(beginning, "x"));

        assertThat(sender.validate(List.of(url(server.url("/"))), SOON).getFirst())
                .hasValue(EndpointError.TIME_OUT.message());
    }

    @Test
    void endless_interim_responses_do_not_extend_the_time_limit() {
        server.behave(server.dripping("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"));

        assertThat(send(SOON)).isEqualTo(failed(EndpointError.TIME_OUT));
    }

    @Test
    void hanging_name_lookup_does_not_extend_the_time_limit() {
        CountDownLatch end = new CountDownLatch(1);
        NotificationSender hanging = sender(
                host -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return loopback("127.0.0.1");
                },
                null);

        assertThat(send(hanging, "http://" + HOST + ":" + server.port() + "/", SOON))
                .isEqualTo(failed(EndpointError.TIME_OUT));
        end.countDown();
    }

    @Test
    void only_the_beginning_of_a_huge_response_is_read() {
        AtomicInteger written = new AtomicInteger();
        server.behave((request, output) -> {
            write(output, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + "x".repeat(0x1_0000) + "\r\n";
            while (written.addAndGet(chunk.length()) < 1_000_000_000) {
                write(output, chunk);
            }
        });

        assertThat(status(send(ENOUGH))).isEqualTo(200);
        assertThat(sender.validate(List.of(url(server.url("/"))), ENOUGH).getFirst())
                .isPresent();
        assertThat(written).hasValueLessThan(100_000_000);
    }

    @Test
    void compressed_response_is_not_decompressed() {
        server.behave((request, output) -> {
            assertThat(request.headers()).doesNotContainKey("accept-encoding");
            write(
                    output,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nxxxx");
        });

        assertThat(sender.validate(List.of(url(server.url("/"))), ENOUGH).getFirst())
                .hasValueSatisfying(error -> assertThat(error).contains("not exactly the decoded token"));
    }

    @Test
    void endless_headers_are_rejected() {
        server.behave((request, output) -> {
            write(output, "HTTP/1.1 200 OK\r\n");
            while (true) {
                write(output, "X: " + "x".repeat(100) + "\r\n");
            }
        });

        assertThat(send(ENOUGH)).isEqualTo(failed(EndpointError.MALFORMED));
    }

    @Test
    void endless_header_line_is_rejected() {
        server.behave((request, output) -> {
            write(output, "HTTP/1.1 200 OK\r\nX: ");
            while (true) {
                write(output, "x".repeat(10_000));
            }
        });

        assertThat(send(ENOUGH)).isEqualTo(failed(EndpointError.MALFORMED));
    }

    @Test
    void response_that_is_not_http_fails() {
        server.behave((request, output) -> write(output, "220 smtp.example ESMTP\r\n".repeat(10)));

        assertThat(send(SOON)).isInstanceOf(EndpointResult.Failed.class);
    }

    @Test
    void closed_connection_fails_without_a_retry() {
        server.behave((request, output) -> {});

        assertThat(send(ENOUGH)).isEqualTo(failed(EndpointError.CONNECTION));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void port_without_a_listener_fails_to_connect() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        assertThat(send(sender, "http://127.0.0.1:" + port + "/", ENOUGH)).isEqualTo(failed(EndpointError.CONNECTION));
    }

    @Test
    void unknown_host_name_is_reported() {
        NotificationSender unresolving = sender(
                host -> {
                    throw new UnknownHostException(host);
                },
                null);

        assertThat(send(unresolving, "https://" + HOST + "/", ENOUGH)).isEqualTo(failed(EndpointError.UNKNOWN_HOST));
    }

    @Test
    void tls_rejects_a_certificate_for_another_host() {
        TestCertificate certificate = TestCertificate.of(HOST);
        try (EndpointServer tls = EndpointServer.tls(certificate.server())) {
            CheckedHosts.Lookup here = host -> loopback("127.0.0.1");
            String port = ":" + tls.port() + "/";

            assertThat(status(send(sender(here, certificate.client()), "https://" + HOST + port, ENOUGH)))
                    .isEqualTo(202);
            assertThat(tls.received().getFirst().headers()).containsEntry("host", HOST + ":" + tls.port());
            assertThat(send(sender(here, certificate.client()), "https://other.example" + port, ENOUGH))
                    .as("a certificate for another host")
                    .isEqualTo(failed(EndpointError.TLS));
            assertThat(send(sender(here, null), "https://" + HOST + port, ENOUGH))
                    .as("an untrusted certificate")
                    .isEqualTo(failed(EndpointError.TLS));
            assertThat(tls.received()).hasSize(1);
        }
    }

    @Test
    void https_url_of_a_plaintext_server_is_rejected() {
        assertThat(send(sender, "https://127.0.0.1:" + server.port() + "/", SOON))
                .isInstanceOf(EndpointResult.Failed.class);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void notifications_are_sent_concurrently_and_results_keep_their_order() {
        List<Post> posts = new ArrayList<>();
        for (int i = 0; i < NotificationSender.MOST_AT_ONCE; i++) {
            posts.add(new Post(url(server.url("/" + i)), "{}"));
        }
        CountDownLatch all = new CountDownLatch(posts.size());
        server.behave((request, output) -> {
            all.countDown();
            all.await();
            write(output, response(200 + Integer.parseInt(request.target().substring(1)), "", ""));
        });

        assertThat(sender.send(posts, ENOUGH))
                .extracting(NotificationSenderTest::status)
                .containsExactly(200, 201, 202, 203, 204, 205, 206, 207, 208, 209);
        posts.add(posts.getFirst());
        assertThatThrownBy(() -> sender.send(posts, ENOUGH)).hasMessageContaining("10");
    }

    @Test
    void slow_endpoint_does_not_delay_others() {
        CountDownLatch hasResponded = new CountDownLatch(1);
        server.behave((request, output) -> {
            if (request.target().equals("/slow")) {
                hasResponded.await();
            }
            write(output, response(202, "", ""));
            hasResponded.countDown();
        });

        assertThat(sender.send(
                        List.of(new Post(url(server.url("/slow")), "{}"), new Post(url(server.url("/")), "{}")),
                        ENOUGH))
                .extracting(NotificationSenderTest::status)
                .containsExactly(202, 202);
    }

    /** One of two loopback addresses stands for a public one. */
    @Test
    void connection_uses_the_checked_addresses_of_one_name_lookup() {
        try (EndpointServer inside = EndpointServer.plain("127.0.0.2", server.port())) {
            AtomicInteger lookups = new AtomicInteger();
            NotificationSender checking = new NotificationSender(
                    true,
                    host -> loopback(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2"),
                    address -> address.getHostAddress().equals("127.0.0.1"),
                    null);
            String url = "http://" + HOST + ":" + server.port() + "/";

            assertThat(status(send(checking, url, ENOUGH))).isEqualTo(202);
            assertThat(lookups).hasValue(1);
            assertThat(send(checking, url, ENOUGH)).isEqualTo(failed(EndpointError.ADDRESS));
            assertThat(lookups).hasValue(2);
            assertThat(server.received()).hasSize(1);
            assertThat(inside.connections()).isZero();
        }
    }

    @Test
    void host_with_one_private_address_is_rejected() {
        NotificationSender checking = new NotificationSender(
                true,
                host -> new InetAddress[] {loopback("127.0.0.1")[0], loopback("127.0.0.2")[0]},
                address -> address.getHostAddress().equals("127.0.0.1"),
                null);

        assertThat(send(checking, "http://" + HOST + ":" + server.port() + "/", ENOUGH))
                .isEqualTo(failed(EndpointError.ADDRESS));
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"'', false", "false, false", "TRUE, false", "true, true", "' true ', true"})
    void private_addresses_require_a_setting(String setting, boolean areAllowed) {
        NotificationSender sender = NotificationSender.of(Map.of("PRIVATE_NOTIFICATION_URLS", setting));
        String url = "http://localhost:" + server.port() + "/";

        assertThat(sender.read(url) instanceof NotificationUrl.ParseResult.Valid)
                .isEqualTo(areAllowed);
        // Parsed under another setting, like a URL that was stored before the setting changed.
        EndpointResult answer = send(sender, url, ENOUGH);
        if (areAllowed) {
            assertThat(status(answer)).isEqualTo(202);
        } else {
            assertThat(answer).isEqualTo(failed(EndpointError.ADDRESS));
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void endpoint_that_returns_the_token_is_valid() {
        assertThat(sender.validate(List.of(url(server.url("/a?b=c"))), ENOUGH)).containsExactly(Optional.empty());

        EndpointServer.Received received = server.received().getFirst();
        assertThat(received.method()).isEqualTo("POST");
        assertThat(received.target()).startsWith("/a?b=c&validationToken=Validation%3A%20");
        assertThat(received.body()).isEmpty();
        assertThat(received.headers()).containsEntry("content-type", "text/plain; charset=UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain|",
                "text/plain; charset=utf-8|",
                "TEXT/PLAIN;charset=utf-8|",
                "text/html|not text/plain",
                "application/json|not text/plain",
                "''|no Content-Type"
            })
    void token_must_be_returned_as_plain_text(String contentType, @Nullable String expected) {
        server.behave((request, output) -> write(output, response(200, contentType, String.valueOf(request.token()))));

        Optional<String> found =
                sender.validate(List.of(url(server.url("/"))), ENOUGH).getFirst();
        if (expected == null) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).hasValueSatisfying(error -> assertThat(error).contains(expected));
        }
    }

    @Test
    void line_break_after_the_token_is_accepted() {
        server.behave((request, output) -> write(output, response(200, "text/plain", request.token() + "\r\n")));

        assertThat(sender.validate(List.of(url(server.url("/"))), ENOUGH)).containsExactly(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 204, 302, 404, 500})
    void validation_requires_status_200_and_reports_another_status(int status) {
        server.behave(
                (request, output) -> write(output, response(status, "text/plain", String.valueOf(request.token()))));

        assertThat(sender.validate(List.of(url(server.url("/"))), ENOUGH).getFirst())
                .hasValueSatisfying(error -> assertThat(error).contains(String.valueOf(status)));
    }

    @Test
    void wrong_validation_token_is_reported_but_not_echoed() {
        List<EndpointServer.Behaviour> wrong = List.of(
                (request, output) -> write(output, response(200, "text/plain", "secret")),
                (request, output) -> write(output, response(200, "text/plain", "")),
                (request, output) -> write(output, response(200, "text/plain", "\"" + request.token() + "\"")),
                (request, output) -> write(output, response(200, "text/plain", request.token() + "x".repeat(9_000))),
                // Not decoded.
                (request, output) -> write(
                        output,
                        response(
                                200,
                                "text/plain",
                                request.target().substring(request.target().indexOf('=') + 1))));
        for (EndpointServer.Behaviour each : wrong) {
            server.behave(each);

            assertThat(sender.validate(List.of(url(server.url("/"))), ENOUGH).getFirst())
                    .hasValueSatisfying(error -> assertThat(error)
                            .contains("not exactly the decoded token")
                            .doesNotContain("secret"));
        }
    }

    @Test
    void each_validation_has_its_own_token() {
        sender.validate(List.of(url(server.url("/"))), ENOUGH);
        sender.validate(List.of(url(server.url("/"))), ENOUGH);

        assertThat(server.received().get(0).token())
                .isNotEqualTo(server.received().get(1).token());
    }
}
