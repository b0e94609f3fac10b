package io.switchboard.callrecords.notifications;

import static io.switchboard.callrecords.notifications.EndpointServer.response;
import static io.switchboard.callrecords.notifications.EndpointServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.callrecords.notifications.NotificationSender.Answer;
import io.switchboard.callrecords.notifications.NotificationSender.Post;
import io.switchboard.callrecords.notifications.NotificationSender.Trouble;
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

/** What goes out and what comes of it, at real servers. One that is never given up would hold a test until its time-out. */
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

    private static Answer tell(NotificationSender sender, String url, Duration time) {
        return sender.tell(List.of(new Post(url(url), "{\"value\":[\"é\"]}")), time)
                .getFirst();
    }

    private Answer tell(Duration time) {
        return tell(sender, server.url("/notify?a=b"), time);
    }

    private static int status(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Answered.class);
        return answer instanceof Answer.Answered answered ? answered.status() : 0;
    }

    private static Answer unanswered(Trouble trouble) {
        return new Answer.Unanswered(trouble);
    }

    @Test
    void a_notification_is_json_and_says_nothing_else() {
        assertThat(status(tell(ENOUGH))).isEqualTo(202);

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
    void any_status_is_an_answer(int status) {
        server.behave((request, output) -> write(output, response(status, "", "")));

        assertThat(status(tell(ENOUGH))).isEqualTo(status);
        assertThat(server.received()).as("no retry").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void a_redirect_is_not_followed(int status) {
        try (EndpointServer other = EndpointServer.plain()) {
            server.behave((request, output) -> write(
                    output,
                    "HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + other.url("/")
                            + "\r\nContent-Length: 0\r\n\r\n"));

            assertThat(status(tell(ENOUGH))).isEqualTo(status);
            assertThat(other.connections()).isZero();
        }
    }

    @Test
    void cookies_and_challenges_come_to_nothing() {
        server.behave((request, output) -> write(output, """
                HTTP/1.1 401 Who
                Set-Cookie: a=b; Path=/
                WWW-Authenticate: Basic realm="x"
                WWW-Authenticate: Negotiate
                Content-Length: 0

                """));

        assertThat(status(tell(ENOUGH))).isEqualTo(401);
        assertThat(status(tell(ENOUGH))).isEqualTo(401);
        assertThat(server.received())
                .hasSize(2)
                .allSatisfy(received -> assertThat(received.headers()).doesNotContainKeys("cookie", "authorization"));
    }

    @Test
    void each_request_makes_a_connection_of_its_own() {
        tell(ENOUGH);
        tell(ENOUGH);

        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void a_slow_server_is_given_up_in_time() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        server.behave((request, output) -> end.await());

        assertThat(tell(SOON)).isEqualTo(unanswered(Trouble.TIME_OUT));
        end.countDown();
    }

    @Test
    void one_that_takes_a_connection_and_reads_nothing_is_given_up_in_time() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "://127.0.0.1:" + deaf.getLocalPort() + "/";

            assertThat(tell(sender, "http" + url, SOON)).isEqualTo(unanswered(Trouble.TIME_OUT));
            assertThat(tell(sender, "https" + url, SOON)).isEqualTo(unanswered(Trouble.TIME_OUT));
        }
    }

    /**
     * Each byte comes well before a read would time out: in the status line, the headers, in answers that are none yet, and in
     * the body of a validation.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 ",
                "HTTP/1.1 200 OK\r\nX: ",
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4000\r\n\r\n"
            })
    void a_drip_does_not_stretch_the_time(String beginning) {
        server.behave(server.dripping(beginning, "x"));

        assertThat(sender.ask(List.of(url(server.url("/"))), SOON).getFirst()).hasValue(Trouble.TIME_OUT.words());
    }

    @Test
    void endless_interim_answers_do_not_stretch_the_time() {
        server.behave(server.dripping("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"));

        assertThat(tell(SOON)).isEqualTo(unanswered(Trouble.TIME_OUT));
    }

    @Test
    void a_lookup_that_hangs_does_not_stretch_the_time() {
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

        assertThat(tell(hanging, "http://" + HOST + ":" + server.port() + "/", SOON))
                .isEqualTo(unanswered(Trouble.TIME_OUT));
        end.countDown();
    }

    @Test
    void of_a_huge_answer_only_the_beginning_is_read() {
        AtomicInteger written = new AtomicInteger();
        server.behave((request, output) -> {
            write(output, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + "x".repeat(0x1_0000) + "\r\n";
            while (written.addAndGet(chunk.length()) < 1_000_000_000) {
                write(output, chunk);
            }
        });

        assertThat(status(tell(ENOUGH))).isEqualTo(200);
        assertThat(sender.ask(List.of(url(server.url("/"))), ENOUGH).getFirst()).isPresent();
        assertThat(written).hasValueLessThan(100_000_000);
    }

    @Test
    void a_compressed_answer_is_not_unpacked() {
        server.behave((request, output) -> {
            assertThat(request.headers()).doesNotContainKey("accept-encoding");
            write(
                    output,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nxxxx");
        });

        assertThat(sender.ask(List.of(url(server.url("/"))), ENOUGH).getFirst())
                .hasValueSatisfying(words -> assertThat(words).contains("not the token"));
    }

    @Test
    void endless_headers_are_refused() {
        server.behave((request, output) -> {
            write(output, "HTTP/1.1 200 OK\r\n");
            while (true) {
                write(output, "X: " + "x".repeat(100) + "\r\n");
            }
        });

        assertThat(tell(ENOUGH)).isEqualTo(unanswered(Trouble.MALFORMED));
    }

    @Test
    void a_header_line_without_end_is_refused() {
        server.behave((request, output) -> {
            write(output, "HTTP/1.1 200 OK\r\nX: ");
            while (true) {
                write(output, "x".repeat(10_000));
            }
        });

        assertThat(tell(ENOUGH)).isEqualTo(unanswered(Trouble.MALFORMED));
    }

    @Test
    void what_is_no_http_is_no_answer() {
        server.behave((request, output) -> write(output, "220 smtp.example ESMTP\r\n".repeat(10)));

        assertThat(tell(SOON)).isInstanceOf(Answer.Unanswered.class);
    }

    @Test
    void one_that_hangs_up_is_no_answer_and_not_asked_again() {
        server.behave((request, output) -> {});

        assertThat(tell(ENOUGH)).isEqualTo(unanswered(Trouble.CONNECTION));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void where_nobody_listens_there_is_no_connection() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        assertThat(tell(sender, "http://127.0.0.1:" + port + "/", ENOUGH)).isEqualTo(unanswered(Trouble.CONNECTION));
    }

    @Test
    void a_name_that_nobody_knows_is_said_to_be_one() {
        NotificationSender unknowing = sender(
                host -> {
                    throw new UnknownHostException(host);
                },
                null);

        assertThat(tell(unknowing, "https://" + HOST + "/", ENOUGH)).isEqualTo(unanswered(Trouble.UNKNOWN_HOST));
    }

    @Test
    void tls_is_spoken_with_whom_the_certificate_names() {
        TestCertificate certificate = TestCertificate.of(HOST);
        try (EndpointServer tls = EndpointServer.tls(certificate.server())) {
            CheckedHosts.Lookup here = host -> loopback("127.0.0.1");
            String port = ":" + tls.port() + "/";

            assertThat(status(tell(sender(here, certificate.client()), "https://" + HOST + port, ENOUGH)))
                    .isEqualTo(202);
            assertThat(tls.received().getFirst().headers()).containsEntry("host", HOST + ":" + tls.port());
            assertThat(tell(sender(here, certificate.client()), "https://other.example" + port, ENOUGH))
                    .as("another's certificate")
                    .isEqualTo(unanswered(Trouble.TLS));
            assertThat(tell(sender(here, null), "https://" + HOST + port, ENOUGH))
                    .as("a certificate that nobody trusts")
                    .isEqualTo(unanswered(Trouble.TLS));
            assertThat(tls.received()).hasSize(1);
        }
    }

    @Test
    void a_server_without_tls_is_none_for_https() {
        assertThat(tell(sender, "https://127.0.0.1:" + server.port() + "/", SOON))
                .isInstanceOf(Answer.Unanswered.class);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void several_are_told_side_by_side_and_answered_in_their_order() {
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

        assertThat(sender.tell(posts, ENOUGH))
                .extracting(NotificationSenderTest::status)
                .containsExactly(200, 201, 202, 203, 204, 205, 206, 207, 208, 209);
        posts.add(posts.getFirst());
        assertThatThrownBy(() -> sender.tell(posts, ENOUGH)).hasMessageContaining("10");
    }

    @Test
    void one_that_is_slow_holds_up_no_other() {
        CountDownLatch hasAnswered = new CountDownLatch(1);
        server.behave((request, output) -> {
            if (request.target().equals("/slow")) {
                hasAnswered.await();
            }
            write(output, response(202, "", ""));
            hasAnswered.countDown();
        });

        assertThat(sender.tell(
                        List.of(new Post(url(server.url("/slow")), "{}"), new Post(url(server.url("/")), "{}")),
                        ENOUGH))
                .extracting(NotificationSenderTest::status)
                .containsExactly(202, 202);
    }

    /** Two addresses of this machine, of which one plays the public one. */
    @Test
    void a_name_is_looked_up_once_for_each_connection_and_what_was_checked_is_what_is_connected_to() {
        try (EndpointServer inside = EndpointServer.plain("127.0.0.2", server.port())) {
            AtomicInteger lookups = new AtomicInteger();
            NotificationSender checking = new NotificationSender(
                    true,
                    host -> loopback(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2"),
                    address -> address.getHostAddress().equals("127.0.0.1"),
                    null);
            String url = "http://" + HOST + ":" + server.port() + "/";

            assertThat(status(tell(checking, url, ENOUGH))).isEqualTo(202);
            assertThat(lookups).hasValue(1);
            assertThat(tell(checking, url, ENOUGH)).isEqualTo(unanswered(Trouble.ADDRESS));
            assertThat(lookups).hasValue(2);
            assertThat(server.received()).hasSize(1);
            assertThat(inside.connections()).isZero();
        }
    }

    @Test
    void one_address_among_others_that_is_not_allowed_is_enough_to_refuse() {
        NotificationSender checking = new NotificationSender(
                true,
                host -> new InetAddress[] {loopback("127.0.0.1")[0], loopback("127.0.0.2")[0]},
                address -> address.getHostAddress().equals("127.0.0.1"),
                null);

        assertThat(tell(checking, "http://" + HOST + ":" + server.port() + "/", ENOUGH))
                .isEqualTo(unanswered(Trouble.ADDRESS));
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"'', false", "false, false", "TRUE, false", "true, true", "' true ', true"})
    void private_addresses_are_allowed_by_a_setting_only(String setting, boolean areAllowed) {
        NotificationSender sender = NotificationSender.of(Map.of("PRIVATE_NOTIFICATION_URLS", setting));
        String url = "http://localhost:" + server.port() + "/";

        assertThat(sender.read(url) instanceof NotificationUrl.ParseResult.Valid)
                .isEqualTo(areAllowed);
        // Read under another setting, as what was stored before may be.
        Answer answer = tell(sender, url, ENOUGH);
        if (areAllowed) {
            assertThat(status(answer)).isEqualTo(202);
        } else {
            assertThat(answer).isEqualTo(unanswered(Trouble.ADDRESS));
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void an_endpoint_that_answers_the_token_wants_to_be_told() {
        assertThat(sender.ask(List.of(url(server.url("/a?b=c"))), ENOUGH)).containsExactly(Optional.empty());

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
    void the_token_must_come_as_plain_text(String contentType, @Nullable String objection) {
        server.behave((request, output) -> write(output, response(200, contentType, String.valueOf(request.token()))));

        Optional<String> found =
                sender.ask(List.of(url(server.url("/"))), ENOUGH).getFirst();
        if (objection == null) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).hasValueSatisfying(words -> assertThat(words).contains(objection));
        }
    }

    @Test
    void a_line_break_behind_the_token_does_no_harm() {
        server.behave((request, output) -> write(output, response(200, "text/plain", request.token() + "\r\n")));

        assertThat(sender.ask(List.of(url(server.url("/"))), ENOUGH)).containsExactly(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 204, 302, 404, 500})
    void no_status_but_200_will_do_and_the_one_that_came_is_told(int status) {
        server.behave(
                (request, output) -> write(output, response(status, "text/plain", String.valueOf(request.token()))));

        assertThat(sender.ask(List.of(url(server.url("/"))), ENOUGH).getFirst())
                .hasValueSatisfying(words -> assertThat(words).contains(String.valueOf(status)));
    }

    @Test
    void another_text_than_the_token_is_told_but_not_shown() {
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

            assertThat(sender.ask(List.of(url(server.url("/"))), ENOUGH).getFirst())
                    .hasValueSatisfying(
                            words -> assertThat(words).contains("not the token").doesNotContain("secret"));
        }
    }

    @Test
    void each_question_has_a_token_of_its_own() {
        sender.ask(List.of(url(server.url("/"))), ENOUGH);
        sender.ask(List.of(url(server.url("/"))), ENOUGH);

        assertThat(server.received().get(0).token())
                .isNotEqualTo(server.received().get(1).token());
    }
}
