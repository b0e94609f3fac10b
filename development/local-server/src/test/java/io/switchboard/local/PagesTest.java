package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
    private static LocalServer server;
    private static Callers callers;

    @BeforeAll
    static void start() {
        var template = Path.of(System.getProperty("switchboard.root", "../..")).resolve("template.yaml");
        server = LocalServer.start(LocalServerSettings.of(template).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()));
        callers = new Callers(HttpClient.newHttpClient(), server.baseUri());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/,text/html;charset=UTF-8",
        "/index.html,text/html;charset=UTF-8",
        "/assets/switchboard.js,text/javascript;charset=UTF-8",
        "/assets/preact.umd.js,text/javascript;charset=UTF-8",
        "/assets/style.css,text/css;charset=UTF-8",
        "/assets/icon.svg,image/svg+xml"
    })
    void page_file_has_its_type_and_a_restrictive_security_policy(String path, String type) throws Exception {
        var response = callers.send(callers.to(path));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isNotEmpty();
        assertThat(response.headers().firstValue("content-type")).contains(type);
        assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(response.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'self'")
                .doesNotContain("unsafe");
    }

    @Test
    void unchanged_page_returns_304() throws Exception {
        var first = callers.send(callers.to("/"));
        String tag = first.headers().firstValue("etag").orElseThrow();
        var again = callers.send(callers.to("/").header("If-None-Match", tag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(callers.send(callers.to("/").header("If-None-Match", "\"other\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/absent.js",
                "/assets/",
                "/assets/..%2findex.html",
                "/assets/%2e%2e/index.html",
                "/pom.xml",
                "/template.yaml",
                "/assets/style.css/"
            })
    void other_paths_are_not_pages(String path) throws Exception {
        assertThat(callers.send(callers.to(path)).statusCode()).isEqualTo(404);
    }

    @Test
    void api_paths_are_not_replaced_by_pages() throws Exception {
        assertThat(callers.send(callers.to("/desk")).statusCode()).isEqualTo(401);
        assertThat(callers.send(callers.to("/openapi.json")).headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
    }

    @Test
    void page_accepts_only_get_and_head() throws Exception {
        var response = callers.send(callers.to("/").POST(BodyPublishers.ofString("x")));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains("GET, HEAD");
    }
}
