package io.switchboard.template;

import io.switchboard.json.ObjectReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session template ({@code cif-apm.md} §C.1): what opens when a session starts.
 *
 * @param entity the logical name of the records it is for; Entity type only
 * @param title may hold slugs
 * @param fallbackTitles titles to try in order where the title resolves to nothing
 * @param applySessionTitleToAnchorTab whether the anchor tab takes the session's title
 * @param sessionIcon the path of a web resource; Generic type only
 * @param anchorTab the application tab template opened first; Generic type only
 * @param additionalTabs the application tab templates opened after it, at most 9
 */
public record SessionTemplate(
        String uniqueName,
        String name,
        @Nullable String description,
        List<String> tags,
        Status status,
        SessionType type,
        @Nullable String entity,
        @Nullable String title,
        List<String> fallbackTitles,
        boolean applySessionTitleToAnchorTab,
        CommunicationPanelMode communicationPanelMode,
        @Nullable String sessionIcon,
        @Nullable String anchorTab,
        List<String> additionalTabs,
        List<ParameterDefinition> parameterDefinitions)
        implements Template {
    /** The most tabs of a session besides its anchor tab. */
    public static final int ADDITIONAL_TABS = 9;

    private static final int MAXIMUM_ENTITY = 100;
    private static final int MAXIMUM_ICON = 1_024;
    private static final int MAXIMUM_FALLBACK_TITLES = 10;
    private static final int MAXIMUM_PARAMETERS = 50;

    public SessionTemplate {
        tags = List.copyOf(tags);
        fallbackTitles = List.copyOf(fallbackTitles);
        additionalTabs = List.copyOf(additionalTabs);
        parameterDefinitions = List.copyOf(parameterDefinitions);
    }

    @Override
    public TemplateKind kind() {
        return TemplateKind.SESSION_TEMPLATE;
    }

    @Override
    public Set<String> references() {
        Set<String> names = new LinkedHashSet<>();
        if (anchorTab != null) {
            names.add(anchorTab);
        }
        names.addAll(additionalTabs);
        return names;
    }

    /** Reads the writable members and notes every violation of the rules of {@code API.md} §4. */
    public static SessionTemplate read(ObjectReader reader) {
        Template.Common common = Template.readCommon(reader);
        @Nullable SessionType type = reader.requiredOneOf("type", SessionType.BY_TEXT);
        @Nullable String entity = reader.optionalText("entity", MAXIMUM_ENTITY);
        @Nullable String title = reader.optionalText("title", MAXIMUM_TITLE);
        List<String> fallbackTitles = reader.texts("fallbackTitles", MAXIMUM_FALLBACK_TITLES, MAXIMUM_TITLE);
        boolean applyTitle = reader.bool("applySessionTitleToAnchorTab", false);
        @Nullable
        CommunicationPanelMode panelMode =
                reader.requiredOneOf("communicationPanelMode", CommunicationPanelMode.BY_TEXT);
        @Nullable String icon = readIcon(reader);
        @Nullable String anchorText = reader.optionalText("anchorTab", UniqueName.MAXIMUM_LENGTH);
        @Nullable String anchorTab = anchorText == null || anchorText.isBlank() ? null : anchorText;
        List<String> additionalTabs = reader.texts("additionalTabs", ADDITIONAL_TABS, UniqueName.MAXIMUM_LENGTH);
        List<ParameterDefinition> definitions =
                reader.objects("parameterDefinitions", MAXIMUM_PARAMETERS, ParameterDefinition::read);
        Template.ignoreReadOnly(reader);
        reader.refuseUnknown();
        if (type == SessionType.GENERIC) {
            checkGeneric(reader, common.status(), entity, anchorTab, additionalTabs);
        } else if (type == SessionType.ENTITY) {
            checkEntity(reader, entity, anchorTab, icon, panelMode);
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < definitions.size(); i++) {
            if (!names.add(definitions.get(i).name())) {
                String element = "parameterDefinitions[" + i + "].name";
                reader.violation("duplicateValue", element, element + " stands there twice: define each once.");
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
                definitions);
    }

    private static void checkGeneric(
            ObjectReader reader,
            Status status,
            @Nullable String entity,
            @Nullable String anchorTab,
            List<String> additionalTabs) {
        if (entity != null) {
            reader.violation("notAllowed", "entity", "entity belongs to the type entity: take it out.");
        }
        if (anchorTab == null && status == Status.ACTIVE) {
            reader.violation(
                    "required",
                    "anchorTab",
                    "anchorTab is required for an active generic template: name an application tab template.");
        }
        int again = anchorTab == null ? -1 : additionalTabs.indexOf(anchorTab);
        if (again >= 0) {
            reader.violation(
                    "duplicateValue",
                    "additionalTabs[" + again + "]",
                    "additionalTabs[" + again + "] is the anchor tab already: take it out.");
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
                    "required", "entity", "entity is required for the type entity: name the records it is for.");
        }
        if (anchorTab != null) {
            reader.violation(
                    "notAllowed",
                    "anchorTab",
                    "anchorTab belongs to the type generic: an entity session is anchored in its record.");
        }
        if (icon != null) {
            reader.violation("notAllowed", "sessionIcon", "sessionIcon belongs to the type generic: take it out.");
        }
        if (panelMode != null && panelMode != CommunicationPanelMode.HIDDEN) {
            reader.violation(
                    "invalidValue",
                    "communicationPanelMode",
                    "communicationPanelMode of an entity template is hidden.");
        }
    }

    /** A session's icon, which may be changed as long as the session is open: by the same rule. */
    public static @Nullable String readIcon(ObjectReader reader) {
        @Nullable String icon = reader.optionalText("sessionIcon", MAXIMUM_ICON);
        if (icon != null
                && (icon.indexOf('{') >= 0
                        || icon.toLowerCase(java.util.Locale.ROOT).endsWith(".gif"))) {
            reader.violation(
                    "invalidValue", "sessionIcon", "sessionIcon is a literal path, without slugs, and no GIF.");
        }
        return icon;
    }

    @Override
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = Template.commonJson(this);
        json.put("type", type.text());
        json.put("entity", entity);
        json.put("title", title);
        json.put("fallbackTitles", fallbackTitles);
        json.put("applySessionTitleToAnchorTab", applySessionTitleToAnchorTab);
        json.put("communicationPanelMode", communicationPanelMode.text());
        json.put("sessionIcon", sessionIcon);
        json.put("anchorTab", anchorTab);
        json.put("additionalTabs", additionalTabs);
        List<Map<String, @Nullable Object>> definitions = new ArrayList<>();
        for (ParameterDefinition definition : parameterDefinitions) {
            definitions.add(definition.toJson());
        }
        json.put("parameterDefinitions", definitions);
        return json;
    }

    /** What the parameters with a default are where nobody sends them. */
    public Map<String, Object> defaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        for (ParameterDefinition definition : parameterDefinitions) {
            if (definition.absent() != null) {
                defaults.put(definition.name(), definition.absent());
            }
        }
        return defaults;
    }
}
