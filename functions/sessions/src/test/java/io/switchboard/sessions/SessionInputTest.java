package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.storage.PageToken;
import io.switchboard.text.InputLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid and adversarial input. */
final class SessionInputTest {
    private final SessionFixture fixture = new SessionFixture();

    private FunctionResponse send(String method, String path, String body) {
        ApiEvent event = fixture.event(method, path)
                .header("Content-Type", "application/json")
                .text(body);
        return method.equals("POST") && path.equals("/sessions")
                ? event.sendTo(fixture.create)
                : event.sendTo(fixture.manage);
    }

    private static FunctionResponse small(FunctionResponse answer) {
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(InputLimits.ERROR_BYTES);
        assertThat(answer.body()).doesNotContain("x".repeat(101));
        answer.isErrorBody();
        return answer;
    }

    @Test
    void up_to_a_hundred_invalid_members_are_listed_and_the_others_counted() {
        String noPairs = "[" + "1,".repeat(40_000) + "1]";
        FunctionResponse answer =
                small(send("POST", "/sessions", "{\"sessionContext\":" + noPairs + ",\"templateName\":1}"));

        assertThat(answer.detailCodes()).hasSize(101).endsWith("tooMany");
    }

    @Test
    void largest_invalid_body_gets_a_small_response_from_every_route() {
        String id = fixture.session();
        StringBuilder members = new StringBuilder();
        for (int i = 0; members.length() < 1_000_000; i++) {
            members.append("\"k").append(i).append("\":[],");
        }
        String many = members + "\"k\":1";
        for (String body : List.of(
                "{" + many + "}",
                "{\"" + "x".repeat(1_000_000) + "\":1}",
                "{\"templateName\":\"" + "x".repeat(1_000_000) + "\"}",
                "{\"templateName\":\"CallSessionTemplate\",\"" + "x".repeat(500) + "\":{},\"tabs\":["
                        + "1,".repeat(400_000) + "1]}",
                "{\"templateName\":\"" + "x".repeat(120) + "\"}",
                "x".repeat(1_000_000),
                "{\"a\":\"" + "x".repeat(2_000_000) + "\"}")) {
            for (String[] route : new String[][] {
                {"POST", "/sessions"},
                {"PATCH", "/sessions/" + id},
                {"POST", "/sessions/" + id + "/tabs"},
                {"POST", "/sessions/" + id + "/handOver"},
                {"POST", "/nowhere"}
            }) {
                FunctionResponse answer = send(route[0], route[1], body);
                if (answer.status() == 200) {
                    // A patch ignores some members, regardless of their values.
                    assertThat(route[0]).isEqualTo("PATCH");
                } else {
                    small(answer);
                }
            }
        }
    }

    @Test
    void long_ids_in_paths_and_headers_are_not_returned() {
        small(fixture.get("/sessions/" + "x".repeat(9_000)));
        small(fixture.get("/" + "x".repeat(9_000)));
        small(fixture.get("/sessions/" + fixture.session() + "/tabs/" + "x".repeat(9_000)));
        small(fixture.event("GET", "/sessions").query("x".repeat(9_000), "1").sendTo(fixture.manage));
        small(fixture.event("GET", "/sessions")
                .query("status", "x".repeat(9_000))
                .sendTo(fixture.manage));
        small(fixture.event("POST", "/sessions")
                .text("{}")
                .header("Content-Type", "x".repeat(9_000))
                .sendTo(fixture.create));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "",
                "é",
                "#",
                "\u0000",
                "3f2504e0-4f89-41d3-9a0c-0305e82c330",
                "3f2504e0-4f89-41d3-9a0c-0305e82c33011"
            })
    void forged_page_token_is_rejected(String position) {
        String id = fixture.session();
        for (String path : List.of("/sessions", "/sessions/" + id + "/tabs")) {
            String scope = fixture.tenant + " " + fixture.user + " null " + path + " {}";
            FunctionResponse answer = fixture.event("GET", path)
                    .query("$skiptoken", PageToken.of(scope, position))
                    .sendTo(fixture.manage);
            answer.isInvalid("invalidPageToken $skiptoken");
            fixture.event("GET", path)
                    .query("$skiptoken", PageToken.of(scope, "3f2504e0-4f89-41d3-9a0c-0305e82c3301"))
                    .sendTo(fixture.manage)
                    .is(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "-1E-99999999999", "0e99999999999", "1e2147483648"})
    void number_with_a_long_exponent_is_malformed_even_as_the_first_value(String number) {
        String id = fixture.session();
        for (String[] route : new String[][] {
            {"POST", "/sessions"}, {"PATCH", "/sessions/" + id}, {"POST", "/sessions/" + id + "/tabs"}
        }) {
            assertThat(send(route[0], route[1], "{\"x\":" + number + "}")
                            .is(400)
                            .detailCodes())
                    .containsExactly("malformedJson");
        }
        FunctionResponse pairs = send(
                "POST",
                "/sessions",
                "{\"templateName\":\"CallSessionTemplate\",\"sessionContext\":[[\"parametersStr\",\"[[\\\"a\\\","
                        + number + "]]\"]]}");
        pairs.isInvalid("invalidParametersStr sessionContext.parametersStr");
    }
}
