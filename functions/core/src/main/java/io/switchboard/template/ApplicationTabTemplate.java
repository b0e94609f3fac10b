package io.switchboard.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An application tab template ({@code cif-apm.md} §D): a page type with its parameters.
 *
 * @param title may hold slugs; null: the name
 * @param canClose whether its tabs may be closed; the anchor never
 * @param allowedHosts hosts, each optionally with a port, that a caller's {@code url} may lead to, in addition to the template's own
 * @param parameters text, number or boolean by name; texts may hold slugs
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
