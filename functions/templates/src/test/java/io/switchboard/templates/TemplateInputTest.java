package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import io.switchboard.storage.PageToken;
import io.switchboard.text.InputLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Extreme and forged input. */
final class TemplateInputTest {
    private static final Tables TABLES = new Tables();

    private final ManageTemplates function = new ManageTemplates(TABLES.environment());
    private final String tenant = "tenant-" + UUID.randomUUID();

    private ApiEvent event(String method, String path) {
        return ApiEvent.of(method, path).claim("tid", tenant);
    }

    private static FunctionResponse small(FunctionResponse response) {
        assertThat(response.status()).isBetween(400, 499);
        assertThat(response.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(InputLimits.ERROR_BYTES);
        assertThat(response.body()).doesNotContain("x".repeat(101));
        response.isErrorBody();
        return response;
    }

    @Test
    void largest_invalid_body_gets_a_small_response_from_every_route() {
        StringBuilder members = new StringBuilder("{");
        for (int i = 0; members.length() < 1_000_000; i++) {
            members.append("\"k").append(i).append("\":[],");
        }
        String many = members.append("\"k\":1}").toString();
        for (String body : List.of(
                many,
                "{\"" + "x".repeat(1_000_000) + "\":1}",
                "{\"uniqueName\":\"" + "x".repeat(1_000_000) + "\"}",
                "{\"value\":[" + "{\"kind\":\"x\"},".repeat(400) + "{\"kind\":\"" + "x".repeat(500) + "\"}]}",
                "{\"value\":1e99999999999}",
                "x".repeat(1_000_000))) {
            for (String[] route : new String[][] {
                {"POST", "/sessionTemplates"},
                {"PUT", "/sessionTemplates/contoso"},
                {"POST", "/applicationTabTemplates"},
                {"POST", "/notificationTemplates"},
                {"POST", "/appProfiles"},
                {"POST", "/templates/import"}
            }) {
                small(event(route[0], route[1])
                        .header("Content-Type", "application/json")
                        .header("If-None-Match", route[0].equals("PUT") ? "*" : null)
                        .text(body)
                        .sendTo(function));
            }
        }
    }

    @Test
    void longest_unique_name_is_shortened_in_messages() {
        String name = "contoso_" + "n".repeat(120);
        Map<String, Object> template = Map.of(
                "uniqueName",
                name,
                "name",
                "a",
                "type",
                "generic",
                "communicationPanelMode",
                "docked",
                "anchorTab",
                name,
                "status",
                "inactive");
        Map<String, Object> tab = Map.of(
                "uniqueName",
                name,
                "name",
                "a",
                "pageType",
                "thirdPartyWebsite",
                "parameters",
                Map.of("url", "https://example.com"));
        List<FunctionResponse> answers = List.of(
                event("POST", "/sessionTemplates")
                        .body(template)
                        .sendTo(function)
                        .isError(422, "templateNotFound"),
                event("GET", "/sessionTemplates/" + name).sendTo(function).isError(404, "notFound"),
                event("POST", "/applicationTabTemplates")
                        .body(tab)
                        .sendTo(function)
                        .is(201),
                event("POST", "/applicationTabTemplates")
                        .body(tab)
                        .sendTo(function)
                        .isError(409, "nameAlreadyExists"),
                event("POST", "/sessionTemplates")
                        .body(template)
                        .sendTo(function)
                        .is(201),
                event("DELETE", "/applicationTabTemplates/" + name)
                        .header("if-match", "*")
                        .sendTo(function)
                        .isError(409, "templateInUse"),
                event("PUT", "/applicationTabTemplates/" + name + "x")
                        .header("if-match", "*")
                        .body(tab)
                        .sendTo(function));
        for (FunctionResponse response : answers) {
            if (response.status() >= 400 && !response.body().contains("templateInUse")) {
                assertThat(response.text("error.message")).doesNotContain(name);
            }
        }
    }

    @Test
    void forged_position_is_rejected_by_every_list() {
        event("POST", "/sessionTemplates")
                .body(Map.of(
                        "uniqueName",
                        "contoso_a",
                        "name",
                        "a",
                        "type",
                        "generic",
                        "communicationPanelMode",
                        "docked",
                        "status",
                        "inactive"))
                .sendTo(function)
                .is(201);
        event("POST", "/appProfiles")
                .body(Map.of("uniqueName", "contoso_p", "name", "p"))
                .sendTo(function)
                .is(201);
        Map<String, List<String>> valid = Map.of(
                "/sessionTemplates", List.of("a", "contoso_a"),
                "/sessionTemplates/contoso_a/versions", List.of("1", "0000000001", "9999999999"),
                "/templates/export", List.of("0", "1", "0contoso_a"),
                "/appProfiles/contoso_p/users", List.of("a", "a%20b"));
        List<String> forged = List.of(
                " ", "é", "#", "%", "/", "\u0000", "A-", "-1", "99999999999", "1.", "9", "0A", "0 ", "x x", ".é");
        valid.forEach((path, positions) -> {
            String scope = tenant + " " + path + " {}";
            for (String position : positions) {
                event("GET", path)
                        .query("$skiptoken", PageToken.of(scope, position))
                        .sendTo(function)
                        .is(200);
            }
            for (String position : forged) {
                FunctionResponse response = event("GET", path)
                        .query("$skiptoken", PageToken.of(scope, position))
                        .sendTo(function);
                assertThat(response.status()).as("%s at %s", path, position).isIn(200, 400);
                boolean mayBeIssued = position.matches(path.endsWith("/users") ? "[0-9A-Za-z.-]+" : "[0-9.]+");
                if (!mayBeIssued) {
                    response.isInvalid("invalidPageToken $skiptoken");
                }
            }
        });
    }
}
