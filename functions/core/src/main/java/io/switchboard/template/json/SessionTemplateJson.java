package io.switchboard.template.json;

import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import io.switchboard.template.CommunicationPanelMode;
import io.switchboard.template.ParameterDefinition;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.SessionWrapUp;
import io.switchboard.template.Status;
import io.switchboard.template.Template;
import io.switchboard.template.UniqueName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API's JSON of session templates. */
public final class SessionTemplateJson {
    private static final int MAXIMUM_ENTITY = 100;
    private static final int MAXIMUM_ICON = 1_024;
    private static final int MAXIMUM_FALLBACK_TITLES = 10;
    private static final int MAXIMUM_PARAMETERS = 50;
    private static final int MAXIMUM_PARAMETER_NAME = 100;
    private static final int MAXIMUM_DEFAULT = 2_048;

    private SessionTemplateJson() {}

    /** Reads the writable members and reports every violation of the rules of {@code api/session-templates.yaml}. */
    public static SessionTemplate read(ObjectReader reader) {
        CommonMembers common = CommonMembers.read(reader);
        @Nullable SessionType type = reader.requiredOneOf("type", SessionType.BY_TEXT);
        @Nullable String entity = reader.optionalText("entity", MAXIMUM_ENTITY);
        @Nullable String title = reader.optionalText("title", Template.MAXIMUM_TITLE);
        List<String> fallbackTitles = reader.texts("fallbackTitles", MAXIMUM_FALLBACK_TITLES, Template.MAXIMUM_TITLE);
        boolean applyTitle = reader.bool("applySessionTitleToAnchorTab", false);
        @Nullable
        CommunicationPanelMode panelMode =
                reader.requiredOneOf("communicationPanelMode", CommunicationPanelMode.BY_TEXT);
        @Nullable String icon = readIcon(reader);
        @Nullable String anchorText = reader.optionalText("anchorTab", UniqueName.MAXIMUM_LENGTH);
        @Nullable String anchorTab = anchorText == null || anchorText.isBlank() ? null : anchorText;
        List<String> additionalTabs =
                reader.texts("additionalTabs", SessionTemplate.ADDITIONAL_TABS, UniqueName.MAXIMUM_LENGTH);
        List<ParameterDefinition> definitions =
                reader.objects("parameterDefinitions", MAXIMUM_PARAMETERS, SessionTemplateJson::readDefinition);
        @Nullable SessionWrapUp wrapUp = readWrapUp(reader, additionalTabs);
        CommonMembers.ignoreReadOnly(reader);
        reader.rejectUnknown();
        if (type == SessionType.GENERIC) {
            checkGeneric(reader, common.status(), entity, anchorTab, additionalTabs);
        } else if (type == SessionType.ENTITY) {
            checkEntity(reader, entity, anchorTab, icon, panelMode);
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < definitions.size(); i++) {
            if (!names.add(definitions.get(i).name())) {
                String element = "parameterDefinitions[" + i + "].name";
                reader.violation(
                        "duplicateValue", element, element + " appears more than once. Define each parameter once.");
            }
        }
        return new SessionTemplate(
                common.uniqueName(),
                common.name(),
                common.description(),
                common.tags(),
                common.status(),
                type == null ? SessionType.GENERIC : type,
                entity,
                title,
                fallbackTitles,
                applyTitle,
                panelMode == null ? CommunicationPanelMode.HIDDEN : panelMode,
                icon,
                anchorTab,
                additionalTabs,
                definitions,
                wrapUp);
    }

    private static @Nullable SessionWrapUp readWrapUp(ObjectReader template, List<String> additionalTabs) {
        @Nullable ObjectReader reader = template.object("wrapUp");
        if (reader == null) {
            return null;
        }
        boolean isRequired = reader.bool("required", false);
        int seconds = reader.wholeNumber("seconds", 0, SessionWrapUp.LONGEST_SECONDS, 0);
        List<String> dispositions =
                reader.texts("dispositions", SessionWrapUp.MAXIMUM_DISPOSITIONS, SessionWrapUp.LONGEST_DISPOSITION);
        @Nullable String text = reader.optionalText("tab", UniqueName.MAXIMUM_LENGTH);
        @Nullable String tab = text == null || text.isBlank() ? null : text;
        reader.rejectUnknown();
        @Nullable Object sent = reader.any("dispositions");
        if (isRequired && (sent == null || (sent instanceof List<?> array && array.isEmpty()))) {
            reader.violation(
                    "required",
                    "dispositions",
                    "wrapUp.dispositions must not be empty if wrapUp.required is true. Send at least one disposition, or"
                            + " set wrapUp.required to false.");
        }
        if (tab != null && !additionalTabs.contains(tab) && additionalTabs.size() >= SessionTemplate.ADDITIONAL_TABS) {
            reader.violation(
                    "tooMany",
                    "tab",
                    "wrapUp.tab does not fit: the anchor tab and additionalTabs are already the maximum of "
                            + (SessionTemplate.ADDITIONAL_TABS + 1)
                            + " tabs of a session. Remove one of additionalTabs, or wrapUp.tab.");
        }
        return new SessionWrapUp(isRequired, seconds, dispositions, tab);
    }

    private static @Nullable Map<String, @Nullable Object> write(@Nullable SessionWrapUp wrapUp) {
        if (wrapUp == null) {
            return null;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("required", wrapUp.isRequired());
        json.put("seconds", wrapUp.seconds());
        json.put("dispositions", wrapUp.dispositions());
        json.put("tab", wrapUp.tab());
        return json;
    }

    private static ParameterDefinition readDefinition(ObjectReader reader) {
        String name = reader.requiredText("name", MAXIMUM_PARAMETER_NAME);
        if (!name.isEmpty() && !SlugText.isKey(name)) {
            reader.violation(
                    "invalidValue",
                    "name",
                    reader.target("name") + " must not contain { } \" or ', because it is the key of a slug. Use a name"
                            + " such as customer.");
        }
        ParameterDefinition.@Nullable Type type = reader.requiredOneOf("type", ParameterDefinition.Type.BY_TEXT);
        boolean required = reader.bool("required", false);
        @Nullable Object absent = reader.any("default");
        if (absent != null && type != null && !type.admits(absent)) {
            reader.wrongType("default", "a " + type.text(), absent);
        } else if (absent instanceof String text && text.length() > MAXIMUM_DEFAULT) {
            reader.violation(
                    "tooLong",
                    "default",
                    reader.target("default") + " has " + text.length() + " characters; at most " + MAXIMUM_DEFAULT
                            + " are allowed.");
        }
        reader.rejectUnknown();
        return new ParameterDefinition(name, type == null ? ParameterDefinition.Type.STRING : type, required, absent);
    }

    private static void checkGeneric(
            ObjectReader reader,
            Status status,
            @Nullable String entity,
            @Nullable String anchorTab,
            List<String> additionalTabs) {
        if (entity != null) {
            reader.violation("notAllowed", "entity", "entity applies to the type entity only. Remove it.");
        }
        if (anchorTab == null && status == Status.ACTIVE) {
            reader.violation(
                    "required",
                    "anchorTab",
                    "anchorTab is required for an active generic template. Send the name of an application tab"
                            + " template.");
        }
        int again = anchorTab == null ? -1 : additionalTabs.indexOf(anchorTab);
        if (again >= 0) {
            reader.violation(
                    "duplicateValue",
                    "additionalTabs[" + again + "]",
                    "additionalTabs[" + again + "] is already the anchor tab. Remove it.");
        }
    }

    private static void checkEntity(
            ObjectReader reader,
            @Nullable String entity,
            @Nullable String anchorTab,
            @Nullable String icon,
            @Nullable CommunicationPanelMode panelMode) {
        if (entity == null || entity.isBlank()) {
            reader.violation(
                    "required",
                    "entity",
                    "entity is required for the type entity. Send the logical name of the" + " entity.");
        }
        if (anchorTab != null) {
            reader.violation(
                    "notAllowed",
                    "anchorTab",
                    "anchorTab applies to the type generic only. An entity session is anchored in its record. Remove"
                            + " it.");
        }
        if (icon != null) {
            reader.violation("notAllowed", "sessionIcon", "sessionIcon applies to the type generic only. Remove it.");
        }
        if (panelMode != null && panelMode != CommunicationPanelMode.HIDDEN) {
            reader.violation(
                    "invalidValue",
                    "communicationPanelMode",
                    "communicationPanelMode of an entity template must be hidden.");
        }
    }

    /** Reads an icon, of a template or of an open session. */
    public static @Nullable String readIcon(ObjectReader reader) {
        @Nullable String icon = reader.optionalText("sessionIcon", MAXIMUM_ICON);
        if (icon != null
                && (icon.indexOf('{') >= 0 || icon.toLowerCase(Locale.ROOT).endsWith(".gif"))) {
            reader.violation(
                    "invalidValue",
                    "sessionIcon",
                    "sessionIcon must be a literal path without slugs and must not be" + " a GIF.");
        }
        return icon;
    }

    /** Writes the writable members. The caller can change the map. */
    public static Map<String, @Nullable Object> write(SessionTemplate template) {
        Map<String, @Nullable Object> json = CommonMembers.write(template);
        json.put("type", template.type().text());
        json.put("entity", template.entity());
        json.put("title", template.title());
        json.put("fallbackTitles", template.fallbackTitles());
        json.put("applySessionTitleToAnchorTab", template.applySessionTitleToAnchorTab());
        json.put("communicationPanelMode", template.communicationPanelMode().text());
        json.put("sessionIcon", template.sessionIcon());
        json.put("anchorTab", template.anchorTab());
        json.put("additionalTabs", template.additionalTabs());
        List<Map<String, @Nullable Object>> definitions = new ArrayList<>();
        for (ParameterDefinition definition : template.parameterDefinitions()) {
            definitions.add(write(definition));
        }
        json.put("parameterDefinitions", definitions);
        json.put("wrapUp", write(template.wrapUp()));
        return json;
    }

    private static Map<String, @Nullable Object> write(ParameterDefinition definition) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", definition.name());
        json.put("type", definition.type().text());
        json.put("required", definition.isRequired());
        json.put("default", definition.defaultValue());
        return json;
    }
}
