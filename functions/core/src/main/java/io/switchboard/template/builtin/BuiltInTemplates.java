package io.switchboard.template.builtin;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.template.Origin;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.json.TemplateJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The out-of-box templates of {@code cif-apm.md} §C.3, §D.3 and §E, from the resources {@code built-in-templates.json} and
 * {@code built-in-notification-templates.json}: always there, read-only, to be cloned; and the example of the CIF
 * specification. Immutable.
 */
public final class BuiltInTemplates {
    private final Map<TemplateKind, Map<String, Stored<Template>>> byKind = new EnumMap<>(TemplateKind.class);

    private BuiltInTemplates(Map<String, @Nullable Object> document) {
        for (TemplateKind kind : TemplateKind.values()) {
            Map<String, Stored<Template>> byName = new LinkedHashMap<>();
            if (!(document.get(kind.collection()) instanceof List<?> templates)) {
                throw new IllegalStateException("No resource has the built-in " + kind.collection());
            }
            for (Object template : templates) {
                if (template instanceof Map<?, ?> object) {
                    Map<String, @Nullable Object> members = ObjectReader.members(object);
                    Origin origin = "example".equals(members.get("origin")) ? Origin.EXAMPLE : Origin.BUILT_IN;
                    Stored<Template> stored = Stored.shipped(TemplateJson.readOwn(kind, members), origin);
                    byName.put(stored.template().uniqueName(), stored);
                }
            }
            byKind.put(kind, byName);
        }
    }

    /** Reads the resources. */
    public static BuiltInTemplates load() {
        Map<String, @Nullable Object> document = resource("built-in-templates.json");
        document.putAll(resource("built-in-notification-templates.json"));
        return new BuiltInTemplates(document);
    }

    /** Reads what sessions are made from. Notifications have no part in that, and reading them would cost a cold start. */
    public static BuiltInTemplates loadForSessions() {
        Map<String, @Nullable Object> document = resource("built-in-templates.json");
        document.put(TemplateKind.NOTIFICATION_TEMPLATE.collection(), List.of());
        return new BuiltInTemplates(document);
    }

    private static Map<String, @Nullable Object> resource(String name) {
        try (@Nullable InputStream resource = BuiltInTemplates.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("The resource " + name + " is missing");
            }
            return Json.readOwn(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A shipped template by its exact name, or null. */
    public @Nullable Stored<Template> find(TemplateKind kind, String uniqueName) {
        return byKind.getOrDefault(kind, Map.of()).get(uniqueName);
    }

    /** A read-only template whose name equals this one except perhaps for case, or null: such a name is taken. */
    public @Nullable Stored<Template> findReserved(TemplateKind kind, String uniqueName) {
        for (Stored<Template> stored : all(kind)) {
            if (stored.origin() == Origin.BUILT_IN
                    && stored.template().uniqueName().equalsIgnoreCase(uniqueName)) {
                return stored;
            }
        }
        return null;
    }

    /** All of a kind. */
    public Collection<Stored<Template>> all(TemplateKind kind) {
        return new ArrayList<>(byKind.getOrDefault(kind, Map.of()).values());
    }
}
