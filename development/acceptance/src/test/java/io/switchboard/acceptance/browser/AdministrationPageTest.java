package io.switchboard.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests an administrator's actions on templates and app profiles, and the resulting data in the API. */
@NeedsBrowser
class AdministrationPageTest {
    private static final String CALL = """
            {"uniqueName":"contoso_call","name":"Call","type":"generic","communicationPanelMode":"docked","title":"{customer}",
             "anchorTab":"contoso_search","additionalTabs":["msdyn_entityrecord","msdyn_omnichannel_kbsearch"]}""";

    private static final String SEARCH = """
            {"uniqueName":"contoso_search","name":"Web search","pageType":"thirdPartyWebsite","parameters":{"url":"https://example.com/?q="}}""";

    @Test
    void errors_are_shown_at_their_fields_until_they_are_fixed(Windows windows) {
        var agent = Agent.any();
        var window = open(windows, agent, "sessionTemplates/~new")
                .expects("status of 400")
                .expects("status of 422");
        var page = window.page();
        field(page, "Unique name (required)").fill("contoso call");
        button(page, "Add a parameter").click();
        button(page, "Create").click();
        assertThat(problemsOf(field(page, "Unique name (required)")))
                .hasText(
                        "uniqueName must begin with a letter and contain only letters, digits and underscores, such as contoso_call.");
        assertThat(problemsOf(field(page, "Name (required)")))
                .hasText("name is required. Send a string of 1 to 100 characters.");
        assertThat(problemsOf(field(page, "Anchor tab (required)"))).containsText("anchorTab is required");
        var parameter = group(page, "parameter definitions 1");
        assertThat(problemsOf(field(parameter, "Name"))).containsText("parameterDefinitions[0].name is required");
        assertThat(page.getByRole(AriaRole.ALERT)).isFocused();
        window.expectNoViolations();
        page.getByRole(AriaRole.ALERT).getByText("anchorTab is required").click();
        assertThat(field(page, "Anchor tab (required)")).isFocused();

        field(page, "Unique name (required)").fill("contoso_call");
        field(page, "Name (required)").fill("Call");
        field(page, "Anchor tab (required)").fill("nope");
        field(parameter, "Name").fill("priority");
        field(parameter, "Type").selectOption("number");
        field(parameter, "Default").fill("3");
        button(page, "Add a tab").click();
        field(page, "Tab 1").fill("msdyn_entityrecord");
        button(page, "Add a tab").click();
        field(page, "Tab 2").fill("gone");
        button(page, "Create").click();
        assertThat(problemsOf(field(page, "Anchor tab (required)")))
                .containsText("The application tab template nope does not exist.");
        assertThat(problemsOf(field(page, "Tab 2"))).containsText("The application tab template gone does not exist.");

        field(page, "Anchor tab (required)").fill("msdyn_omnichannel_kbsearch");
        field(page, "Tab 2").fill("msdyn_active_conversation");
        button(page, "Move tab 2 up").click();
        button(page, "Create").click();
        assertThat(heading(page, "Call")).isVisible();
        var stored = windows.chromium().get(agent, "/sessionTemplates/contoso_call");
        assertThat(stored.path("additionalTabs").toString())
                .isEqualTo("[\"msdyn_active_conversation\",\"msdyn_entityrecord\"]");
        assertThat(stored.at("/parameterDefinitions/0").toString())
                .isEqualTo("{\"name\":\"priority\",\"type\":\"number\",\"required\":false,\"default\":3}");
        assertThat(page.getByLabel("Session templates")
                        .locator("a[href='#/administration/sessionTemplates/contoso_call']"))
                .isVisible();
        assertThat(page.getByRole(AriaRole.LINK, named("Try this template")))
                .hasAttribute("href", "#/desk/create/contoso_call");
    }

    @Test
    void page_type_determines_the_parameters_of_a_tab(Windows windows) {
        var agent = Agent.any();
        var window = open(windows, agent, "applicationTabTemplates/~new").expects("status of 400");
        var page = window.page();
        field(page, "Unique name (required)").fill("contoso_record");
        field(page, "Name (required)").fill("Record");
        field(page, "Page type (required)").selectOption("entityRecord");
        field(page, "entityId").fill("{caseId}");
        field(page, "Page type (required)").selectOption("thirdPartyWebsite");
        field(page, "url (required)").fill("http://example.com");
        button(page, "Create").click();
        assertThat(problemsOf(field(page, "url (required)")))
                .containsText("parameters.url must be an address that begins with https://");
        assertThat(problemsOf(field(page, "entityId"))).hasText("parameters.entityId is not recognised. Remove it.");
        button(page, "Remove entityId").click();
        field(page, "url (required)").fill("https://example.com/?q=");
        field(page, "alwaysRender").selectOption("true");
        button(page, "Create").click();
        assertThat(heading(page, "Record")).isVisible();
        assertThat(windows.chromium()
                        .get(agent, "/applicationTabTemplates/contoso_record")
                        .path("parameters")
                        .toString())
                .isEqualTo("{\"url\":\"https://example.com/?q=\",\"alwaysRender\":true}");
    }

    @Test
    void built_in_template_is_read_only_and_can_be_cloned(Windows windows) {
        var agent = Agent.any();
        var window =
                open(windows, agent, "notificationTemplates/msdyn_chat_consult").expects("status of 400");
        var page = window.page();
        assertThat(page.getByText("This template is built in and read-only.")).isVisible();
        assertThat(button(page, "Save")).isHidden();
        button(page, "Clone").click();
        var dialog = page.getByRole(AriaRole.DIALOG);
        field(dialog, "Unique name of the clone").fill("1");
        button(dialog, "Clone").click();
        assertThat(problemsOf(field(dialog, "Unique name of the clone")))
                .containsText("uniqueName must begin with a letter");
        window.expectNoViolations();
        field(dialog, "Unique name of the clone").fill("contoso_consult");
        button(dialog, "Clone").click();
        assertThat(button(page, "Save")).isVisible();
        assertThat(windows.chromium()
                        .get(agent, "/notificationTemplates/contoso_consult")
                        .path("title")
                        .asText())
                .isEqualTo("{customerName}");
    }

    @Test
    void notification_preview_matches_the_API(Windows windows) {
        var page = open(windows, Agent.any(), "notificationTemplates/msdyn_chat_consult/preview")
                .page();
        field(page, "customerName").fill("Contoso & Co");
        button(page, "Render").click();
        var notification = group(page, "The notification as an agent sees it");
        assertThat(notification).containsText("Contoso & Co");
        assertThat(notification).containsText("Accept");
        assertThat(notification).containsText("120 s");
    }

    @Test
    void concurrent_change_is_shown_next_to_the_input(Windows windows) {
        var agent = Agent.any();
        store(windows, agent, "applicationTabTemplates", SEARCH);
        store(windows, agent, "sessionTemplates", CALL);
        var window = open(windows, agent, "sessionTemplates/contoso_call").expects("status of 412");
        var page = window.page();
        field(page, "Title").fill("mine");
        replace(windows, agent.colleague("grace"), CALL.replace("{customer}", "theirs"));
        button(page, "Save").click();
        var dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("grace has since stored version 2");
        assertThat(dialog.getByRole(AriaRole.ROW).last()).hasText(Pattern.compile("Title\\s*theirs\\s*mine"));
        window.expectNoViolations();
        button(dialog, "Use the stored version").click();
        assertThat(field(page, "Title")).hasValue("theirs");

        field(page, "Title").fill("mine");
        replace(windows, agent.colleague("grace"), CALL.replace("{customer}", "theirs again"));
        button(page, "Save").click();
        button(dialog, "Overwrite with your draft").click();
        assertThat(page.getByText("Saved as version 4.")).isVisible();
        assertThat(windows.chromium()
                        .get(agent, "/sessionTemplates/contoso_call")
                        .path("title")
                        .asText())
                .isEqualTo("mine");
    }

    @Test
    void template_in_use_cannot_be_deleted_and_its_references_are_listed(Windows windows) {
        var agent = Agent.any();
        store(windows, agent, "applicationTabTemplates", SEARCH);
        store(windows, agent, "sessionTemplates", CALL);
        var window =
                open(windows, agent, "applicationTabTemplates/contoso_search").expects("status of 409");
        var page = window.page();
        button(page, "Delete").click();
        var dialog = page.getByRole(AriaRole.DIALOG);
        button(dialog, "Delete").click();
        assertThat(dialog.getByRole(AriaRole.ALERT))
                .containsText("The application tab template contoso_search is used by contoso_call.");
        window.expectNoViolations();
        dialog.getByRole(AriaRole.LINK).click();
        assertThat(heading(page, "Call")).isVisible();
        button(page, "Delete").click();
        button(dialog, "Delete").click();
        assertThat(page.getByText("Call was deleted.")).isVisible();
        assertThat(windows.chromium()
                        .request(agent, "GET", "/sessionTemplates/contoso_call", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void earlier_version_can_be_compared_and_restored(Windows windows) {
        var agent = Agent.any();
        store(windows, agent, "applicationTabTemplates", SEARCH);
        store(windows, agent, "sessionTemplates", CALL);
        replace(windows, agent, CALL.replace("{customer}", "second").replace("\"msdyn_entityrecord\",", ""));
        var window = open(windows, agent, "sessionTemplates/contoso_call/versions/1");
        var page = window.page();
        var differences = page.getByRole(AriaRole.TABLE).getByRole(AriaRole.ROW);
        assertThat(differences).hasCount(3);
        assertThat(differences.nth(1)).hasText(Pattern.compile("Title\\s*\\{customer}\\s*second"));
        window.expectNoViolations();
        button(page, "Restore version 1").click();
        assertThat(page.getByText("Restored as version 3.")).isVisible();
        var stored = windows.chromium().get(agent, "/sessionTemplates/contoso_call");
        assertThat(stored.path("title").asText()).isEqualTo("{customer}");
        assertThat(stored.path("version").asInt()).isEqualTo(3);
    }

    @Test
    void profile_is_created_and_assigned_to_users(Windows windows) {
        var agent = Agent.any();
        store(windows, agent, "applicationTabTemplates", SEARCH);
        store(windows, agent, "sessionTemplates", CALL);
        var window = open(windows, agent, "appProfiles/~new")
                .expects("status of 400")
                .expects("status of 422");
        var page = window.page();
        field(page, "Unique name (required)").fill("contoso_voice");
        field(page, "Name (required)").fill("Voice");
        field(page, "Profile order").fill("101");
        button(page, "Add a role").click();
        field(page, "Role 1").fill("voice.agent");
        button(page, "Add a channel").click();
        field(group(page, "channel 1"), "Channel").fill("voice");
        field(group(page, "channel voice"), "Session template").fill("contoso_call");
        button(page, "Create").click();
        assertThat(problemsOf(field(page, "Profile order")))
                .hasText("profileOrder must be a whole number from 0 to 100.");
        field(page, "Profile order").fill("7");
        field(group(page, "channel voice"), "Session template").fill("nope");
        button(page, "Create").click();
        assertThat(problemsOf(field(group(page, "channel voice"), "Session template")))
                .containsText("The session template nope does not exist.");
        field(group(page, "channel voice"), "Session template").fill("contoso_call");
        button(page, "Create").click();
        assertThat(heading(page, "Voice")).isVisible();
        var stored = windows.chromium().get(agent, "/appProfiles/contoso_voice");
        assertThat(stored.at("/defaultSessionTemplates/channels/voice").asText())
                .isEqualTo("contoso_call");
        assertThat(stored.path("roles").toString()).isEqualTo("[\"voice.agent\"]");
        assertThat(stored.path("profileOrder").asInt()).isEqualTo(7);

        page.getByRole(AriaRole.LINK, named("Users")).click();
        for (var user : List.of(agent.user(), "grace")) {
            field(page, "User id").fill(user);
            button(page, "Assign profile").click();
            assertThat(page.getByRole(AriaRole.ROWHEADER, new Page.GetByRoleOptions().setName(user)))
                    .isVisible();
        }
        button(page, "Remove the profile from grace").click();
        assertThat(page.getByRole(AriaRole.ROWHEADER, new Page.GetByRoleOptions().setName("grace")))
                .isHidden();
        assertThat(windows.chromium()
                        .get(agent, "/appProfiles/contoso_voice/users")
                        .path("value"))
                .hasSize(1);

        page.getByRole(AriaRole.LINK, named("Effective profile")).click();
        assertThat(page.getByText("Voice, because it is assigned to you.")).isVisible();
        field(page, "Channel").fill("voice");
        button(page, "Find the session template").click();
        assertThat(page.getByText("Sessions are created from contoso_call.")).isVisible();
        window.expectNoViolations();
    }

    @Test
    void export_of_one_tenant_is_imported_by_another_after_a_dry_run(Windows windows, @TempDir Path folder) {
        var agent = Agent.any();
        store(windows, agent, "applicationTabTemplates", SEARCH);
        store(windows, agent, "sessionTemplates", CALL);
        var exporting = open(windows, agent, "export").page();
        var file = folder.resolve("templates.json");
        exporting
                .waitForDownload(() -> exporting
                        .getByRole(AriaRole.LINK, named("Download templates.json"))
                        .click())
                .saveAs(file);

        var other = Agent.any();
        var window = open(windows, other, "import").expects("status of 400");
        var page = window.page();
        field(page, "JSON")
                .fill(
                        "{\"value\":[{\"kind\":\"sessionTemplate\",\"uniqueName\":\"a b\"},{\"kind\":\"x\",\"uniqueName\":\"second\"}]}");
        assertThat(button(page, "Import")).isDisabled();
        button(page, "Dry run").click();
        assertThat(page.getByRole(AriaRole.ROW, named("value[1].kind must be one of")))
                .containsText("second");
        window.expectNoViolations();
        field(page, "JSON").fill("{\"value\":[" + CALL.replaceFirst("\\{", "{\"kind\":\"sessionTemplate\",") + "]}");
        button(page, "Dry run").click();
        assertThat(page.getByRole(AriaRole.ROW, named("contoso_call")))
                .containsText("The application tab template contoso_search does not exist.");
        assertThat(button(page, "Import")).isDisabled();

        page.getByLabel("File").setInputFiles(file);
        button(page, "Dry run").click();
        assertThat(page.getByText("Plan: 2 new. Nothing has been written.")).isVisible();
        assertThat(windows.chromium()
                        .request(other, "GET", "/sessionTemplates/contoso_call", "")
                        .statusCode())
                .isEqualTo(404);
        button(page, "Import").click();
        assertThat(page.getByRole(AriaRole.TABLE)).containsText("Imported: 2 created.");
        assertThat(windows.chromium()
                        .get(other, "/sessionTemplates/contoso_call")
                        .path("anchorTab")
                        .asText())
                .isEqualTo("contoso_search");
        window.expectNoViolations();
    }

    @Test
    void unsaved_input_is_not_lost_by_leaving(Windows windows) {
        var agent = Agent.any();
        store(windows, agent, "applicationTabTemplates", SEARCH);
        var window = open(windows, agent, "applicationTabTemplates/contoso_search");
        var page = window.page();
        field(page, "Title").fill("typed");
        page.getByRole(AriaRole.LINK, named("App profiles")).click();
        var dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("Your changes are not saved.");
        window.expectNoViolations();
        button(dialog, "Stay").click();
        assertThat(field(page, "Title")).hasValue("typed");
        page.getByRole(AriaRole.LINK, named("App profiles")).click();
        button(dialog, "Leave and keep changes").click();
        assertThat(heading(page, "App profiles")).isVisible();
        page.getByRole(AriaRole.LINK, named("Application tab templates")).click();
        page.getByRole(AriaRole.LINK, named("contoso_search")).click();
        assertThat(field(page, "Title")).hasValue("typed");
        var asked = new AtomicReference<String>();
        page.onceDialog(question -> {
            asked.set(question.type());
            question.dismiss();
        });
        page.close(new Page.CloseOptions().setRunBeforeUnload(true));
        page.waitForCondition(() -> "beforeunload".equals(asked.get()));
        assertThat(field(page, "Title")).hasValue("typed");
        button(page, "Discard changes").click();
        assertThat(field(page, "Title")).hasValue("");
    }

    @Test
    void missing_permission_shows_the_message_of_the_API(Windows windows) {
        var nothing = open(windows, Agent.any().with("Sessions.ReadWrite"), "sessionTemplates")
                .expects("status of 403");
        assertThat(nothing.page().getByRole(AriaRole.ALERT))
                .containsText(
                        "This operation requires one of the permissions Templates.Read, Templates.ReadWrite in scp, scope or roles of the token.");
        nothing.expectNoViolations();
        var reading = open(windows, Agent.any().with("Templates.Read"), "applicationTabTemplates/~new")
                .expects("status of 403");
        field(reading.page(), "Name (required)").fill("Record");
        button(reading.page(), "Create").click();
        assertThat(reading.page().getByRole(AriaRole.ALERT))
                .containsText("This operation requires one of the permissions Templates.ReadWrite");
        assertThat(field(reading.page(), "Name (required)")).hasValue("Record");
    }

    @Test
    void list_is_filtered_and_paged(Windows windows) {
        var agent = Agent.any();
        for (int i = 0; i < 12; i++) {
            store(windows, agent, "notificationTemplates", """
                    {"uniqueName":"contoso_%d","name":"Contoso %d","title":"x","status":"%s","tags":["ours"]}""".formatted(i, i, i == 3 ? "inactive" : "active"));
        }
        var page = open(windows, agent, "notificationTemplates").page();
        var entries = page.getByLabel("Notification templates").getByRole(AriaRole.LISTITEM);
        assertThat(entries).hasCount(50);
        button(page, "More").click();
        assertThat(entries).hasCount(53);
        field(page, "Tag").fill("ours");
        assertThat(entries).hasCount(12);
        field(page, "Status").selectOption("inactive");
        assertThat(entries).hasText(new String[] {"Contoso 3contoso_3custominactivex"});
        field(page, "Unique name starts with").fill("msdyn_");
        assertThat(page.getByText("No matches.")).isVisible();
    }

    @Test
    void every_view_is_accessible_and_fits_a_narrow_window(Windows windows) {
        var window = open(windows, Agent.any(), "sessionTemplates/case_entity_session_default_template");
        var page = window.page();
        assertThat(page.getByText("This template is built in and read-only.")).isVisible();
        for (var address : List.of(
                "applicationTabTemplates/~new",
                "notificationTemplates/~new",
                "notificationTemplates/msdyn_chat_consult/preview",
                "appProfiles/~new",
                "export")) {
            page.evaluate("address => { location.hash = `#/administration/${address}`; }", address);
            assertThat(page.locator(address.equals("export") ? ".json" : ".template form"))
                    .isVisible();
            assertThat(page.getByText("Loading …")).hasCount(0);
            Views.expectNoSidewaysScroll(window, 1024);
            window.expectNoViolations();
        }
    }

    private static Window open(Windows windows, Agent agent, String address) {
        return Views.open(windows, agent, "#/administration/" + address);
    }

    private static void store(Windows windows, Agent agent, String collection, String body) {
        var response = windows.chromium().request(agent, "POST", "/" + collection, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    /** Replaces the template based on its current version. */
    private static void replace(Windows windows, Agent agent, String body) {
        var chromium = windows.chromium();
        JsonNode template = Chromium.json(body);
        HttpResponse<String> response = chromium.send(HttpRequest.newBuilder(chromium.base()
                        .resolve("/sessionTemplates/"
                                + template.path("uniqueName").asText()))
                .header("Authorization", "Bearer " + chromium.token(agent))
                .header("Content-Type", "application/json")
                .header("If-Match", "*")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private static Locator field(Page page, String label) {
        return field(page.locator("body"), label);
    }

    private static Locator field(Locator within, String label) {
        return within.locator("input, select, textarea")
                .and(within.page().getByLabel(label, new Page.GetByLabelOptions().setExact(true)));
    }

    /** Returns the errors of a field, which its accessible description includes. */
    private static Locator problemsOf(Locator field) {
        assertThat(field).hasAttribute("aria-invalid", "true");
        var id = field.getAttribute("aria-describedby").replaceFirst(".* ", "");
        return field.page().locator("[id='" + id + "']");
    }

    private static Locator group(Page page, String name) {
        return page.getByRole(
                AriaRole.GROUP, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator button(Locator within, String name) {
        return within.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator heading(Page page, String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }
}
