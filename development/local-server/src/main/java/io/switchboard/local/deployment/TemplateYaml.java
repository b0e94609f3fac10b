package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads CloudFormation YAML. Short forms such as {@code !Ref x} become their long form, {@code {"Ref": "x"}}. */
final class TemplateYaml {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TemplateYaml() {}

    static JsonNode read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new TemplateException("The template " + file
                    + " cannot be read. Run the command in the project's root folder, or specify an existing template");
        }
    }

    static JsonNode parse(String text, String name) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            var tree = JSON.<JsonNode>valueToTree(new Yaml(new ShortForms(options)).load(text));
            if (!tree.isObject()) {
                throw new TemplateException(
                        name + " is not a template. A template must be a YAML mapping with Resources");
            }
            return tree;
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            var position = mark == null ? "" : ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
            throw new TemplateException(name + position + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new TemplateException(name + ": " + e.getMessage());
        }
    }

    private static final class ShortForms extends SafeConstructor {
        ShortForms(LoaderOptions options) {
            super(options);
            yamlMultiConstructors.put("!", new ShortForm());
        }

        private final class ShortForm extends AbstractConstruct {
            @Override
            public Object construct(Node node) {
                var name = node.getTag().getValue().substring(1);
                var longName = name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
                return Map.of(longName, argument(longName, node));
            }

            private Object argument(String name, Node node) {
                return switch (node) {
                    case MappingNode mapping -> constructMapping(mapping);
                    case SequenceNode sequence -> constructSequence(sequence);
                    case ScalarNode scalar
                    when name.equals("Fn::GetAtt") -> List.of(scalar.getValue().split("\\.", 2));
                    case ScalarNode scalar -> scalar.getValue();
                    default -> throw new YAMLException(name + " must not be followed by an alias");
                };
            }
        }
    }
}
