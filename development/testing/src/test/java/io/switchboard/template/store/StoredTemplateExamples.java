package io.switchboard.template.store;

import io.switchboard.storage.IdempotencyKey;
import io.switchboard.template.AppProfile;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.CommunicationPanelMode;
import io.switchboard.template.DesktopNotification;
import io.switchboard.template.GenericSessionTemplates;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.PageType;
import io.switchboard.template.ParameterDefinition;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Template;
import io.switchboard.template.Theme;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The templates in the files of stored documents, and the calls that write their items. They never change, because the
 * files do not.
 */
final class StoredTemplateExamples {
    static final String TENANT = "72f988bf-0000-4000-8000-c0270505a001";
    static final String ADMINISTRATOR = "c7201d22-29e4-567f-b883-75de377253af";
    static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123456789Z");

    private StoredTemplateExamples() {}

    /** Returns the templates by the name of their document. */
    static Map<String, Template> templates() {
        Map<String, Template> templates = new LinkedHashMap<>();
        templates.put("session template, everything set", sessionTemplate());
        templates.put("session template, nothing set", sessionTemplate(SessionType.GENERIC, null, "contoso_tab"));
        templates.put("session template of an entity", sessionTemplate(SessionType.ENTITY, "incident", null));
        templates.put("application tab template, everything set", website("contoso_website"));
        templates.put("application tab template, nothing set", tab("contoso_tab"));
        templates.put("notification template, everything set", notification());
        templates.put("notification template, nothing set", plainNotification());
        templates.put("app profile, everything set", profile());
        templates.put("app profile, nothing set", plainProfile());
        return templates;
    }

    /** Calls the store, so that its table contains each kind of item. */
    static void fill(TemplateStore store) {
        IdempotencyKey key = new IdempotencyKey("key", "hash");
        store.create(TENANT, tab("contoso_tab"), key, ADMINISTRATOR, NOW);
        store.create(TENANT, website("contoso_website"), null, ADMINISTRATOR, NOW);
        store.create(TENANT, sessionTemplate(), null, ADMINISTRATOR, NOW);
        store.create(TENANT, sessionTemplate(SessionType.ENTITY, "incident", null), null, ADMINISTRATOR, NOW);
        store.create(TENANT, notification(), null, ADMINISTRATOR, NOW);
        store.create(TENANT, profile(), null, ADMINISTRATOR, NOW);
    }

    private static SessionTemplate sessionTemplate() {
        return new SessionTemplate(
                "contoso_call",
                "Contoso call",
                "Ä \"quoted\" text",
                List.of("calls", "vip"),
                Status.INACTIVE,
                SessionType.GENERIC,
                null,
                "{customer} calls",
                List.of("{caller}", "A call"),
                true,
                CommunicationPanelMode.MINIMIZED,
                "/webresources/call.svg",
                "contoso_tab",
                List.of("contoso_website"),
                List.of(
                        new ParameterDefinition("customer", ParameterDefinition.Type.STRING, true, null),
                        new ParameterDefinition("caller", ParameterDefinition.Type.STRING, false, "unknown"),
                        new ParameterDefinition("age", ParameterDefinition.Type.NUMBER, false, new BigDecimal("0.10")),
                        new ParameterDefinition("vip", ParameterDefinition.Type.BOOLEAN, false, false)));
    }

    private static SessionTemplate sessionTemplate(
            SessionType type, @Nullable String entity, @Nullable String anchorTab) {
        return new SessionTemplate(
                "contoso_" + type.text(),
                "Contoso",
                null,
                List.of(),
                Status.ACTIVE,
                type,
                entity,
                null,
                List.of(),
                false,
                CommunicationPanelMode.HIDDEN,
                null,
                anchorTab,
                List.of(),
                List.of());
    }

    private static ApplicationTabTemplate website(String uniqueName) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("url", "https://orders.contoso.example/{orderId}");
        parameters.put("data", 5);
        parameters.put("alwaysRender", true);
        return new ApplicationTabTemplate(
                uniqueName,
                "Orders",
                "Orders of a customer",
                List.of("orders"),
                Status.INACTIVE,
                "Orders of {customer}",
                PageType.THIRD_PARTY_WEBSITE,
                false,
                List.of("help.contoso.example:8443"),
                parameters);
    }

    private static ApplicationTabTemplate tab(String uniqueName) {
        return new ApplicationTabTemplate(
                uniqueName, "Tab", null, List.of(), Status.ACTIVE, null, PageType.SEARCH, true, List.of(), Map.of());
    }

    private static NotificationTemplate notification() {
        return new NotificationTemplate(
                "contoso_toast",
                "Toast",
                "A toast",
                List.of("toast"),
                Status.INACTIVE,
                "{customer} calls",
                "/webresources/toast.svg",
                false,
                0,
                true,
                true,
                "Take it",
                false,
                "No",
                DesktopNotification.ALWAYS,
                Theme.LIGHT,
                List.of(new NotificationField("a", "Customer", "{customer}"), new NotificationField("b", null, null)));
    }

    private static NotificationTemplate plainNotification() {
        return new NotificationTemplate(
                "contoso_plain",
                "Plain",
                null,
                List.of(),
                Status.ACTIVE,
                "A call",
                "/webresources/msdyn_chat_icon_zfp.svg",
                true,
                120,
                false,
                false,
                NotificationTemplate.ACCEPT,
                true,
                NotificationTemplate.REJECT,
                DesktopNotification.NEVER,
                Theme.DARK,
                List.of());
    }

    private static AppProfile profile() {
        Map<String, String> channels = new LinkedHashMap<>();
        channels.put("voice", "contoso_call");
        channels.put("chat", "contoso_call");
        return new AppProfile(
                "contoso_agents",
                "Agents",
                "For agents",
                List.of("agents"),
                Status.INACTIVE,
                7,
                true,
                List.of("Agent", "Supervisor"),
                List.of("contoso_call", "contoso_entity"),
                GenericSessionTemplates.LISTED,
                channels,
                Map.of("incident", "contoso_entity"),
                List.of());
    }

    private static AppProfile plainProfile() {
        return new AppProfile(
                "contoso_nobody",
                "Nobody",
                null,
                List.of(),
                Status.ACTIVE,
                50,
                false,
                List.of(),
                List.of(),
                GenericSessionTemplates.ALL,
                Map.of(),
                Map.of(),
                List.of());
    }
}
