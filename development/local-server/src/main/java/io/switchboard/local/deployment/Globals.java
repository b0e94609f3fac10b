package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Merges the section {@code Globals} of a template into its resources, as SAM does. */
final class Globals {
    private static final Map<String, String> SECTIONS =
            Map.of(SamTemplate.FUNCTION, "Function", SamTemplate.HTTP_API, "HttpApi");

    private Globals() {}

    /** Merges the section into the resources and keeps the section. */
    static void applyTo(JsonNode template) {
        template.path("Resources").forEach(resource -> {
            var section = SECTIONS.get(resource.path("Type").asText());
            if (section != null) {
                ((ObjectNode) resource)
                        .set("Properties", merge(template.path("Globals").path(section), resource.path("Properties")));
            }
        });
    }

    /** Merges by SAM's rule: objects are merged, lists are concatenated, and the resource overrides any other value. */
    private static JsonNode merge(JsonNode global, JsonNode own) {
        if (own.isMissingNode()) {
            return global.isMissingNode() ? JsonNodeFactory.instance.objectNode() : global;
        }
        if (isMergeable(global) && isMergeable(own)) {
            ObjectNode merged = global.deepCopy();
            own.properties()
                    .forEach(member ->
                            merged.set(member.getKey(), merge(global.path(member.getKey()), member.getValue())));
            return merged;
        }
        if (global.isArray() && own.isArray()) {
            ArrayNode joined = global.deepCopy();
            own.forEach(joined::add);
            return joined;
        }
        return own;
    }

    private static boolean isMergeable(JsonNode node) {
        return node.isObject()
                && node.properties().stream()
                        .noneMatch(member ->
                                member.getKey().equals("Ref") || member.getKey().startsWith("Fn::"));
    }
}
