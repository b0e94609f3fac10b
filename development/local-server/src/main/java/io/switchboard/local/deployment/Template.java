package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A SAM template as it stands, intrinsic functions in their long form, {@code Globals} merged into the functions as SAM does. */
record Template(JsonNode tree) {
    static final String EVENT_SOURCE_MAPPING = "AWS::Lambda::EventSourceMapping";
    static final String FUNCTION = "AWS::Serverless::Function";
    static final String HTTP_API = "AWS::Serverless::HttpApi";
    static final String LOG_GROUP = "AWS::Logs::LogGroup";
    static final String QUEUE = "AWS::SQS::Queue";
    static final String TABLE = "AWS::DynamoDB::Table";

    static Template read(Path file) {
        return new Template(TemplateYaml.read(file));
    }

    JsonNode parameters() {
        return tree.path("Parameters");
    }

    JsonNode conditions() {
        return tree.path("Conditions");
    }

    JsonNode resources() {
        return tree.path("Resources");
    }

    /** Logical ids of the resources of a type, in the template's order. */
    List<String> resourcesOfType(String type) {
        var logicalIds = new ArrayList<String>();
        resources().properties().forEach(resource -> {
            if (resource.getValue().path("Type").asText().equals(type)) {
                logicalIds.add(resource.getKey());
            }
        });
        return logicalIds;
    }

    /** A resource's properties, with what {@code Globals} adds to them. */
    JsonNode properties(String logicalId) {
        var resource = resources().path(logicalId);
        var section =
                switch (resource.path("Type").asText()) {
                    case FUNCTION -> "Function";
                    case HTTP_API -> "HttpApi";
                    default -> "";
                };
        return merge(tree.path("Globals").path(section), resource.path("Properties"));
    }

    /** SAM's rule: objects are merged, lists joined, anything else is overridden by the resource. */
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
