package io.switchboard.template;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.template.json.AppProfileJson;
import io.switchboard.template.json.ApplicationTabTemplateJson;
import io.switchboard.template.json.NotificationTemplateJson;
import io.switchboard.template.json.SessionTemplateJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Templates for tests, with defaults for the members that are irrelevant for a test. */
public final class TestTemplates {
    private TestTemplates() {}

    /** Returns an application tab template of a website. */
    public static ApplicationTabTemplate tab(String uniqueName) {
        return tab(uniqueName, Map.of());
    }

    /** Returns an application tab template of a website, with these members instead of the defaults. */
    public static ApplicationTabTemplate tab(String uniqueName, Map<String, ?> members) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("uniqueName", uniqueName);
        json.put("name", "Tab " + uniqueName);
        json.put("pageType", "thirdPartyWebsite");
        json.put("parameters", Map.of("url", "https://example.com/?q=", "data", "{customer}"));
        json.putAll(members);
        Violations violations = new Violations();
        ApplicationTabTemplate template = ApplicationTabTemplateJson.read(new ObjectReader(json, "", violations));
        requireValid(violations);
        return template;
    }

    /** Returns a Generic session template with these tabs, the anchor tab first. */
    public static SessionTemplate generic(String uniqueName, String... tabs) {
        return session(
                uniqueName,
                Map.of("anchorTab", tabs[0], "additionalTabs", List.of(tabs).subList(1, tabs.length)));
    }

    /** Returns an Entity session template. */
    public static SessionTemplate entity(String uniqueName, String entity, String... tabs) {
        return session(
                uniqueName,
                Map.of(
                        "type",
                        "entity",
                        "entity",
                        entity,
                        "communicationPanelMode",
                        "hidden",
                        "additionalTabs",
                        List.of(tabs)));
    }

    /** Returns a session template, Generic unless the members specify another type. */
    public static SessionTemplate session(String uniqueName, Map<String, ?> members) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("uniqueName", uniqueName);
        json.put("name", "Template " + uniqueName);
        json.put("type", "generic");
        json.put("communicationPanelMode", "docked");
        json.putAll(members);
        Violations violations = new Violations();
        SessionTemplate template = SessionTemplateJson.read(new ObjectReader(json, "", violations));
        requireValid(violations);
        return template;
    }

    /** Returns a notification template. */
    public static NotificationTemplate notification(String uniqueName) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("uniqueName", uniqueName);
        json.put("name", "Notification " + uniqueName);
        json.put("title", "{customerName}");
        Violations violations = new Violations();
        NotificationTemplate template = NotificationTemplateJson.read(new ObjectReader(json, "", violations));
        requireValid(violations);
        return template;
    }

    /** Returns an app profile with these members. */
    public static AppProfile profile(String uniqueName, Map<String, ?> members) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("uniqueName", uniqueName);
        json.put("name", "Profile " + uniqueName);
        json.putAll(members);
        Violations violations = new Violations();
        AppProfile profile = AppProfileJson.read(new ObjectReader(json, "", violations));
        requireValid(violations);
        return profile;
    }

    private static void requireValid(Violations violations) {
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException("The template of a test is invalid: " + violations.all());
        }
    }
}
