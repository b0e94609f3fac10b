package io.switchboard.template;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session template ({@code docs/domain/session-templates.md}, "Session templates"): the tabs and settings of a new
 * session.
 *
 * @param entity the logical name of its entity; Entity type only
 * @param title the title, which can contain slugs
 * @param fallbackTitles titles to try in order if the title resolves to an empty text
 * @param applySessionTitleToAnchorTab whether the anchor tab has the title of the session
 * @param sessionIcon the path of a web resource; Generic type only
 * @param anchorTab the application tab template opened first; Generic type only
 * @param additionalTabs the application tab templates opened after it, at most 9
 * @param wrapUp what happens when the contact ends; null for a session that is closed at once
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
        List<ParameterDefinition> parameterDefinitions,
        @Nullable SessionWrapUp wrapUp)
        implements Template {
    /** The most tabs of a session in addition to its anchor tab. */
    public static final int ADDITIONAL_TABS = 9;

    public SessionTemplate {
        tags = List.copyOf(tags);
        fallbackTitles = List.copyOf(fallbackTitles);
        additionalTabs = List.copyOf(additionalTabs);
        parameterDefinitions = List.copyOf(parameterDefinitions);
    }

    /** Creates a template without wrap-up. */
    public SessionTemplate(
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
            List<ParameterDefinition> parameterDefinitions) {
        this(
                uniqueName,
                name,
                description,
                tags,
                status,
                type,
                entity,
                title,
                fallbackTitles,
                applySessionTitleToAnchorTab,
                communicationPanelMode,
                sessionIcon,
                anchorTab,
                additionalTabs,
                parameterDefinitions,
                null);
    }

    @Override
    public TemplateKind kind() {
        return TemplateKind.SESSION_TEMPLATE;
    }

    @Override
    public Set<String> references() {
        Set<String> names = openedTabs();
        if (wrapUp != null && wrapUp.tab() != null) {
            names.add(wrapUp.tab());
        }
        return names;
    }

    /** Returns the names of the application tab templates that open with the session, in order. */
    public Set<String> openedTabs() {
        Set<String> names = new LinkedHashSet<>();
        if (anchorTab != null) {
            names.add(anchorTab);
        }
        names.addAll(additionalTabs);
        return names;
    }

    /** Returns the default values of the parameters that have one. */
    public Map<String, Object> defaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        for (ParameterDefinition definition : parameterDefinitions) {
            if (definition.defaultValue() != null) {
                defaults.put(definition.name(), definition.defaultValue());
            }
        }
        return defaults;
    }
}
