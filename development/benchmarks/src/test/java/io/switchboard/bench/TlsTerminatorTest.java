package io.switchboard.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The https endpoint forwards requests, and its trust store has the certificates of the JDK as well. */
class TlsTerminatorTest {
    @TempDir
    private Path folder;

    @Test
    void requests_are_forwarded_and_the_trust_store_has_the_shipped_certificates() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (var tls = TlsTerminator.start(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), folder)) {
            KeyStore trusted =
                    KeyStore.getInstance(folder.resolve("trusted.p12").toFile(), (char[]) null);
            assertThat(trusted.size()).isGreaterThan(50);
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            try (HttpClient client = HttpClient.newBuilder()
                    .sslContext(context)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()) {
                for (int request = 0; request < 2; request++) {
                    var response = client.send(
                            HttpRequest.newBuilder(tls.endpoint())
                                    .POST(HttpRequest.BodyPublishers.ofString("request " + request))
                                    .build(),
                            BodyHandlers.ofString(UTF_8));
                    assertThat(response.body()).isEqualTo("request " + request);
                    assertThat(response.sslSession()).isPresent();
                }
            }
        } finally {
            server.stop(0);
        }
    }
}
