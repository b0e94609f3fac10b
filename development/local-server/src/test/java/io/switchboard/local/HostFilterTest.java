package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the host names that the filter accepts. */
class HostFilterTest {
    private final HttpServer http = server();

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        http.stop(0);
    }

    private String send(HostFilter filter, String head) throws IOException {
        http.createContext("/", exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(204, -1);
                    }
                })
                .getFilters()
                .add(filter);
        http.start();
        try (var client = new RawRequest(
                URI.create("http://127.0.0.1:" + http.getAddress().getPort()))) {
            return client.send(head + "Connection: close\r\n\r\n");
        }
    }

    private void assertStatus(HostFilter filter, String host, int status) throws IOException {
        assertThat(send(filter, "GET / HTTP/1.1\r\nHost: " + host + "\r\n"))
                .as(host)
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:3000",
                "localhost.",
                "localhost.:80",
                "localhost:",
                "desk.localhost",
                "a.b.localhost:1",
                "127.0.0.1",
                "127.0.0.1:65535",
                "127.9.8.7",
                "127.0.0.1.",
                "[::1]",
                "[::1]:3000",
                "[0:0:0:0:0:0:0:1]",
                "[::FFFF:127.0.0.1]",
                "Desk.Example",
                "desk.example.:9",
                "[2001:db8:0:0::7]",
                "192.0.2.7"
            })
    void name_of_this_machine_is_accepted(String host) throws IOException {
        assertStatus(HostFilter.of(List.of("desk.example", "[2001:db8::7]", "192.0.2.7")), host, 204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:3000",
                "localhost.evil.example",
                "evillocalhost",
                "127.0.0.1.evil.example",
                "localhost@evil.example",
                "localhost:80@evil.example",
                "evil.example#localhost",
                "localhost, evil.example",
                "localhost:65536",
                "localhost:x",
                "localhost:80:80",
                ".localhost",
                "localhost..",
                "",
                ":3000",
                "0.0.0.0",
                "127.1",
                "127.0.0.01",
                "127.0.0.256",
                "2130706433",
                "0x7f.0.0.1",
                "128.0.0.1",
                "192.0.2.7",
                "::1",
                "[::1",
                "[::2]",
                "[::1%lo]",
                "[localhost]",
                "[127.0.0.1]",
                "[::1]x",
                "host.docker.internal",
                "sub.desk.example",
                "l\u00f6calhost"
            })
    void other_name_returns_403_with_an_error_body(String host) throws IOException {
        String response = send(HostFilter.of(List.of("desk.example")), "GET / HTTP/1.1\r\nHost: " + host + "\r\n");

        assertThat(response)
                .as(host)
                .startsWith("HTTP/1.1 403 ")
                .containsIgnoringCase("content-type: application/json");
        assertThat(new ObjectMapper()
                        .readTree(response.substring(response.indexOf("\r\n\r\n")))
                        .at("/error/code")
                        .asText())
                .isEqualTo("hostNotAllowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host.docker.internal:8001",
                "HOST.docker.internal",
                "host.containers.internal",
                "172.17.0.1:8001",
                "[fd00::1]",
                "localhost",
                "desk.example"
            })
    void containers_may_use_an_address_or_their_name_for_this_machine(String host) throws IOException {
        assertStatus(HostFilter.forContainers(List.of("desk.example")), host, 204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "internal", "evil.host.docker.internal", "172.17.0.1.evil.example"})
    void containers_may_not_use_other_names(String host) throws IOException {
        assertStatus(HostFilter.forContainers(List.of()), host, 403);
    }

    @Test
    void http_1_1_request_without_a_host_returns_400() throws IOException {
        assertThat(send(HostFilter.of(List.of()), "GET / HTTP/1.1\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void two_hosts_return_400() throws IOException {
        assertThat(send(HostFilter.of(List.of()), "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void http_1_0_request_without_a_host_returns_403() throws IOException {
        assertThat(send(HostFilter.of(List.of()), "GET / HTTP/1.0\r\n")).contains(" 403 ");
    }

    @Test
    void host_of_an_absolute_target_is_checked() throws IOException {
        assertThat(send(HostFilter.of(List.of()), "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void absolute_target_does_not_replace_the_host_header() throws IOException {
        assertThat(send(HostFilter.of(List.of()), "GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void absolute_target_of_this_machine_is_accepted() throws IOException {
        assertThat(send(HostFilter.of(List.of()), "GET http://localhost:1/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"))
                .startsWith("HTTP/1.1 204 ");
    }

    @Test
    void error_response_to_head_has_no_body() throws IOException {
        assertThat(send(HostFilter.of(List.of()), "HEAD / HTTP/1.1\r\nHost: evil.example\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContain("hostNotAllowed");
    }
}
