package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A SAM template with its nested stacks ({@link NestedStacks}), intrinsic functions in their long form, {@code Globals}
 * merged into the functions ({@link Globals}).
 */
record SamTemplate(JsonNode tree) {
    static final String ALARM = "AWS::CloudWatch::Alarm";
    static final String EVENT_SOURCE_MAPPING = "AWS::Lambda::EventSourceMapping";
    static final String FUNCTION = "AWS::Serverless::Function";
    static final String HTTP_API = "AWS::Serverless::HttpApi";
    static final String LOG_GROUP = "AWS::Logs::LogGroup";
    static final String QUEUE = "AWS::SQS::Queue";
    static final String PUSH_API = "AWS::AppSync::Api";
    static final String PUSH_CHANNELS = "AWS::AppSync::ChannelNamespace";
    static final String TABLE = "AWS::DynamoDB::Table";

    /** @throws TemplateException if a template cannot be read, or a nested stack does not match its template */
    static SamTemplate read(Path file) {
        return new SamTemplate(NestedStacks.read(file));
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

    /** Returns the logical ids of the resources of a type, in the template's order. */
    List<String> resourcesOfType(String type) {
        var logicalIds = new ArrayList<String>();
        resources().properties().forEach(resource -> {
            if (resource.getValue().path("Type").asText().equals(type)) {
                logicalIds.add(resource.getKey());
            }
        });
        return logicalIds;
    }

    /** Returns a resource's properties, including those from {@code Globals}. */
    JsonNode properties(String logicalId) {
        var properties = resources().path(logicalId).path("Properties");
        return properties.isMissingNode() ? JsonNodeFactory.instance.objectNode() : properties;
    }
}
