package io.switchboard.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads the YAML of the tables of {@code events/}. Only JSON values have a type: {@code true}, {@code false},
 * {@code null} and the numbers of JSON. Everything else is text, including dates, {@code yes} and {@code 010}. A
 * mapping must not have duplicate names. There are two tags:
 *
 * <ul>
 *   <li>{@code !pieces [https://a.example/, [x, 2048]]}: a long string in pieces; a pair is a string and the number of
 *       its repetitions
 *   <li>{@code !set [a, b]}: a string set of DynamoDB
 * </ul>
 */
final class EventYaml {
    private static final int ALIASES = 1_000;

    private EventYaml() {}

    /**
     * Returns the object in a file.
     *
     * @throws IllegalArgumentException if the file is not one object; its message has the file and the line
     */
    static TableEntry read(Path file) {
        String place = "events/" + file.getFileName();
        try {
            return parse(Files.readString(file), place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the object in a text, with its location for messages. */
    static TableEntry parse(String text, String place) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(ALIASES);
        DumperOptions unused = new DumperOptions();
        try {
            return TableEntry.of(
                    place,
                    new Yaml(new Tags(options), new Representer(unused), unused, options, new JsonTypes()).load(text));
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            throw new IllegalArgumentException(
                    place + (mark == null ? "" : ", line " + (mark.getLine() + 1)) + ": " + e.getProblem()
                            + ". Correct it",
                    e);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage() + ". Correct it", e);
        }
    }

    private static final class JsonTypes extends Resolver {
        private static final Pattern INTEGER = Pattern.compile("-?(?:0|[1-9][0-9]*)");
        private static final Pattern DECIMAL =
                Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|false"), "tf");
            addImplicitResolver(Tag.NULL, Pattern.compile("null"), "n");
            addImplicitResolver(Tag.INT, INTEGER, "-0123456789");
            addImplicitResolver(Tag.FLOAT, DECIMAL, "-0123456789");
        }
    }

    private static final class Tags extends SafeConstructor {
        Tags(LoaderOptions options) {
            super(options);
            yamlConstructors.put(new Tag("!pieces"), new Pieces());
            yamlConstructors.put(new Tag("!set"), new TextSet());
        }

        private List<?> elements(Node node, String problem) {
            if (node instanceof SequenceNode sequence) {
                return constructSequence(sequence);
            }
            throw new MarkedProblem(problem, node);
        }

        private final class Pieces extends AbstractConstruct {
            private static final String EXPECTED = "!pieces needs a list of strings and pairs such as [x, 2048]";

            @Override
            public Object construct(Node node) {
                StringBuilder text = new StringBuilder();
                for (Object piece : elements(node, EXPECTED)) {
                    if (piece instanceof String once) {
                        text.append(once);
                    } else if (piece instanceof List<?> pair
                            && pair.size() == 2
                            && pair.getFirst() instanceof String repeated
                            && pair.getLast() instanceof Integer times) {
                        text.repeat(repeated, times);
                    } else {
                        throw new MarkedProblem(EXPECTED, node);
                    }
                }
                return text.toString();
            }
        }

        private final class TextSet extends AbstractConstruct {
            private static final String EXPECTED = "!set needs a list of strings";

            @Override
            public Object construct(Node node) {
                Set<String> texts = new LinkedHashSet<>();
                for (Object element : elements(node, EXPECTED)) {
                    if (!(element instanceof String text)) {
                        throw new MarkedProblem(EXPECTED, node);
                    }
                    texts.add(text);
                }
                return texts;
            }
        }
    }

    private static final class MarkedProblem extends MarkedYAMLException {
        private static final long serialVersionUID = 1;

        MarkedProblem(String problem, Node node) {
            super(null, null, problem, node.getStartMark());
        }
    }
}
