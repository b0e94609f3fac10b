package io.switchboard.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests an agent's actions on the desk page, their display and the resulting data in the API. */
@NeedsBrowser
class DeskPageTest {
    private static final String INCIDENT = "fac04293-1ab0-eb11-8236-000d3a5c49ed";

    private static final String SEARCH = """
            {"uniqueName":"contoso_search","name":"Web search","title":"Search {customer}","pageType":"thirdPartyWebsite",
             "parameters":{"url":"https://example.com/find?q=","data":"{customer}"}}""";

    private static final String CALL = """
            {"uniqueName":"contoso_call","name":"Call","type":"generic","title":"{customer}","communicationPanelMode":"docked",
             "anchorTab":"contoso_search","parameterDefinitions":[{"name":"customer","type":"string","required":true},
             {"name":"priority","type":"number","required":false,"default":3}]}""";

    // -- Display and actions

    @Test
    void example_creates_a_session_with_one_click_and_shows_its_curl_command(Windows windows) {
        var agent = Agent.any();
        var desk = new DeskPage(windows.open("/"));
        desk.signIn(agent);
        assertThat(desk.heading("No session is open")).isVisible();
        desk.window().expectNoViolations();

        desk.button("Run this example").first().click();
        desk.shows("Contoso");

        assertThat(desk.session("Contoso").locator(".pick")).hasAttribute("aria-current", "true");
        assertThat(desk.page().getByText("1 of 10", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(desk.field("Value of customer")).hasValue("Contoso");
        assertThat(desk.tab("Knowledge Search")).hasAttribute("aria-current", "true");
        var session = windows.chromium().get(agent, "/sessions/" + idOf(windows, agent, "Contoso"));
        assertThat(session.path("templateName").asText()).isEqualTo("CallSessionTemplate");
        assertThat(session.path("provider").asText()).isEqualTo(agent.provider());

        desk.page()
                .getByRole(AriaRole.BUTTON, named(Pattern.compile("^Requests")))
                .click();
        var requests = desk.region("Requests");
        requests.getByRole(AriaRole.BUTTON)
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile("POST.*/sessions.*201")))
                .click();
        assertThat(requests.locator("pre").last()).containsText("\"title\": \"Contoso\"");
        String curl = requests.locator(".curl").textContent();
        expectNoTokenAnywhere(desk);
        var replayed = replay(windows, agent, curl);
        assertThat(replayed.statusCode()).as(curl).isEqualTo(201);
        assertThat(replayed.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(Chromium.json(replayed.body()).path("sessionId")).isEqualTo(session.path("sessionId"));
        desk.window().expectNoViolations();
        desk.expectNoSidewaysScroll(1024);
    }

    @Test
    void sessions_are_focused_closed_reopened_and_deleted(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Ada");
        create(windows, agent, "Grace");
        var desk = DeskPage.open(windows, agent);
        desk.shows("Grace");

        desk.choose("Ada");
        desk.shows("Ada");
        assertThat(focusOf(windows, agent)).isEqualTo(idOf(windows, agent, "Ada"));

        var ada = idOf(windows, agent, "Ada");
        desk.button("Close").click();
        desk.shows("Grace");
        assertThat(desk.session("Ada")).hasCount(0);
        assertThat(windows.chromium()
                        .get(agent, "/sessions/" + ada)
                        .path("status")
                        .asText())
                .isEqualTo("closed");

        desk.page()
                .getByText("Closed sessions", new Page.GetByTextOptions().setExact(true))
                .click();
        desk.button("Reopen Ada").click();
        desk.shows("Ada");
        assertThat(focusOf(windows, agent)).isEqualTo(ada);

        desk.chooseFromMenu("Ada", "Close and delete …");
        desk.window().expectNoViolations();
        // The page may read the session once more while it is deleted.
        desk.window().expects("status of 404");
        dialog(desk, "Close and delete").click();
        desk.shows("Grace");
        assertThat(windows.chromium()
                        .request(agent, "GET", "/sessions/" + ada, "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void wrap_up_stays_on_the_desk_until_it_is_completed_with_a_disposition(Windows windows) {
        var agent = Agent.any();
        post(windows, agent, "/applicationTabTemplates", SEARCH);
        post(
                windows,
                agent,
                "/sessionTemplates",
                CALL.replace(
                        "}]}", "}],\"wrapUp\":{\"required\":true,\"seconds\":600,\"dispositions\":[\"solved\"]}}"));
        post(
                windows,
                agent,
                "/sessions",
                "{\"templateName\":\"contoso_call\",\"templateParameters\":{\"customer\":\"Ada\"}}");
        var desk = DeskPage.open(windows, agent);
        desk.shows("Ada");
        var ada = idOf(windows, agent, "Ada");

        desk.button("Close").click();
        assertThat(desk.button("Complete")).isVisible();
        assertThat(desk.session("Ada")).containsText("Wrap-up");
        desk.window().expectNoViolations();
        desk.window().expects("status of 409");
        desk.button("Complete").click();
        dialog(desk, "Complete").click();
        assertThat(desk.page().getByRole(AriaRole.DIALOG)).containsText("solved");
        desk.field("Disposition").fill("solved");
        desk.field("Notes").fill("Done.");
        dialog(desk, "Complete").click();

        assertThat(desk.session("Ada")).hasCount(0);
        var closed = windows.chromium().get(agent, "/sessions/" + ada);
        assertThat(closed.path("status").asText()).isEqualTo("closed");
        assertThat(closed.path("disposition").asText()).isEqualTo("solved");
        assertThat(closed.path("notes").asText()).isEqualTo("Done.");
    }

    @Test
    void unsaved_changes_are_lost_only_after_a_confirmation(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Ada");
        var path = "/sessions/" + idOf(windows, agent, "Ada");
        var tab = path + "/tabs/"
                + windows.chromium().get(agent, path).path("anchorTabId").asText();
        var marked = windows.chromium().request(agent, "PATCH", tab, "{\"unsavedChanges\":true,\"highlighted\":true}");
        assertThat(marked.statusCode()).as(marked.body()).isEqualTo(200);
        var desk = DeskPage.open(windows, agent);
        desk.shows("Ada");
        assertThat(desk.page().getByText("Unsaved changes", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        desk.window().expectNoViolations();

        desk.button("Close").click();
        desk.window().expectNoViolations();
        dialog(desk, "Cancel").click();
        assertThat(windows.chromium().get(agent, path).path("status").asText()).isEqualTo("open");
        desk.button("Close").click();
        dialog(desk, "Close without saving").click();

        assertThat(desk.session("Ada")).hasCount(0);
        assertThat(windows.chromium().get(agent, path).path("status").asText()).isEqualTo("closed");
    }

    @Test
    void markers_of_a_session_are_set_shown_and_removed(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Ada");
        create(windows, agent, "Grace");
        var desk = DeskPage.open(windows, agent);
        var ada = desk.session("Ada");

        desk.chooseFromMenu("Ada", "Request focus");
        assertThat(ada).containsText("Needs attention");
        desk.chooseFromMenu("Ada", "Badge: add one");
        assertThat(ada.locator(".badge")).hasText("1 new");
        desk.chooseFromMenu("Ada", "Badge: add one");
        assertThat(ada.locator(".badge")).hasText("2 new");
        desk.chooseFromMenu("Ada", "Badge: subtract one");
        assertThat(ada.locator(".badge")).hasText("1 new");
        desk.chooseFromMenu("Ada", "Mark KPI breach …");
        desk.field("Details").fill("First response is due");
        dialog(desk, "Mark").click();
        assertThat(ada).containsText("First response is due");
        desk.window().expectNoViolations();

        desk.choose("Ada");
        assertThat(desk.button("Clear KPI breach")).isVisible();
        assertThat(ada).not().containsText("Needs attention");
        assertThat(ada.locator(".badge")).hasCount(0);
        desk.button("Clear KPI breach").click();
        assertThat(ada).not().containsText("First response is due");

        desk.button("Prevent closing").click();
        assertThat(desk.button("Close")).isDisabled();
        desk.button("Change the title Ada").click();
        desk.field("Title").fill("Ada Lovelace");
        desk.field("Title").press("Enter");
        desk.shows("Ada Lovelace");
        assertThat(desk.button("Change the title Ada Lovelace")).isFocused();
        var session = windows.chromium().get(agent, "/sessions/" + idOf(windows, agent, "Ada Lovelace"));
        assertThat(session.path("canClose").asBoolean()).isFalse();
        assertThat(session.path("kpiBreach").isNull()).isTrue();
    }

    @Test
    void accepted_hand_over_appears_at_the_colleague_and_needs_attention(Windows windows) {
        var agent = Agent.any();
        var colleague = agent.colleague("grace");
        create(windows, agent, "Contoso");
        var id = idOf(windows, agent, "Contoso");
        var desk = DeskPage.open(windows, agent);
        var other = DeskPage.open(windows, colleague);
        desk.shows("Contoso");

        desk.button("Hand over").click();
        // The page may read the session once more while it moves.
        desk.window().expects("status of 400").expects("status of 404");
        desk.field("User").fill(agent.user());
        dialog(desk, "Hand over").click();
        assertThat(desk.page().getByRole(AriaRole.DIALOG))
                .containsText("Send the id of the user who receives the session");

        desk.field("User").fill(colleague.user());
        dialog(desk, "Hand over").click();
        assertThat(desk.session("Contoso")).containsText("Offered to " + colleague.user());
        assertThat(other.region("Notification")).containsText("Contoso");
        assertThat(other.region("Notification")).containsText(agent.user());
        // The window requests the session once more to determine what happened to it.
        desk.window().expects("status of 404");
        other.button("Accept").click();
        assertThat(desk.heading("No session is open")).isVisible();
        assertThat(other.session("Contoso")).containsText("Needs attention");
        assertThat(other.region("Notification")).hasCount(0);
        assertThat(windows.chromium()
                        .get(colleague, "/sessions/" + id)
                        .path("title")
                        .asText())
                .isEqualTo("Contoso");
        other.choose("Contoso");
        other.shows("Contoso");
    }

    @Test
    void tabs_are_opened_focused_changed_and_closed(Windows windows) {
        var agent = Agent.any();
        post(windows, agent, "/applicationTabTemplates", SEARCH);
        create(windows, agent, "Ada & Sons");
        var id = idOf(windows, agent, "Ada & Sons");
        var desk = DeskPage.open(windows, agent);

        desk.button("New tab").click();
        desk.field("Application tab template").selectOption("contoso_search");
        desk.field("Value of data").fill("{customer} 7");
        desk.button("Open the tab").click();
        assertThat(desk.tab("Search Ada & Sons")).hasAttribute("aria-current", "true");
        var link = desk.region("Tabs").getByRole(AriaRole.LINK).last();
        assertThat(link).hasText("https://example.com/find?q=%7Bcustomer%7D%207");
        assertThat(link).hasAttribute("href", "https://example.com/find?q=%7Bcustomer%7D%207");

        desk.button("Refresh").click();
        assertThat(desk.region("Tabs")).containsText("reloaded once");
        desk.button("Change the title Search Ada & Sons").click();
        desk.field("Title").fill("Orders");
        desk.button("Save the title").click();
        assertThat(desk.tab("Orders")).isVisible();

        desk.tab("Knowledge Search").click();
        assertThat(desk.region("Tab Knowledge Search")).containsText("Anchor");
        assertThat(desk.button("Close the tab Knowledge Search")).hasCount(0);
        desk.tab("Orders").click();
        assertThat(desk.region("Tab Orders")).isVisible();
        desk.button("Prevent closing the tab").click();
        assertThat(desk.button("Close the tab Orders")).hasCount(0);
        desk.button("Allow closing the tab").click();
        desk.button("Close the tab Orders").click();
        assertThat(desk.tab("Orders")).hasCount(0);
        assertThat(windows.chromium().get(agent, "/sessions/" + id).path("tabs"))
                .hasSize(1);
    }

    @Test
    void context_values_are_changed_with_their_types(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Ada");
        var id = idOf(windows, agent, "Ada");
        var desk = DeskPage.open(windows, agent);

        desk.field("Name of the new value").fill("orders");
        desk.field("Type of the new value").selectOption("number");
        desk.field("Value of the new value").fill("many");
        desk.button("Add to the context").click();
        assertThat(desk.region("New value")).containsText("many is not a number.");
        desk.field("Value of the new value").fill("12");
        desk.button("Add to the context").click();
        assertThat(desk.field("Value of orders")).hasValue("12");
        desk.field("Name of the new value").fill("vip");
        desk.field("Type of the new value").selectOption("boolean");
        desk.field("Value of the new value").selectOption("true");
        desk.field("Value of the new value").press("Enter");
        desk.button("Add to the context").click();
        assertThat(desk.field("Value of vip")).hasValue("true");

        desk.field("Value of customer").fill("Ada Lovelace");
        desk.field("Value of customer").press("Enter");
        assertThat(desk.button("Remove customer")).isVisible();
        desk.field("Value of vip").selectOption("false");
        desk.button("Save vip").click();
        assertThat(desk.button("Remove vip")).isVisible();
        desk.button("Remove orders").click();
        assertThat(desk.field("Value of orders")).hasCount(0);
        assertThat(windows.chromium()
                        .get(agent, "/sessions/" + id)
                        .path("context")
                        .toString())
                .isEqualTo("{\"customer\":\"Ada Lovelace\",\"vip\":false}");

        desk.field("Text with slugs").fill("{customer}, order {orderNumber}");
        desk.button("Resolve").click();
        assertThat(desk.region("Resolve slugs").locator("strong")).hasText("Ada Lovelace, order");
        assertThat(desk.region("Resolve slugs")).containsText("The slug {orderNumber} in text has no value");
        desk.window().expectNoViolations();
    }

    @Test
    void dry_run_follows_the_input_and_shows_errors_at_their_fields(Windows windows) {
        var agent = Agent.any();
        post(windows, agent, "/applicationTabTemplates", SEARCH);
        post(windows, agent, "/sessionTemplates", CALL);
        var desk = DeskPage.open(windows, agent);
        desk.window().expects("status of 400").expects("status of 422");
        desk.page().getByText("Create a session from any template").click();
        assertThat(desk.heading("New session")).isFocused();

        desk.field("Session template").selectOption("contoso_call");
        var customer = desk.field("Value of customer");
        assertThat(customer).hasAccessibleDescription(Pattern.compile("templateParameters.customer is required"));
        assertThat(desk.region("Dry run")).containsText("The request would be rejected.");
        desk.window().expectNoViolations();
        customer.fill("Northwind");
        var preview = desk.region("Dry run");
        assertThat(preview.getByRole(AriaRole.HEADING, new Locator.GetByRoleOptions().setName("Northwind")))
                .isVisible();
        assertThat(preview).containsText("https://example.com/find?q=Northwind");
        desk.field("Value of priority").fill("high");
        assertThat(desk.field("Value of priority")).hasAccessibleDescription("high is not a number.");
        desk.field("Value of priority").fill("1");
        desk.page().getByText("Values for one tab only").click();
        desk.field("Name of value 1 of Values of contoso_search").fill("data");
        desk.field("Value of data").fill("elsewhere");
        assertThat(preview).containsText("https://example.com/find?q=elsewhere");
        desk.expectNoSidewaysScroll(1024);
        assertThat(windows.chromium().get(agent, "/desk").path("openSessions").asInt())
                .isZero();

        desk.button("Create").click();
        desk.shows("Northwind");
        var session = windows.chromium().get(agent, "/sessions/" + idOf(windows, agent, "Northwind"));
        assertThat(session.path("context").toString()).isEqualTo("{\"customer\":\"Northwind\",\"priority\":1}");
        assertThat(session.at("/tabs/0/url").asText()).isEqualTo("https://example.com/find?q=elsewhere");
    }

    @Test
    void both_examples_can_be_filled_in_and_strict_handling_rejects_warnings(Windows windows) {
        var agent = Agent.any();
        var desk = DeskPage.open(windows, agent);
        desk.window().expects("status of 422");
        desk.page().navigate(windows.chromium().base() + "/#/desk/create");

        desk.button("CIF: customer Contoso").click();
        var preview = desk.region("Dry run");
        assertThat(preview.getByRole(AriaRole.HEADING, new Locator.GetByRoleOptions().setName("Contoso")))
                .isVisible();
        desk.button("APM: a case").click();
        assertThat(preview).containsText("The slug {anchor.title} in title has no value");
        desk.page().getByText("Tag, focus, strict handling").click();
        desk.page().getByText("Strict: reject requests with warnings").click();
        assertThat(preview).containsText("422 unresolvedSlug");
        desk.button("Create").click();
        assertThat(desk.page().locator(".create-form").getByRole(AriaRole.ALERT))
                .containsText("422 unresolvedSlug");
        assertThat(windows.chromium().get(agent, "/desk").path("openSessions").asInt())
                .isZero();
        desk.page().getByText("Strict: reject requests with warnings").click();
        assertThat(preview).containsText("1 warning");
        desk.page().getByText("Focus the session").click();
        desk.button("Create").click();
        var title = "Case entity session - default template";
        assertThat(desk.session(title)).isVisible();
        assertThat(desk.heading("Home")).isVisible();
        var session = windows.chromium().get(agent, "/sessions/" + idOf(windows, agent, title));
        assertThat(session.path("anchor").path("entityId").asText()).isEqualTo(INCIDENT);
        assertThat(session.path("isFocused").asBoolean()).isFalse();
    }

    // -- Several windows

    @Test
    void windows_of_one_agent_show_the_same_state(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Ada");
        create(windows, agent, "Grace");
        var here = DeskPage.open(windows, agent);
        var there = DeskPage.open(windows, agent);

        here.choose("Ada");
        there.shows("Ada");

        // Both change different values of the context. Unsent input in one window remains, whatever the other window
        // does.
        there.field("Name of the new value").fill("order");
        there.field("Value of the new value").fill("4711");
        here.field("Value of customer").fill("Ada Lovelace");
        here.button("Save customer").click();
        assertThat(there.field("Value of customer")).hasValue("Ada Lovelace");
        assertThat(there.field("Value of the new value")).hasValue("4711");
        there.button("Add to the context").click();
        assertThat(here.field("Value of order")).hasValue("4711");
        here.field("Value of order").fill("1");
        there.field("Value of order").fill("2");
        var sent = there.page()
                .waitForRequest(
                        request -> request.method().equals("PATCH"),
                        () -> there.button("Save order").click());
        assertThat(sent.postData()).isEqualTo("{\"context\":{\"order\":\"2\"}}");
        assertThat(here.region("Context of the session")).containsText("Changed elsewhere to 2");
        assertThat(here.field("Value of order")).hasValue("1");
        here.button("Undo the change of order").click();
        assertThat(here.field("Value of order")).hasValue("2");

        there.button("Close").click();
        here.shows("Grace");
        assertThat(here.session("Ada")).hasCount(0);
        assertThat(here.page().getByRole(AriaRole.STATUS)).containsText("Ada has left the desk.");
    }

    // -- Errors

    @Test
    void unavailable_API_is_reported_and_no_failed_change_is_shown(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Ada");
        create(windows, agent, "Grace");
        var desk = DeskPage.open(windows, agent);
        desk.shows("Grace");
        desk.window().expects("net::ERR_FAILED");
        var down = Pattern.compile(".*/(desk|sessions|local)(/.*|\\?.*)?$");
        desk.page().route(down, Route::abort);

        desk.choose("Ada");
        assertThat(desk.page().getByText("The API does not respond.")).isVisible();
        assertThat(desk.page().locator(".banner")).containsText("The page shows the state at");
        assertThat(desk.session("Ada").locator(".pick")).hasAttribute("aria-busy", "true");
        desk.shows("Grace");
        assertThat(desk.session("Ada").locator(".pick")).not().hasAttribute("aria-current", "true");
        desk.page().unroute(down);

        // The client and the watch retry automatically.
        desk.shows("Ada");
        assertThat(desk.page().getByRole(AriaRole.STATUS)).containsText("The API is available again.");
        assertThat(desk.page().getByText("The API does not respond.")).hasCount(0);
    }

    @Test
    void error_of_an_action_is_shown_next_to_its_control(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Ada");
        create(windows, agent, "Grace");
        var desk = DeskPage.open(windows, agent);
        desk.shows("Grace");
        var besideAda = desk.session("Ada").getByRole(AriaRole.ALERT);
        var besideGrace = desk.page().locator(".session-head").getByRole(AriaRole.ALERT);

        for (int status : List.of(412, 429, 500, 503)) {
            desk.window().expects("status of " + status);
            desk.page()
                    .route(
                            Pattern.compile(".*/(focus|close)$"),
                            route -> route.fulfill(new Route.FulfillOptions()
                                    .setStatus(status)
                                    .setHeaders(Map.of("Content-Type", "application/json", "Retry-After", "60"))
                                    .setBody("{\"error\":{\"code\":\"code%1$s\",\"message\":\"Why %1$s.\"}}"
                                            .formatted(status))));
            desk.choose("Ada");
            assertThat(besideAda).containsText("Why " + status + ".");
            assertThat(besideAda).containsText(status + " code" + status);
            desk.shows("Grace");
            desk.button("Close").click();
            assertThat(besideGrace).containsText("Why " + status + ".");
            assertThat(desk.session("Grace")).isVisible();
            desk.page().unrouteAll();
        }
        desk.window().expectNoViolations();

        besideGrace
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Dismiss"))
                .click();
        assertThat(besideGrace).hasCount(0);
        desk.choose("Ada");
        desk.shows("Ada");
        assertThat(besideAda).hasCount(0);
    }

    @Test
    void read_only_token_shows_the_desk_and_the_missing_permission(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Ada");
        var desk = DeskPage.open(windows, agent.with("Sessions.Read"));
        desk.window().expects("status of 403");
        desk.shows("Ada");

        desk.button("Prevent closing").click();
        assertThat(desk.problem()).containsText("Sessions.ReadWrite");
        desk.field("Value of customer").fill("Grace");
        desk.button("Save customer").click();
        assertThat(desk.region("Context of the session").getByRole(AriaRole.ALERT))
                .containsText("403 permissionRequired");
        assertThat(desk.field("Value of customer")).hasValue("Grace");
        desk.button("Undo the change of customer").click();
        assertThat(desk.field("Value of customer")).hasValue("Ada");
        desk.button("New tab").click();
        assertThat(desk.page().getByRole(AriaRole.DIALOG)).containsText("Templates.Read");
    }

    @Test
    void token_without_session_permissions_is_reported(Windows windows) {
        var desk = DeskPage.open(windows, Agent.any().with("Templates.Read"));
        desk.window().expects("status of 403");
        assertThat(desk.heading("This desk cannot be shown")).isVisible();
        assertThat(desk.problem()).containsText("Sessions.Read");
    }

    @Test
    void conflict_with_the_desk_state_is_shown_next_to_the_action(Windows windows) {
        var agent = Agent.any();
        for (int n = 0; n < 10; n++) {
            create(windows, agent, "Ada " + n);
        }
        var desk = DeskPage.open(windows, agent);
        desk.window().expects("status of 409");
        desk.shows("Ada 9");
        desk.tab("Knowledge Search").press("Delete");
        assertThat(desk.region("Tab Knowledge Search").getByRole(AriaRole.ALERT))
                .containsText("409 anchorTabNotClosable");

        desk.choose("Home");
        desk.button("Run this example").first().click();
        assertThat(desk.page().getByRole(AriaRole.ARTICLE).first()).containsText("409 sessionLimitReached");
        assertThat(desk.page().getByText("10 of 10", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(desk.session("Contoso")).hasCount(0);

        desk.chooseFromMenu("Ada 0", "Close");
        assertThat(desk.page().getByText("9 of 10", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        desk.button("Run this example").first().click();
        desk.shows("Contoso");
    }

    @Test
    void missing_template_is_reported_at_its_field(Windows windows) {
        var agent = Agent.any();
        var desk = DeskPage.open(windows, agent);
        desk.window().expects("status of 422");
        desk.page().navigate(windows.chromium().base() + "/#/desk/create/nope");
        assertThat(desk.field("Session template")).hasValue("nope");
        assertThat(desk.field("Session template"))
                .hasAccessibleDescription(Pattern.compile("The session template nope does not exist."));
        assertThat(desk.region("Dry run")).containsText("422 templateNotFound");
        desk.button("Create").click();
        assertThat(desk.page().locator(".create-form").getByRole(AriaRole.ALERT))
                .containsText("422 templateNotFound");
        assertThat(windows.chromium().get(agent, "/desk").path("openSessions").asInt())
                .isZero();
    }

    // -- Sign-in

    @Test
    void two_windows_can_have_different_users(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Contoso");
        var desk = DeskPage.open(windows, agent);
        desk.shows("Contoso");
        desk.page().reload();
        desk.shows("Contoso");
        desk.button("Sign out").click();
        desk.signIn(agent.colleague("grace"));
        assertThat(desk.heading("No session is open")).isVisible();
    }

    @Test
    void token_can_be_pasted_and_a_rejected_token_can_be_replaced(Windows windows) {
        var agent = Agent.any();
        create(windows, agent, "Contoso");
        var window = windows.open("/").expects("status of 401");
        var desk = new DeskPage(window);
        desk.button("With a token").click();
        desk.field("Address of the API").fill(windows.chromium().base().toString());
        desk.field("Token").fill("not-a-token");
        desk.button("Sign in").click();
        assertThat(desk.page().getByText("The token was rejected.")).isVisible();
        window.expectNoViolations();

        desk.field("Token").fill(windows.chromium().token(agent));
        desk.button("Use this token").click();
        desk.shows("Contoso");
        assertThat(desk.page().getByText("The token was rejected.")).hasCount(0);
        expectNoTokenAnywhere(desk);
    }

    @Test
    void sign_in_without_a_local_server_suggests_a_token(Windows windows) {
        var window = windows.open("/").expects("status of 404");
        window.page().route("**/oauth2/token", route -> route.fulfill(new Route.FulfillOptions().setStatus(404)));
        var desk = new DeskPage(window);
        desk.field("User").press("Enter");
        assertThat(window.page().locator(".problem")).containsText("paste a token of your identity provider");
        assertThat(window.page().locator(".problem")).isFocused();
        window.expectNoViolations();
    }

    // -- Keyboard

    @Test
    void desk_can_be_used_with_the_keyboard_only(Windows windows) {
        var agent = Agent.any();
        var window = windows.open("/");
        var desk = new DeskPage(window);
        desk.field("User").focus();
        desk.signIn(agent);
        var keyboard = window.page().keyboard();

        tabTo(desk, "Run this example");
        keyboard.press("Enter");
        desk.shows("Contoso");

        tabTo(desk, "New tab");
        keyboard.press("Enter");
        desk.field("Application tab template").press("ArrowDown");
        assertThat(desk.page().getByRole(AriaRole.DIALOG)).isVisible();
        keyboard.press("Escape");
        assertThat(desk.button("New tab")).isFocused();
        keyboard.press("Enter");
        desk.field("Application tab template").selectOption("msdyn_omnichannel_kbsearch");
        tabTo(desk, "Open the tab");
        keyboard.press("Enter");
        assertThat(desk.tab("Knowledge Search")).hasCount(2);
        assertThat(desk.tab("Knowledge Search").last()).hasAttribute("aria-current", "true");

        desk.tab("Knowledge Search").last().focus();
        keyboard.press("ArrowLeft");
        assertThat(desk.tab("Knowledge Search").first()).isFocused();
        keyboard.press("Enter");
        assertThat(desk.tab("Knowledge Search").first()).hasAttribute("aria-current", "true");
        keyboard.press("ArrowRight");
        keyboard.press("Delete");
        assertThat(desk.tab("Knowledge Search")).hasCount(1);
        assertThat(desk.tab("Knowledge Search")).isFocused();

        desk.session("Contoso").locator(".pick").focus();
        keyboard.press("ArrowUp");
        assertThat(desk.session("Home").locator(".pick")).isFocused();
        keyboard.press("Enter");
        assertThat(desk.heading("Home")).isVisible();
        keyboard.press("ArrowDown");
        tabTo(desk, "More for Contoso");
        keyboard.press("ArrowDown");
        assertThat(desk.page().getByRole(AriaRole.MENUITEM).first()).isFocused();
        keyboard.press("End");
        keyboard.press("ArrowUp");
        assertThat(desk.page().getByRole(AriaRole.MENUITEM, named("Close"))).isFocused();
        keyboard.press("Enter");
        assertThat(desk.session("Contoso")).hasCount(0);
        assertThat(desk.session("Home").locator(".pick")).isFocused();
    }

    private static void expectNoTokenAnywhere(DeskPage desk) {
        assertThat((String) desk.window().run("JSON.stringify({...sessionStorage, ...localStorage})"))
                .contains("switchboard.identity")
                .doesNotContain("eyJ");
        assertThat(desk.page().content()).doesNotContain("eyJ");
    }

    private static void tabTo(DeskPage desk, String button) {
        var requested = desk.button(button).first();
        assertThat(requested).isVisible();
        for (int n = 0; n < 60; n++) {
            if ((boolean) requested.evaluate("element => element === document.activeElement")) {
                return;
            }
            desk.page().keyboard().press("Tab");
        }
        throw new AssertionError("Tab does not reach " + button);
    }

    private static Locator dialog(DeskPage desk, String button) {
        return desk.page()
                .getByRole(AriaRole.DIALOG)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Page.GetByRoleOptions named(Pattern name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static void create(Windows windows, Agent agent, String customer) {
        post(
                windows,
                agent,
                "/sessions",
                "{\"templateName\":\"CallSessionTemplate\",\"templateParameters\":{\"customer\":\"%s\"}}"
                        .formatted(customer));
    }

    private static void post(Windows windows, Agent agent, String path, String body) {
        var response = windows.chromium().request(agent, "POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private static String idOf(Windows windows, Agent agent, String title) {
        for (var session : windows.chromium().get(agent, "/desk").path("sessions")) {
            if (session.path("title").asText().equals(title)) {
                return session.path("sessionId").asText();
            }
        }
        throw new AssertionError("No session " + title);
    }

    private static String focusOf(Windows windows, Agent agent) {
        return windows.chromium().get(agent, "/desk").path("focusedSessionId").asText();
    }

    /** Sends the request of a curl command, parsed as a shell does. */
    private static HttpResponse<String> replay(Windows windows, Agent agent, String curl) {
        var words = wordsOf(curl.replace("$TOKEN", windows.chromium().token(agent)));
        String method = "";
        String body = "";
        HttpRequest.Builder request = HttpRequest.newBuilder();
        for (int n = 1; n < words.size(); n++) {
            switch (words.get(n)) {
                case "-i" -> {}
                case "-X" -> method = words.get(++n);
                case "-H" -> {
                    var header = words.get(++n).split(": ", 2);
                    request.header(header[0], header[1]);
                }
                case "--data-raw" -> body = words.get(++n);
                default -> request.uri(URI.create(words.get(n)));
            }
        }
        if (method.isEmpty()) {
            method = body.isEmpty() ? "GET" : "POST";
        }
        return windows.chromium().send(request.method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static List<String> wordsOf(String line) {
        var words = new ArrayList<String>();
        var word = Pattern.compile("(?:'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+))+");
        var found = word.matcher(line);
        while (found.find()) {
            words.add(unquoted(found.group()));
        }
        return words;
    }

    private static String unquoted(String word) {
        return word.startsWith("'") || word.startsWith("\"") ? word.substring(1, word.length() - 1) : word;
    }
}
