package io.switchboard.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests the API reference page: the whole document is readable, and every operation can be tried. */
@NeedsBrowser
class ReferencePageTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @Test
    void every_operation_is_listed_and_can_be_opened(Windows windows) {
        var window = windows.open("/reference.html");
        var operations = operations(windows);
        assertThat(operations).hasSizeGreaterThan(100);

        assertThat(entries(window)).hasCount(operations.size());
        var shown = entries(window).evaluateAll("links => links.map(link => link.hash.slice(1)).sort()");
        assertThat(shown)
                .isEqualTo(operations.stream()
                        .map(operation -> operation.path("operationId").asText())
                        .sorted()
                        .toList());
        for (JsonNode operation : operations) {
            window.page()
                    .evaluate(
                            "id => { location.hash = id; }",
                            operation.path("operationId").asText());
            assertThat(heading(window)).hasText(operation.path("summary").asText());
            assertThat(window.page().locator(".answer"))
                    .hasCount(operation.path("responses").size());
        }
    }

    @Test
    void operation_is_found_by_words_of_its_path_and_permissions(Windows windows) {
        var window = windows.open("/reference.html");

        window.page().getByLabel("Find an operation").fill("delete templates.readwrite sessiontemplates");

        assertThat(entries(window)).hasCount(1);
        entries(window).click();
        assertThat(window.page()).hasURL(Pattern.compile("#deleteSessionTemplate$"));
        assertThat(heading(window)).hasText("Delete an unused session template");
        assertThat(window.page().getByRole(AriaRole.MAIN)).isFocused();
    }

    @Test
    void link_to_an_operation_shows_it_and_its_position_in_the_list(Windows windows) {
        var window = windows.open("/reference.html#renewSubscription");

        assertThat(heading(window)).hasText("Renew a subscription, or change its notification URL");
        assertThat(window.page()).hasTitle(Pattern.compile("^Renew a subscription"));
        assertThat(window.page().locator(".contents [aria-current]")).isInViewport();
    }

    @Test
    void link_to_a_missing_operation_is_reported(Windows windows) {
        var window = windows.open("/reference.html#inventSession");

        assertThat(window.page().getByText("The operation inventSession does not exist."))
                .isVisible();
    }

    @Test
    void schemas_are_rendered_when_opened_and_may_be_recursive(Windows windows) {
        var window = windows.open("/reference.html#storeCallRecord");
        var body = window.page().locator("section", new Page.LocatorOptions().setHas(heading(window, "Body")));
        assertThat(body.getByText("startDateTime").first()).isVisible();
        assertThat(body.getByText("captureDeviceName")).hasCount(0);

        member(body, "sessions").click();
        member(body, "each").click();
        member(body, "segments").click();
        // This is the list of segments. Until it is rendered, the last list is that of the sessions.
        assertThat(member(body, "each")).hasCount(2);
        member(body, "each").last().click();
        assertThat(body.getByText("failureInfo").last()).isVisible();
    }

    @Test
    void constraints_of_a_value_are_shown(Windows windows) {
        var window = windows.open("/reference.html#listSessions");

        var top = window.page()
                .locator("li", new Page.LocatorOptions().setHas(window.page().getByText("$top")));
        assertThat(top).containsText("integer");
        assertThat(top).containsText("absent: 50");
        assertThat(top).containsText("at least 1");
        assertThat(top).containsText("at most 100");
        assertThat(window.page().getByText("one of \"closed\", \"open\"")).isVisible();
        assertThat(window.page().getByText("Requires Sessions.Read or Sessions.ReadWrite"))
                .isVisible();
    }

    @Test
    void session_can_be_created_from_the_page(Windows windows) {
        var agent = Agent.any();
        var window = signedIn(windows, agent, "createSession");

        button(window, "Send").click();

        assertThat(response(window)).hasText(Pattern.compile("Response 201 in \\d+ ms"));
        var created = bodyOf(window);
        var session = windows.chromium()
                .get(agent, "/sessions/" + created.path("sessionId").asText());
        assertThat(session.path("title").asText()).isEqualTo("Contoso");
        assertThat(window.page().getByLabel("Request", new Page.GetByLabelOptions().setExact(true)))
                .containsText(Pattern.compile("^curl -i .*/sessions' -H \"Authorization: Bearer \\$TOKEN\".*Contoso"));
        window.page().locator(".outcome").getByText("Headers").click();
        assertThat(window.page().getByLabel("Response headers")).containsText("etag: W/\"1\"");
    }

    @Test
    void parameters_are_sent_in_path_query_and_headers(Windows windows) {
        var agent = Agent.any();
        var window = signedIn(windows, agent, "createSession");
        window.page().getByLabel("dryRun (optional)").selectOption("true");
        window.page().locator(".try").getByText("Headers").click();
        window.page().getByLabel("x-correlation-id (optional)").fill("6f0c3d2f-8a01-4f0e-9d57-0b9a1c5e3a68");
        var sent = sentBy(window, () -> button(window, "Send").click());
        assertThat(sent.url()).endsWith("/sessions?dryRun=true");
        assertThat(sent.headers()).containsEntry("x-correlation-id", "6f0c3d2f-8a01-4f0e-9d57-0b9a1c5e3a68");
        assertThat(response(window)).containsText("200");
        assertThat(windows.chromium().get(agent, "/sessions").path("value")).isEmpty();

        window.page().evaluate("location.hash = 'readSessionTemplate'");
        window.page().getByLabel("uniqueName").fill("CallSessionTemplate");
        button(window, "Send").click();
        assertThat(response(window)).containsText("200");
        assertThat(bodyOf(window).path("uniqueName").asText()).isEqualTo("CallSessionTemplate");

        window.page().evaluate("location.hash = 'listCallRecords'");
        window.page().getByLabel("Root path").selectOption("/v1.0");
        window.page().getByLabel("$filter (optional)").fill("startDateTime ge 2026-01-01T00:00:00Z");
        var listed = sentBy(window, () -> button(window, "Send").click());
        assertThat(listed.url()).contains("/v1.0/communications/callRecords?");
        assertThat(response(window)).containsText("200");
        assertThat(bodyOf(window).path("value").isArray()).isTrue();
    }

    @Test
    void change_is_sent_with_the_selected_content_type(Windows windows) {
        var agent = Agent.any();
        var created =
                windows.chromium().request(agent, "POST", "/sessions", "{\"templateName\":\"CallSessionTemplate\"}");
        var sessionId = Chromium.json(created.body()).path("sessionId").asText();
        var window = signedIn(windows, agent, "changeSession");
        window.page().getByLabel("sessionId").fill(sessionId);

        var merge = sentBy(window, () -> button(window, "Send").click());

        assertThat(merge.headers()).containsEntry("content-type", "application/merge-patch+json");
        assertThat(response(window)).containsText("200");
        window.page().getByLabel("Type of the body").selectOption("application/json");
        window.page()
                .getByLabel("Body", new Page.GetByLabelOptions().setExact(true))
                .fill("{\"activityCount\":7}");
        var json = sentBy(window, () -> button(window, "Send").click());
        assertThat(json.headers()).containsEntry("content-type", "application/json");
        assertThat(response(window)).containsText("200");
        assertThat(windows.chromium()
                        .get(agent, "/sessions/" + sessionId)
                        .path("activityCount")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void each_violation_of_a_request_is_shown_with_the_message_of_the_API(Windows windows) {
        var agent = Agent.any();
        var wrong = "{\"templateParameters\":1,\"isFocused\":\"no\"}";
        var window = signedIn(windows, agent, "createSession").expects("status of 400");
        window.page()
                .getByLabel("Body", new Page.GetByLabelOptions().setExact(true))
                .fill(wrong);

        button(window, "Send").click();

        assertThat(response(window)).containsText("400");
        var details = Chromium.json(windows.chromium()
                        .request(agent, "POST", "/sessions", wrong)
                        .body())
                .path("error")
                .path("details");
        assertThat(details.size()).isGreaterThan(1);
        var problem = window.page().getByRole(AriaRole.ALERT);
        for (JsonNode detail : details) {
            assertThat(problem).containsText(detail.path("message").asText());
            assertThat(problem).containsText(detail.path("target").asText());
        }
    }

    @Test
    void invalid_JSON_body_is_not_sent(Windows windows) {
        var window = signedIn(windows, Agent.any(), "createSession");
        var body = window.page().getByLabel("Body", new Page.GetByLabelOptions().setExact(true));

        body.fill("{\"templateName\":");

        assertThat(body).hasAttribute("aria-invalid", "true");
        assertThat(window.page().locator(".problems")).containsText("The body is not valid JSON");
        assertThat(button(window, "Send")).hasAttribute("aria-disabled", "true");
    }

    @Test
    void request_with_a_missing_path_parameter_is_not_sent(Windows windows) {
        var window = signedIn(windows, Agent.any(), "readSession");
        var requests = new ArrayList<String>();
        window.page().onRequest(request -> requests.add(request.url()));

        button(window, "Send").click();

        assertThat(window.page().getByLabel("sessionId")).isFocused();
        assertThat(requests).isEmpty();
        assertThat(window.page().locator(".outcome")).hasCount(0);
    }

    @Test
    void missing_permission_is_reported(Windows windows) {
        var window = signedIn(windows, Agent.any().with("Sessions.Read"), "createSession")
                .expects("status of 403");

        button(window, "Send").click();

        assertThat(response(window)).containsText("403");
        assertThat(window.page().getByRole(AriaRole.ALERT)).containsText("Sessions.ReadWrite");
    }

    @Test
    void description_of_another_API_is_shown_without_local_sign_in(Windows windows) {
        var api = windows.chromium().base();
        // The same server with its other host name is another origin.
        var window = windows.open("/reference.html?api=http://localhost:" + api.getPort());
        window.expects("CORS policy").expects("net::ERR");

        assertThat(window.page().getByRole(AriaRole.ALERT))
                .containsText("http://localhost:" + api.getPort() + "/openapi.json cannot be read");
        button(window, "Sign in").click();
        assertThat(window.page().getByLabel("Address of the API")).hasValue("http://localhost:" + api.getPort());
        assertThat(button(window, "As any local user")).hasCount(0);
    }

    @Test
    void page_contacts_no_other_host_and_is_accessible(Windows windows) {
        var window = windows.open("/reference.html");
        var foreign = new ArrayList<String>();
        var origin = windows.chromium().base().toString();
        window.page().onRequest(request -> {
            if (!request.url().startsWith(origin + "/")) {
                foreign.add(request.url());
            }
        });
        window.page().reload();
        assertThat(entries(window).first()).isVisible();
        button(window, "Sign in").click();
        assertThat(window.page().getByRole(AriaRole.DIALOG)).isVisible();
        window.expectNoViolations();

        window.page()
                .getByLabel("User", new Page.GetByLabelOptions().setExact(true))
                .press("Enter");
        window.page().evaluate("location.hash = 'createSession'");
        window.page()
                .getByLabel("Body", new Page.GetByLabelOptions().setExact(true))
                .fill("{}");
        button(window.expects("status of 400"), "Send").click();
        assertThat(response(window)).containsText("400");
        window.expectNoViolations();
        window.expectNoSidewaysScroll(1024);
        assertThat(foreign).isEmpty();
    }

    private static List<JsonNode> operations(Windows windows) {
        var document = Chromium.json(windows.chromium()
                .send(HttpRequest.newBuilder(windows.chromium().base().resolve("/openapi.json")))
                .body());
        return document.path("paths").properties().stream()
                .map(Map.Entry::getValue)
                .flatMap(item -> item.properties().stream())
                .filter(member -> METHODS.contains(member.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Opens a window with an operation for a signed-in user. */
    private static Window signedIn(Windows windows, Agent agent, String operation) {
        var window = Views.open(windows, agent, "/reference.html", "#" + operation);
        assertThat(button(window, "Send")).isVisible();
        return window;
    }

    private static Locator entries(Window window) {
        return window.page().locator(".contents li a");
    }

    private static Locator heading(Window window) {
        return window.page().getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
    }

    private static Locator heading(Window window, String words) {
        return window.page()
                .getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName(words).setExact(true));
    }

    /** Returns the control that expands a member. */
    private static Locator member(Locator within, String name) {
        return within.locator(
                "summary",
                new Locator.LocatorOptions()
                        .setHas(within.page().getByText(name, new Page.GetByTextOptions().setExact(true))));
    }

    private static Locator button(Window window, String name) {
        return window.page()
                .getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator response(Window window) {
        return window.page().locator(".outcome h3").last();
    }

    private static JsonNode bodyOf(Window window) {
        return Chromium.json(window.page().getByLabel("Response body").textContent());
    }

    /** Returns the API request of this action, ignoring token requests and the page's files. */
    private static Request sentBy(Window window, Runnable what) {
        return window.page()
                .waitForResponse(
                        response -> !response.url().endsWith("/oauth2/token")
                                && !response.url().contains("/assets/"),
                        what)
                .request();
    }
}
