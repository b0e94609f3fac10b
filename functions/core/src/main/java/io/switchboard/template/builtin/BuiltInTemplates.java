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
 * The out-of-box templates of {@code docs/domain/session-templates.md}, which are read-only and can be cloned, and the
 * example of the CIF specification. They are in the resources {@code built-in-templates.json},
 * {@code built-in-notification-templates.json} and {@code built-in-presence-states.json}. Immutable.
 */
public final class BuiltInTemplates {
    private final Map<TemplateKind, Map<String, Stored<Template>>> byKind = new EnumMap<>(TemplateKind.class);

    private BuiltInTemplates(Map<String, @Nullable Object> document) {
        for (TemplateKind kind : TemplateKind.values()) {
            Map<String, Stored<Template>> byName = new LinkedHashMap<>();
            if (!(document.get(kind.collection()) instanceof List<?> templates)) {
                throw new IllegalStateException("The resources do not contain the built-in " + kind.collection());
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

    /** Loads all built-in templates from the resources. */
    public static BuiltInTemplates load() {
        Map<String, @Nullable Object> document = resource("built-in-templates.json");
        document.putAll(resource("built-in-notification-templates.json"));
        document.putAll(resource("built-in-presence-states.json"));
        return new BuiltInTemplates(document);
    }

    /** Loads the templates of sessions. Without notification templates, cold starts are shorter. */
    public static BuiltInTemplates loadForSessions() {
        return only("built-in-templates.json");
    }

    /** Loads the notification templates only. */
    public static BuiltInTemplates loadForNotifications() {
        return only("built-in-notification-templates.json");
    }

    /** Loads the presence states only. */
    public static BuiltInTemplates loadForPresence() {
        return only("built-in-presence-states.json");
    }

    private static BuiltInTemplates only(String name) {
        Map<String, @Nullable Object> document = resource(name);
        for (TemplateKind kind : TemplateKind.values()) {
            document.putIfAbsent(kind.collection(), List.of());
        }
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

    /** Returns a built-in template by its exact name, or null. */
    public @Nullable Stored<Template> find(TemplateKind kind, String uniqueName) {
        return byKind.getOrDefault(kind, Map.of()).get(uniqueName);
    }

    /** Returns the read-only template that reserves this name, without regard to case, or null. */
    public @Nullable Stored<Template> findReserved(TemplateKind kind, String uniqueName) {
        for (Stored<Template> stored : all(kind)) {
            if (stored.origin() == Origin.BUILT_IN
                    && stored.template().uniqueName().equalsIgnoreCase(uniqueName)) {
                return stored;
            }
        }
        return null;
    }

    /** Returns all built-in templates of a kind. */
    public Collection<Stored<Template>> all(TemplateKind kind) {
        return new ArrayList<>(byKind.getOrDefault(kind, Map.of()).values());
    }
}
