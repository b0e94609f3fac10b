package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates CloudFormation's intrinsic functions for the local server: a resource is its logical id, a queue is its
 * URL, and pseudo parameters are constants. An unsupported function is an error that names it.
 */
final class Intrinsics {
    static final String REGION = "us-east-1";
    static final String ACCOUNT = "000000000000";
    static final String QUEUES = "https://sqs." + REGION + ".amazonaws.com/" + ACCOUNT + '/';

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonNode NO_VALUE = MissingNode.getInstance();
    private static final Map<String, String> PSEUDO_PARAMETERS = Map.of(
            "AWS::AccountId",
            ACCOUNT,
            "AWS::Partition",
            "aws",
            "AWS::Region",
            REGION,
            "AWS::StackId",
            "arn:aws:cloudformation:" + REGION + ':' + ACCOUNT + ":stack/switchboard/local",
            "AWS::StackName",
            "switchboard",
            "AWS::URLSuffix",
            "amazonaws.com");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]*)}");

    private final TemplateParameters parameters;
    private final JsonNode conditions;
    private final JsonNode resources;
    private final String queues;
    private final Set<String> conditionsBeingEvaluated = new LinkedHashSet<>();

    Intrinsics(TemplateParameters parameters, JsonNode conditions, JsonNode resources) {
        this(parameters, conditions, resources, QUEUES);
    }

    /** @param queues the prefix of every queue URL, up to the queue's name */
    Intrinsics(TemplateParameters parameters, JsonNode conditions, JsonNode resources, String queues) {
        this.parameters = parameters;
        this.conditions = conditions;
        this.resources = resources;
        this.queues = queues;
    }

    /**
     * Returns the tree with all intrinsic functions evaluated. Members and elements with {@code AWS::NoValue} are
     * removed.
     */
    JsonNode resolve(JsonNode node, String where) {
        if (node.isArray()) {
            return resolveAll(node, where);
        }
        if (!node.isObject()) {
            return node;
        }
        var name = functionName(node);
        if (!name.isEmpty()) {
            return call(name, node.path(name), where);
        }
        var resolved = JSON.objectNode();
        node.properties().forEach(member -> {
            var value = resolve(member.getValue(), where + '.' + member.getKey());
            if (!value.isMissingNode()) {
                resolved.set(member.getKey(), value);
            }
        });
        return resolved;
    }

    /** Returns whether a condition of the template is true. */
    boolean holds(String condition) {
        var declared = conditions.path(condition);
        if (declared.isMissingNode()) {
            throw new TemplateException("The template does not define the condition " + condition);
        }
        if (!conditionsBeingEvaluated.add(condition)) {
            throw new TemplateException(
                    "Conditions refer to one another in a cycle: " + String.join(", ", conditionsBeingEvaluated));
        }
        try {
            return evaluate(declared, "Conditions." + condition);
        } finally {
            conditionsBeingEvaluated.remove(condition);
        }
    }

    private static String functionName(JsonNode node) {
        if (node.size() != 1) {
            return "";
        }
        var name = node.fieldNames().next();
        return name.equals("Ref") || name.startsWith("Fn::") ? name : "";
    }

    private ArrayNode resolveAll(JsonNode nodes, String where) {
        var resolved = JSON.arrayNode();
        for (int i = 0; i < nodes.size(); i++) {
            var value = resolve(nodes.path(i), where + '[' + i + ']');
            if (!value.isMissingNode()) {
                resolved.add(value);
            }
        }
        return resolved;
    }

    private JsonNode call(String name, JsonNode argument, String where) {
        return switch (name) {
            case "Ref" -> reference(argument.asText(), where);
            case "Fn::GetAtt" -> attribute(argument, where);
            case "Fn::If" -> {
                requireSize(name, argument, 3, 3, where);
                yield resolve(argument.path(holds(argument.path(0).asText()) ? 1 : 2), where);
            }
            case "Fn::Join" -> {
                requireSize(name, argument, 2, 2, where);
                yield TextNode.valueOf(String.join(argument.path(0).asText(), texts(argument.path(1), where)));
            }
            case "Fn::Split" -> {
                requireSize(name, argument, 2, 2, where);
                var parts = JSON.arrayNode();
                var delimiter = Pattern.quote(argument.path(0).asText());
                for (var part : text(argument.path(1), where).split(delimiter, -1)) {
                    parts.add(part);
                }
                yield parts;
            }
            case "Fn::Select" -> {
                requireSize(name, argument, 2, 2, where);
                var list = resolve(argument.path(1), where);
                int index = argument.path(0).asInt(-1);
                if (index < 0 || index >= list.size()) {
                    throw new TemplateException(where + ": Fn::Select has no element " + argument.path(0));
                }
                yield list.path(index);
            }
            case "Fn::Sub" -> substitute(argument, where);
            case "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or" ->
                throw new TemplateException(where + ": " + name + " is allowed in Conditions only");
            default -> throw unsupported(name, where);
        };
    }

    private boolean evaluate(JsonNode node, String where) {
        if (!node.isObject() || node.size() != 1) {
            throw new TemplateException(
                    where + ": a condition must be one Fn::Equals, Fn::Not, Fn::And, Fn::Or or Condition");
        }
        var name = node.fieldNames().next();
        var argument = node.path(name);
        return switch (name) {
            case "Condition" -> holds(argument.asText());
            case "Fn::Equals" -> {
                requireSize(name, argument, 2, 2, where);
                yield text(argument.path(0), where).equals(text(argument.path(1), where));
            }
            case "Fn::Not" -> {
                requireSize(name, argument, 1, 1, where);
                yield !evaluate(argument.path(0), where);
            }
            case "Fn::And" -> {
                requireSize(name, argument, 2, 10, where);
                yield evaluateAll(argument, where).stream().allMatch(held -> held);
            }
            case "Fn::Or" -> {
                requireSize(name, argument, 2, 10, where);
                yield evaluateAll(argument, where).stream().anyMatch(held -> held);
            }
            default -> throw unsupported(name, where);
        };
    }

    private List<Boolean> evaluateAll(JsonNode nodes, String where) {
        var values = new ArrayList<Boolean>();
        nodes.forEach(node -> values.add(evaluate(node, where)));
        return values;
    }

    private JsonNode reference(String name, String where) {
        if (name.equals("AWS::NoValue")) {
            return NO_VALUE;
        }
        var pseudo = PSEUDO_PARAMETERS.get(name);
        if (pseudo != null) {
            return TextNode.valueOf(pseudo);
        }
        var parameter = parameters.get(name);
        if (parameter != null) {
            return switch (parameter) {
                case TemplateParameters.Text one -> TextNode.valueOf(one.text());
                case TemplateParameters.Texts several -> {
                    var texts = JSON.arrayNode();
                    several.texts().forEach(texts::add);
                    yield texts;
                }
            };
        }
        if (resources.has(name)) {
            boolean isQueue = resources.path(name).path("Type").asText().equals(SamTemplate.QUEUE);
            return TextNode.valueOf(isQueue ? queues + name : name);
        }
        throw new TemplateException(where + ": Ref " + name + " is neither a parameter nor a resource of the template");
    }

    private JsonNode attribute(JsonNode argument, String where) {
        requireSize("Fn::GetAtt", argument, 2, 2, where);
        return attribute(argument.path(0).asText(), argument.path(1).asText(), where);
    }

    private JsonNode attribute(String resource, String attribute, String where) {
        var type = resources.path(resource).path("Type").asText();
        var value =
                switch (type + ' ' + attribute) {
                    case SamTemplate.TABLE + " Arn" -> arn("dynamodb", "table/" + resource);
                    case SamTemplate.TABLE + " StreamArn" -> arn("dynamodb", "table/" + resource + "/stream/local");
                    case SamTemplate.QUEUE + " Arn" -> arn("sqs", resource);
                    case SamTemplate.QUEUE + " QueueName" -> resource;
                    case SamTemplate.FUNCTION + " Arn" -> arn("lambda", "function:" + resource);
                    case SamTemplate.PUSH_API + " ApiId" -> resource;
                    case SamTemplate.PUSH_API + " Dns.Http" -> resource + ".appsync-api.amazonaws.com";
                    case SamTemplate.PUSH_API + " Dns.Realtime" -> resource + ".appsync-realtime-api.amazonaws.com";
                    case SamTemplate.PUSH_CHANNELS + " ChannelNamespaceArn" ->
                        arn("appsync", "apis/PushApi/channelNamespace/" + resource);
                    default ->
                        throw new TemplateException(
                                where + ": Fn::GetAtt " + resource + '.' + attribute
                                        + " is not supported by the local server. Supported are Arn of tables, queues and functions, StreamArn, QueueName, and the domains of push");
                };
        return TextNode.valueOf(value);
    }

    private static String arn(String service, String resource) {
        return "arn:aws:" + service + ':' + REGION + ':' + ACCOUNT + ':' + resource;
    }

    private JsonNode substitute(JsonNode argument, String where) {
        if (argument.isArray()) {
            requireSize("Fn::Sub", argument, 2, 2, where);
        }
        var template = argument.isArray() ? argument.path(0).asText() : argument.asText();
        var own = argument.isArray() ? argument.path(1) : JSON.objectNode();
        var result = PLACEHOLDER.matcher(template).replaceAll(placeholder -> {
            var name = placeholder.group(2);
            if (!placeholder.group(1).isEmpty()) {
                return Matcher.quoteReplacement("${" + name + '}');
            }
            if (own.has(name)) {
                return Matcher.quoteReplacement(text(own.path(name), where));
            }
            var dot = name.indexOf('.');
            var value = dot < 0
                    ? reference(name, where)
                    : attribute(name.substring(0, dot), name.substring(dot + 1), where);
            if (!value.isTextual()) {
                throw new TemplateException(
                        where + ": Fn::Sub does not accept " + name + ", which is a list or AWS::NoValue");
            }
            return Matcher.quoteReplacement(value.asText());
        });
        return TextNode.valueOf(result);
    }

    private String text(JsonNode node, String where) {
        var value = resolve(node, where);
        if (!value.isValueNode()) {
            throw new TemplateException(where + ": the value must be a string, not a list, an object or AWS::NoValue");
        }
        return value.asText();
    }

    private List<String> texts(JsonNode node, String where) {
        var value = resolve(node, where);
        if (!value.isArray()) {
            throw new TemplateException(where + ": the value must be a list of strings");
        }
        var texts = new ArrayList<String>();
        value.forEach(item -> texts.add(text(item, where)));
        return texts;
    }

    private static void requireSize(String name, JsonNode argument, int least, int most, String where) {
        if (!argument.isArray() || argument.size() < least || argument.size() > most) {
            throw new TemplateException("%s: %s must be a list of %s elements"
                    .formatted(where, name, least == most ? least : least + " to " + most));
        }
    }

    private static TemplateException unsupported(String name, String where) {
        return new TemplateException(
                where + ": " + name
                        + " is not supported by the local server. Supported are Ref, Condition and Fn::And, Equals, GetAtt, If, Join, Not, Or, Select, Split, Sub");
    }
}
