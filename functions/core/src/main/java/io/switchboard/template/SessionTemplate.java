package io.switchboard.template;

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
