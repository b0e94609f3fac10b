package io.switchboard.template;

import io.switchboard.http.Json;
import io.switchboard.http.ObjectReader;
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
 * The out-of-box templates of {@code cif-apm.md} §C.3 and §D.3, from the resource {@code built-in-templates.json}: always
 * there, read-only, to be cloned; and the example of the CIF specification. Immutable.
 */
public final class BuiltInTemplates {
    private final Map<TemplateKind, Map<String, Stored<Template>>> byKind = new EnumMap<>(TemplateKind.class);

    private BuiltInTemplates(Map<String, @Nullable Object> document) {
        for (TemplateKind kind : TemplateKind.values()) {
            Map<String, Stored<Template>> byName = new LinkedHashMap<>();
            if (!(document.get(kind.collection()) instanceof List<?> templates)) {
                throw new IllegalStateException("built-in-templates.json has no " + kind.collection());
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

    /** Reads the resource. */
    public static BuiltInTemplates load() {
        try (@Nullable InputStream resource = BuiltInTemplates.class.getResourceAsStream("built-in-templates.json")) {
            if (resource == null) {
                throw new IllegalStateException("The resource built-in-templates.json is missing");
            }
            return new BuiltInTemplates(Json.readOwn(new String(resource.readAllBytes(), StandardCharsets.UTF_8)));
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
