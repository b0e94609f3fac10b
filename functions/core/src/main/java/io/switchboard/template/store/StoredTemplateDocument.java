package io.switchboard.template.store;

import io.switchboard.json.StoredDocument;
import io.switchboard.template.AppProfile;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.BasicState;
import io.switchboard.template.CommunicationPanelMode;
import io.switchboard.template.DesktopNotification;
import io.switchboard.template.GenericSessionTemplates;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.PageType;
import io.switchboard.template.ParameterDefinition;
import io.switchboard.template.PresenceState;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.SessionWrapUp;
import io.switchboard.template.Status;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.Theme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the stored documents of all kinds of templates. No other class does. {@link #read} has a default for
 * each property that a document omits, independent of the API's defaults.
 *
 * <p>The property names of documents are independent of those of the API. {@code templates-schema-1.json} in the test
 * resources contains examples.
 */
public final class StoredTemplateDocument {
    private static final int SCHEMA = 1;

    private static final String UNIQUE_NAME = "uniqueName";
    private static final String NAME = "name";
    private static final String DESCRIPTION = "description";
    private static final String TAGS = "tags";
    private static final String STATUS = "status";
    private static final String TYPE = "type";
    private static final String ENTITY = "entity";
    private static final String TITLE = "title";
    private static final String FALLBACK_TITLES = "fallbackTitles";
    private static final String APPLY_SESSION_TITLE = "applySessionTitleToAnchorTab";
    private static final String COMMUNICATION_PANEL_MODE = "communicationPanelMode";
    private static final String SESSION_ICON = "sessionIcon";
    private static final String ANCHOR_TAB = "anchorTab";
    private static final String ADDITIONAL_TABS = "additionalTabs";
    private static final String PARAMETER_DEFINITIONS = "parameterDefinitions";
    private static final String WRAP_UP = "wrapUp";
    private static final String SECONDS = "seconds";
    private static final String DISPOSITIONS = "dispositions";
    private static final String TAB = "tab";
    private static final String REQUIRED = "required";
    private static final String DEFAULT = "default";
    private static final String PAGE_TYPE = "pageType";
    private static final String CAN_CLOSE = "canClose";
    private static final String ALLOWED_HOSTS = "allowedHosts";
    private static final String PARAMETERS = "parameters";
    private static final String ICON = "icon";
    private static final String SHOW_TIMEOUT = "showTimeout";
    private static final String TIMEOUT = "timeout";
    private static final int DEFAULT_TIMEOUT = 120;
    private static final String AUTO_ACCEPT = "autoAccept";
    private static final String AUTO_POPUP_SESSION = "autoPopupSession";
    private static final String ACCEPT_BUTTON_TEXT = "acceptButtonText";
    private static final String DEFAULT_ACCEPT = "Accept";
    private static final String SHOW_REJECT_BUTTON = "showRejectButton";
    private static final String REJECT_BUTTON_TEXT = "rejectButtonText";
    private static final String DEFAULT_REJECT = "Reject";
    private static final String DESKTOP_NOTIFICATION = "desktopNotification";
    private static final String THEME = "theme";
    private static final String FIELDS = "fields";
    private static final String FIELD_HEADER = "fieldHeader";
    private static final String VALUE = "value";
    private static final String PROFILE_ORDER = "profileOrder";
    private static final int DEFAULT_ORDER = 50;
    private static final String IS_DEFAULT = "isDefault";
    private static final String ROLES = "roles";
    private static final String SESSION_TEMPLATES = "sessionTemplates";
    private static final String GENERIC_SESSION_TEMPLATES = "genericSessionTemplates";
    private static final String DEFAULT_SESSION_TEMPLATES = "defaultSessionTemplates";
    private static final String CHANNELS = "channels";
    private static final String RULES = "rules";
    private static final String ENTITIES = "entities";
    private static final String BASIC_STATE = "basicState";

    private StoredTemplateDocument() {}

    /** Returns the document of a template. */
    static String write(Template template) {
        StoredDocument document = StoredDocument.ofSchema(
                        SCHEMA, template.kind().words())
                .put(UNIQUE_NAME, template.uniqueName())
                .put(NAME, template.name())
                .put(DESCRIPTION, template.description(), null)
                .put(TAGS, template.tags(), List.of())
                .put(STATUS, template.status().text(), Status.ACTIVE.text());
        switch (template) {
            case SessionTemplate session -> put(document, session);
            case ApplicationTabTemplate tab -> put(document, tab);
            case NotificationTemplate notification -> put(document, notification);
            case AppProfile profile -> put(document, profile);
            case PresenceState state ->
                document.put(BASIC_STATE, state.basicState().text());
        }
        return document.write();
    }

    /**
     * Returns the template of a document of this or an earlier release.
     *
     * @throws RuntimeException if the document is invalid or was written by a later release
     */
    public static Template read(TemplateKind kind, String text) {
        StoredDocument document = StoredDocument.read(text, SCHEMA, kind.words());
        return switch (kind) {
            case SESSION_TEMPLATE -> sessionTemplate(document);
            case APPLICATION_TAB_TEMPLATE -> applicationTabTemplate(document);
            case NOTIFICATION_TEMPLATE -> notificationTemplate(document);
            case APP_PROFILE -> appProfile(document);
            case PRESENCE_STATE -> presenceState(document);
        };
    }

    private static void put(StoredDocument document, SessionTemplate template) {
        document.put(TYPE, template.type().text())
                .put(ENTITY, template.entity(), null)
                .put(TITLE, template.title(), null)
                .put(FALLBACK_TITLES, template.fallbackTitles(), List.of())
                .put(APPLY_SESSION_TITLE, template.applySessionTitleToAnchorTab(), false)
                .put(COMMUNICATION_PANEL_MODE, template.communicationPanelMode().text())
                .put(SESSION_ICON, template.sessionIcon(), null)
                .put(ANCHOR_TAB, template.anchorTab(), null)
                .put(ADDITIONAL_TABS, template.additionalTabs(), List.of());
        List<StoredDocument> definitions = new ArrayList<>();
        for (ParameterDefinition definition : template.parameterDefinitions()) {
            definitions.add(document.inner()
                    .put(NAME, definition.name())
                    .put(TYPE, definition.type().text())
                    .put(REQUIRED, definition.isRequired(), false)
                    .put(DEFAULT, definition.defaultValue(), null));
        }
        document.putObjects(PARAMETER_DEFINITIONS, definitions);
        @Nullable SessionWrapUp wrapUp = template.wrapUp();
        if (wrapUp != null) {
            document.putObject(
                    WRAP_UP,
                    document.inner()
                            .put(REQUIRED, wrapUp.isRequired(), false)
                            .put(SECONDS, wrapUp.seconds())
                            .put(DISPOSITIONS, wrapUp.dispositions(), List.of())
                            .put(TAB, wrapUp.tab(), null));
        }
    }

    private static @Nullable SessionWrapUp wrapUp(StoredDocument object) {
        long seconds = object.number(SECONDS, -1);
        return seconds < 0
                ? null
                : new SessionWrapUp(
                        object.truth(REQUIRED, false),
                        (int) seconds,
                        object.texts(DISPOSITIONS),
                        object.textOrNull(TAB));
    }

    private static SessionTemplate sessionTemplate(StoredDocument document) {
        List<ParameterDefinition> definitions = new ArrayList<>();
        for (StoredDocument object : document.objectsOrNone(PARAMETER_DEFINITIONS)) {
            definitions.add(new ParameterDefinition(
                    object.text(NAME),
                    object.oneOf(TYPE, ParameterDefinition.Type.BY_TEXT),
                    object.truth(REQUIRED, false),
                    object.scalar(DEFAULT)));
        }
        return new SessionTemplate(
                document.text(UNIQUE_NAME),
                document.text(NAME),
                document.textOrNull(DESCRIPTION),
                document.texts(TAGS),
                status(document),
                document.oneOf(TYPE, SessionType.BY_TEXT),
                document.textOrNull(ENTITY),
                document.textOrNull(TITLE),
                document.texts(FALLBACK_TITLES),
                document.truth(APPLY_SESSION_TITLE, false),
                document.oneOf(COMMUNICATION_PANEL_MODE, CommunicationPanelMode.BY_TEXT),
                document.textOrNull(SESSION_ICON),
                document.textOrNull(ANCHOR_TAB),
                document.texts(ADDITIONAL_TABS),
                definitions,
                wrapUp(document.object(WRAP_UP)));
    }

    private static void put(StoredDocument document, ApplicationTabTemplate template) {
        document.put(TITLE, template.title(), null)
                .put(PAGE_TYPE, template.pageType().text())
                .put(CAN_CLOSE, template.canClose(), true)
                .put(ALLOWED_HOSTS, template.allowedHosts(), List.of())
                .put(PARAMETERS, template.parameters(), Map.of());
    }

    private static ApplicationTabTemplate applicationTabTemplate(StoredDocument document) {
        return new ApplicationTabTemplate(
                document.text(UNIQUE_NAME),
                document.text(NAME),
                document.textOrNull(DESCRIPTION),
                document.texts(TAGS),
                status(document),
                document.textOrNull(TITLE),
                document.oneOf(PAGE_TYPE, PageType.BY_TEXT),
                document.truth(CAN_CLOSE, true),
                document.texts(ALLOWED_HOSTS),
                document.values(PARAMETERS, Map.of()));
    }

    private static void put(StoredDocument document, NotificationTemplate template) {
        document.put(TITLE, template.title())
                .put(ICON, template.icon())
                .put(SHOW_TIMEOUT, template.showTimeout(), true)
                .put(TIMEOUT, template.timeout(), DEFAULT_TIMEOUT)
                .put(AUTO_ACCEPT, template.autoAccept(), false)
                .put(AUTO_POPUP_SESSION, template.autoPopupSession(), false)
                .put(ACCEPT_BUTTON_TEXT, template.acceptButtonText(), DEFAULT_ACCEPT)
                .put(SHOW_REJECT_BUTTON, template.showRejectButton(), true)
                .put(REJECT_BUTTON_TEXT, template.rejectButtonText(), DEFAULT_REJECT)
                .put(DESKTOP_NOTIFICATION, template.desktopNotification().text(), DesktopNotification.NEVER.text())
                .put(THEME, template.theme().text(), Theme.DARK.text());
        List<StoredDocument> fields = new ArrayList<>();
        for (NotificationField field : template.fields()) {
            fields.add(document.inner()
                    .put(NAME, field.name())
                    .put(FIELD_HEADER, field.fieldHeader(), null)
                    .put(VALUE, field.value(), null));
        }
        document.putObjects(FIELDS, fields);
    }

    private static NotificationTemplate notificationTemplate(StoredDocument document) {
        List<NotificationField> fields = new ArrayList<>();
        for (StoredDocument object : document.objectsOrNone(FIELDS)) {
            fields.add(new NotificationField(
                    object.text(NAME), object.textOrNull(FIELD_HEADER), object.textOrNull(VALUE)));
        }
        return new NotificationTemplate(
                document.text(UNIQUE_NAME),
                document.text(NAME),
                document.textOrNull(DESCRIPTION),
                document.texts(TAGS),
                status(document),
                document.text(TITLE),
                document.text(ICON),
                document.truth(SHOW_TIMEOUT, true),
                (int) document.number(TIMEOUT, DEFAULT_TIMEOUT),
                document.truth(AUTO_ACCEPT, false),
                document.truth(AUTO_POPUP_SESSION, false),
                document.text(ACCEPT_BUTTON_TEXT, DEFAULT_ACCEPT),
                document.truth(SHOW_REJECT_BUTTON, true),
                document.text(REJECT_BUTTON_TEXT, DEFAULT_REJECT),
                document.oneOf(DESKTOP_NOTIFICATION, DesktopNotification.BY_TEXT, DesktopNotification.NEVER),
                document.oneOf(THEME, Theme.BY_TEXT, Theme.DARK),
                fields);
    }

    private static void put(StoredDocument document, AppProfile profile) {
        document.put(PROFILE_ORDER, profile.profileOrder(), DEFAULT_ORDER)
                .put(IS_DEFAULT, profile.isDefault(), false)
                .put(ROLES, profile.roles(), List.of())
                .put(SESSION_TEMPLATES, profile.sessionTemplates(), List.of())
                .put(
                        GENERIC_SESSION_TEMPLATES,
                        profile.genericSessionTemplates().text(),
                        GenericSessionTemplates.ALL.text())
                .putObject(
                        DEFAULT_SESSION_TEMPLATES,
                        document.inner()
                                .put(CHANNELS, profile.channelDefaults(), Map.of())
                                .put(ENTITIES, profile.entityDefaults(), Map.of()))
                .putObjects(RULES, StoredSelectionRules.write(document, profile.rules()));
    }

    private static AppProfile appProfile(StoredDocument document) {
        StoredDocument defaults = document.object(DEFAULT_SESSION_TEMPLATES);
        return new AppProfile(
                document.text(UNIQUE_NAME),
                document.text(NAME),
                document.textOrNull(DESCRIPTION),
                document.texts(TAGS),
                status(document),
                (int) document.number(PROFILE_ORDER, DEFAULT_ORDER),
                document.truth(IS_DEFAULT, false),
                document.texts(ROLES),
                document.texts(SESSION_TEMPLATES),
                document.oneOf(GENERIC_SESSION_TEMPLATES, GenericSessionTemplates.BY_TEXT, GenericSessionTemplates.ALL),
                names(defaults, CHANNELS),
                names(defaults, ENTITIES),
                StoredSelectionRules.read(document.objectsOrNone(RULES)));
    }

    private static PresenceState presenceState(StoredDocument document) {
        return new PresenceState(
                document.text(UNIQUE_NAME),
                document.text(NAME),
                document.textOrNull(DESCRIPTION),
                document.texts(TAGS),
                status(document),
                document.oneOf(BASIC_STATE, BasicState.BY_TEXT));
    }

    private static Map<String, String> names(StoredDocument object, String property) {
        Map<String, String> names = new LinkedHashMap<>();
        object.values(property, Map.of()).forEach((key, name) -> names.put(key, (String) name));
        return names;
    }

    private static Status status(StoredDocument document) {
        return document.oneOf(STATUS, Status.BY_TEXT, Status.ACTIVE);
    }
}
