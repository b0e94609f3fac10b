package io.switchboard.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.assertj.core.api.Assertions;

/** The desk page of a signed-in user. */
record DeskPage(Window window) {
    /** Opens the page of a user who has already signed in. */
    static DeskPage open(Windows windows, Agent agent) {
        return new DeskPage(Views.open(windows, agent, "#/desk"));
    }

    /** Signs in with the form. */
    void signIn(Agent agent) {
        field("User").fill(agent.user());
        page().getByText("Tenant, provider, roles, permissions").click();
        field("Tenant").fill(agent.tenant());
        field("Provider").fill(agent.provider());
        for (Locator box : page().getByRole(AriaRole.CHECKBOX).all()) {
            box.setChecked(agent.permissions()
                    .contains((String) box.evaluate("box => box.nextElementSibling.firstChild.data")));
        }
        button("Sign in").click();
        assertThat(button("Sign out")).isVisible();
    }

    Page page() {
        return window.page();
    }

    Locator button(String name) {
        return page().getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator field(String label) {
        return page().getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    Locator heading(String title) {
        return page().getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName(title).setExact(true));
    }

    Locator region(String name) {
        return page().getByLabel(name, new Page.GetByLabelOptions().setExact(true));
    }

    /** Returns the session in the list. Its text is the title, the provider and the markers. */
    Locator session(String title) {
        return region("Sessions").locator("li", new Locator.LocatorOptions().setHas(page().getByText(title)));
    }

    /** Focuses a session with its button in the list. */
    void choose(String title) {
        session(title).locator(".pick").click();
    }

    void chooseFromMenu(String title, String item) {
        button("More for " + title).click();
        page().getByRole(
                        AriaRole.MENUITEM,
                        new Page.GetByRoleOptions().setName(item).setExact(true))
                .click();
    }

    Locator tab(String title) {
        return region("Tabs").locator(".tab-pick").filter(new Locator.FilterOptions().setHasText(title));
    }

    Locator problem() {
        return page().getByRole(AriaRole.ALERT);
    }

    /**
     * Checks each part of the desk, because the parts scroll separately and the page's own width does not show overflow
     * in them.
     */
    void expectNoSidewaysScroll(int width) {
        Views.expectNoSidewaysScroll(window, width);
        Assertions.assertThat(
                        page().evaluate(
                                        "[...document.querySelectorAll('.rail, .stage')].map(part => part.scrollWidth - part.clientWidth)"))
                .as("horizontal overflow of the desk's parts in a window of " + width)
                .isEqualTo(List.of(0, 0));
    }

    /** Waits until this session is shown. */
    void shows(String title) {
        assertThat(page().getByRole(
                                AriaRole.HEADING,
                                new Page.GetByRoleOptions()
                                        .setName(title)
                                        .setExact(true)
                                        .setLevel(2)))
                .isVisible();
    }
}
