package io.switchboard.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An application tab template ({@code docs/domain/session-templates.md}, "Application tab templates"): a page type with
 * its parameters.
 *
 * @param title the title, which can contain slugs; null for the name
 * @param canClose whether its tabs can be closed, except an anchor tab
 * @param allowedHosts hosts, each with an optional port, that a caller's {@code url} can use in addition to the
 *     template's own host
 * @param parameters texts, numbers and booleans by name; texts can contain slugs
 */
public record ApplicationTabTemplate(
        String uniqueName,
        String name,
        @Nullable String description,
        List<String> tags,
        Status status,
        @Nullable String title,
        PageType pageType,
        boolean canClose,
        List<String> allowedHosts,
        Map<String, Object> parameters)
        implements Template {
    public ApplicationTabTemplate {
        tags = List.copyOf(tags);
        allowedHosts = List.copyOf(allowedHosts);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    @Override
    public TemplateKind kind() {
        return TemplateKind.APPLICATION_TAB_TEMPLATE;
    }

    @Override
    public Set<String> references() {
        return Set.of();
    }
}
