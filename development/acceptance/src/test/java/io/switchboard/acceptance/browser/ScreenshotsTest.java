package io.switchboard.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Takes the screenshots of the documentation. {@code -Dswitchboard.screenshots.write=true} replaces the pictures in the
 * documentation. Otherwise they are written to the build folder. The content of the pages is checked in both cases.
 */
@NeedsBrowser
class ScreenshotsTest {
    private static final Agent ADA =
            new Agent("contoso", "ada", "softphone", Agent.any().permissions());

    @Test
    void desk(Windows windows) {
        var chromium = windows.chromium();
        created(chromium, "/applicationTabTemplates", """
                {"uniqueName":"contoso_orders","name":"Orders","title":"Orders of {customer}","pageType":"thirdPartyWebsite",
                 "parameters":{"url":"https://example.com/orders?customer=","data":"{customer}"}}""");
        created(chromium, "/sessionTemplates", """
                {"uniqueName":"contoso_call","name":"Call","type":"generic","title":"{customer}","communicationPanelMode":"docked",
                 "anchorTab":"contoso_orders","additionalTabs":["msdyn_omnichannel_kbsearch"]}""");
        created(chromium, "/sessions", """
                {"templateName":"case_entity_session_default_template","sessionContext":{"parametersStr":
                 "[[\\"entityName\\",\\"incident\\"],[\\"entityId\\",\\"fac04293-1ab0-eb11-8236-000d3a5c49ed\\"],[\\"title\\",\\"Printer on fire\\"]]"}}""");
        var chat = created(chromium, "/sessions", """
                {"templateName":"msdyn_chat_session","templateParameters":{"customerName":"Grace Hopper"}}""");
        var late = created(chromium, "/sessions", """
                {"templateName":"CallSessionTemplate","templateParameters":{"customer":"Northwind"}}""");
        created(chromium, "/sessions", """
                {"templateName":"contoso_call","templateParameters":{"customer":"Fabrikam & Sons","orderNumber":"4711","priority":2}}""");
        changed(chromium, "/sessions/" + chat, "{\"activityCount\":3}");
        changed(chromium, "/sessions/" + late, "{\"kpiBreach\":\"Answered after 40 s\"}");

        var window = Views.open(windows, ADA, "#/desk");
        assertThat(window.page().getByText("Orders of Fabrikam & Sons").first()).isVisible();
        assertThat(window.page().getByText("https://example.com/orders?customer=Fabrikam%20%26%20Sons"))
                .isVisible();
        assertThat(window.page().getByText("Printer on fire").first()).isVisible();
        take(window, "desk");
    }

    @Test
    void administration(Windows windows) {
        var window = Views.open(windows, ADA, "#/administration/sessionTemplates/~new")
                .expects("status of 400");
        var page = window.page();
        page.getByLabel("Unique name (required)").fill("contoso call");
        page.getByLabel("Name (required)", new Page.GetByLabelOptions().setExact(true))
                .fill("Call");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Create").setExact(true))
                .click();
        assertThat(page.getByText("uniqueName must begin with a letter").first())
                .isVisible();
        take(window, "administration");
    }

    @Test
    void timeline_of_a_call_record(Windows windows) {
        var window = Views.open(windows, ADA, "#/call-records");
        var page = window.page();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Store an example"))
                .click();
        page.getByLabel("Media of segment 1 of session 1").click();
        assertThat(page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName(Pattern.compile("^Segment 1 of session 1"))))
                .isVisible();
        take(window, "call-record");
    }

    private static String created(Chromium chromium, String path, String body) {
        var response = chromium.request(ADA, "POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return Chromium.json(response.body()).path("sessionId").asText();
    }

    private static void changed(Chromium chromium, String path, String body) {
        var response = chromium.request(ADA, "PATCH", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private static void take(Window window, String name) {
        var root = Path.of(System.getProperty("switchboard.root", "../.."));
        var shown = root.resolve("docs/images/" + name + ".png");
        boolean writes = Boolean.getBoolean("switchboard.screenshots.write");
        window.page().mouse().move(0, 0);
        window.page().locator("main").evaluate("view => view.scrollTo(0, 0)");
        window.page()
                .screenshot(new Page.ScreenshotOptions()
                        .setPath(writes ? shown : Path.of("target", "screenshots", name + ".png")));
        assertThat(shown).as("the picture in the documentation").exists();
    }
}
