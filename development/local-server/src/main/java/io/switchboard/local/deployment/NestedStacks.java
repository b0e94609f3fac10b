package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a template and its nested stacks as one template. Resources and conditions of nested stacks become part of the
 * outer template, and each parameter is replaced by the stack's argument. A nested resource keeps its logical id if the
 * id is unique in the deployment; otherwise the id is prefixed with the id of the nested stack, as is every condition
 * and mapping.
 */
final class NestedStacks {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> STACKS = Set.of("AWS::CloudFormation::Stack", "AWS::Serverless::Application");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^!}][^}]*)}");

    private final ObjectNode root;
    private final Map<String, NestedStack> stacks = new LinkedHashMap<>();

    /**
     * A nested stack.
     *
     * @param tree the tree of its template, including the stacks nested in it
     * @param arguments the arguments by parameter, as in the outer template
     * @param condition the condition of all its resources, of the outer template; empty for none
     */
    private record NestedStack(String id, ObjectNode tree, Map<String, JsonNode> arguments, String condition) {
        Map<String, String> newNames(Set<String> ambiguous) {
            var names = new HashMap<String, String>();
            tree.path("Resources")
                    .fieldNames()
                    .forEachRemaining(name -> names.put(name, ambiguous.contains(name) ? id + name : name));
            return names;
        }
    }

    private NestedStacks(ObjectNode root) {
        this.root = root;
    }

    /** @throws TemplateException if a template cannot be read, or a nested stack does not match its template */
    static ObjectNode read(Path file) {
        return read(file.toAbsolutePath().normalize(), List.of());
    }

    /** Returns the files of a template and of all nested stacks, the template first. */
    static List<Path> files(Path file) {
        var files = new LinkedHashSet<Path>();
        collect(file.toAbsolutePath().normalize(), files);
        return List.copyOf(files);
    }

    private static void collect(Path file, Set<Path> files) {
        if (files.add(file)) {
            TemplateYaml.read(file)
                    .path("Resources")
                    .forEach(resource -> location(resource)
                            .ifPresent(location ->
                                    collect(file.resolveSibling(location).normalize(), files)));
        }
    }

    private static ObjectNode read(Path file, List<Path> outer) {
        if (outer.contains(file)) {
            throw new TemplateException(file + " is nested in itself");
        }
        var tree = (ObjectNode) TemplateYaml.read(file);
        Globals.applyTo(tree);
        var reader = new NestedStacks(tree);
        tree.path("Resources")
                .properties()
                .forEach(resource -> location(resource.getValue()).ifPresent(location -> {
                    var inner = new ArrayList<>(outer);
                    inner.add(file);
                    reader.add(
                            resource.getKey(),
                            resource.getValue(),
                            read(file.resolveSibling(location).normalize(), inner));
                }));
        reader.merge();
        return tree;
    }

    private static Optional<String> location(JsonNode resource) {
        if (!STACKS.contains(resource.path("Type").asText())) {
            return Optional.empty();
        }
        var properties = resource.path("Properties");
        var location = properties
                .path("TemplateURL")
                .asText(properties.path("Location").asText());
        return location.isEmpty() || location.contains("://") ? Optional.empty() : Optional.of(location);
    }

    private void add(String id, JsonNode declaration, ObjectNode tree) {
        var given = declaration.path("Properties").path("Parameters");
        var declared = tree.path("Parameters");
        given.fieldNames().forEachRemaining(name -> {
            if (!declared.has(name)) {
                throw new TemplateException(id + ": the nested template does not define the parameter " + name);
            }
        });
        var arguments = new LinkedHashMap<String, JsonNode>();
        declared.properties().forEach(parameter -> {
            var name = parameter.getKey();
            var argument =
                    given.has(name) ? given.path(name) : parameter.getValue().path("Default");
            if (argument.isMissingNode()) {
                throw new TemplateException(id + ": the parameter " + name + " has neither a default nor a value");
            }
            if (argument.isValueNode() && !TemplateParameters.isAllowed(parameter.getValue(), argument.asText())) {
                throw new TemplateException(
                        id + ": the parameter " + name + " must not be \"" + argument.asText() + '"');
            }
            boolean isList = parameter.getValue().path("Type").asText().equals("CommaDelimitedList");
            arguments.put(name, isList ? call("Fn::Split", JSON.textNode(","), argument) : argument);
        });
        var condition = declaration.path("Condition").asText();
        tree.path("Resources").properties().forEach(resource -> {
            if (!condition.isEmpty() && resource.getValue().has("Condition")) {
                throw new TemplateException(id + ": a condition on a nested stack and on its resource "
                        + resource.getKey() + " is not supported by the local server");
            }
        });
        stacks.put(id, new NestedStack(id, tree, arguments, condition));
    }

    private void merge() {
        var seen = new TreeSet<String>();
        var ambiguous = new TreeSet<String>();
        root.path("Resources").fieldNames().forEachRemaining(seen::add);
        stacks.values()
                .forEach(stack -> stack.tree().path("Resources").fieldNames().forEachRemaining(name -> {
                    if (!seen.add(name)) {
                        ambiguous.add(name);
                    }
                }));
        var outputs = new HashMap<String, JsonNode>();
        for (var stack : stacks.values()) {
            section("Resources").remove(stack.id());
            var rewriting = new TemplateRewriter(stack, stack.newNames(ambiguous));
            stack.tree().path("Resources").properties().forEach(resource -> {
                var rewritten = rewriting.resource(resource.getValue());
                var name = rewriting.names().getOrDefault(resource.getKey(), resource.getKey());
                if (section("Resources").has(name)) {
                    throw new TemplateException("Two resources of the deployment have the name " + name);
                }
                section("Resources").set(name, rewritten);
            });
            for (var kind : List.of("Conditions", "Mappings")) {
                stack.tree()
                        .path(kind)
                        .properties()
                        .forEach(entry ->
                                section(kind).set(stack.id() + entry.getKey(), rewriting.node(entry.getValue())));
            }
            stack.tree()
                    .path("Outputs")
                    .properties()
                    .forEach(output -> outputs.put(
                            stack.id() + ".Outputs." + output.getKey(),
                            rewriting.node(output.getValue().path("Value"))));
        }
        if (!stacks.isEmpty()) {
            root.fieldNames().forEachRemaining(name -> root.set(name, withOutputs(root.path(name), outputs)));
        }
    }

    private ObjectNode section(String name) {
        return root.withObjectProperty(name);
    }

    /** Returns a copy in which references to outputs of nested stacks are replaced by the outputs. */
    private JsonNode withOutputs(JsonNode node, Map<String, JsonNode> outputs) {
        if (node.isArray()) {
            ArrayNode all = JSON.arrayNode();
            node.forEach(one -> all.add(withOutputs(one, outputs)));
            return all;
        }
        if (!node.isObject()) {
            return node;
        }
        if (node.size() == 1 && node.has("Fn::GetAtt")) {
            var name = node.path("Fn::GetAtt").path(0).asText()
                    + '.'
                    + node.path("Fn::GetAtt").path(1).asText();
            return stacks.containsKey(node.path("Fn::GetAtt").path(0).asText())
                    ? withOutputs(output(name, outputs), outputs)
                    : node;
        }
        ObjectNode all = JSON.objectNode();
        node.properties().forEach(member -> all.set(member.getKey(), withOutputs(member.getValue(), outputs)));
        if (node.size() == 1 && node.has("Fn::Sub")) {
            var text = node.path("Fn::Sub").isArray() ? node.path("Fn::Sub").path(0) : node.path("Fn::Sub");
            var variables = JSON.objectNode();
            PLACEHOLDER
                    .matcher(text.asText())
                    .results()
                    .map(found -> found.group(1))
                    .forEach(name -> {
                        if (name.contains(".") && stacks.containsKey(name.substring(0, name.indexOf('.')))) {
                            variables.set(name, withOutputs(output(name, outputs), outputs));
                        }
                    });
            return substitution(text.asText(), all.path("Fn::Sub").path(1), variables);
        }
        return all;
    }

    private static JsonNode output(String name, Map<String, JsonNode> outputs) {
        var output = outputs.get(name);
        if (output == null) {
            throw new TemplateException("The output " + name + " does not exist");
        }
        return output;
    }

    private static ObjectNode call(String function, JsonNode... arguments) {
        ArrayNode list = JSON.arrayNode();
        for (var argument : arguments) {
            list.add(argument);
        }
        return JSON.objectNode().set(function, list);
    }

    /** Returns {@code Fn::Sub} of a text, with its own and additional variables. */
    private static ObjectNode substitution(String text, JsonNode own, ObjectNode others) {
        ObjectNode variables = others.deepCopy();
        own.properties().forEach(variable -> variables.set(variable.getKey(), variable.getValue()));
        return variables.isEmpty()
                ? JSON.objectNode().put("Fn::Sub", text)
                : call("Fn::Sub", JSON.textNode(text), variables);
    }

    /**
     * Rewrites a nested template for the outer template.
     *
     * @param names the new logical ids by the old ones
     */
    private record TemplateRewriter(NestedStack stack, Map<String, String> names) {
        ObjectNode resource(JsonNode resource) {
            var rewritten = (ObjectNode) node(resource);
            if (resource.path("Condition").isTextual()) {
                rewritten.put(
                        "Condition", stack.id() + resource.path("Condition").asText());
            } else if (!stack.condition().isEmpty()) {
                rewritten.put("Condition", stack.condition());
            }
            if (resource.path("DependsOn").isTextual()) {
                rewritten.put("DependsOn", renamed(resource.path("DependsOn").asText()));
            }
            return rewritten;
        }

        JsonNode node(JsonNode node) {
            if (node.isArray()) {
                ArrayNode all = JSON.arrayNode();
                node.forEach(one -> all.add(node(one)));
                return all;
            }
            if (!node.isObject()) {
                return node;
            }
            if (node.size() == 1) {
                var name = node.fieldNames().next();
                var argument = node.path(name);
                switch (name) {
                    case "Ref" -> {
                        return reference(argument.asText());
                    }
                    case "Fn::GetAtt" -> {
                        return call(
                                name, TextNode.valueOf(renamed(argument.path(0).asText())), argument.path(1));
                    }
                    case "Fn::Sub" -> {
                        return substitute(argument);
                    }
                    case "Fn::If", "Fn::FindInMap" -> {
                        ArrayNode list = (ArrayNode) node(argument);
                        list.set(
                                0,
                                TextNode.valueOf(stack.id() + argument.path(0).asText()));
                        return JSON.objectNode().set(name, list);
                    }
                    case "Condition" -> {
                        if (argument.isTextual()) {
                            return JSON.objectNode().put(name, stack.id() + argument.asText());
                        }
                    }
                    default -> {}
                }
            }
            ObjectNode all = JSON.objectNode();
            node.properties().forEach(member -> all.set(member.getKey(), node(member.getValue())));
            return all;
        }

        private JsonNode reference(String name) {
            var argument = stack.arguments().get(name);
            if (argument != null) {
                return argument;
            }
            // AWS names a nested stack after the outer stack and its own logical id.
            return name.equals("AWS::StackName")
                    ? JSON.objectNode().put("Fn::Sub", "${AWS::StackName}-" + stack.id())
                    : JSON.objectNode().put("Ref", renamed(name));
        }

        /** Returns the new name of a resource, or of a resource's attribute after a dot. */
        private String renamed(String name) {
            int dot = name.indexOf('.');
            var resource = dot < 0 ? name : name.substring(0, dot);
            return names.getOrDefault(resource, resource) + (dot < 0 ? "" : name.substring(dot));
        }

        private JsonNode substitute(JsonNode argument) {
            var text = argument.isArray() ? argument.path(0).asText() : argument.asText();
            var own = argument.isArray() ? node(argument.path(1)) : JSON.objectNode();
            var variables = JSON.objectNode();
            var rewritten = PLACEHOLDER.matcher(text).replaceAll(found -> {
                var name = found.group(1);
                var given = stack.arguments().get(name);
                if (given != null && !own.has(name)) {
                    variables.set(name, given);
                }
                String outer;
                if (own.has(name) || given != null) {
                    outer = "${" + name + '}';
                } else if (name.equals("AWS::StackName")) {
                    outer = "${AWS::StackName}-" + stack.id();
                } else {
                    outer = "${" + renamed(name) + '}';
                }
                return Matcher.quoteReplacement(outer);
            });
            return substitution(rewritten, own, variables);
        }
    }
}
