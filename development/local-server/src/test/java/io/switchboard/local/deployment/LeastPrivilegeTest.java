package io.switchboard.local.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.switchboard.replay.DynamoDbAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each function may do with DynamoDB and Secrets Manager is what it does in all suites, priming included: nothing is missing, nothing is unused.
 * Runs after all other tests of the build, which leave records of what they did ({@link DynamoDbAccess}).
 */
@Tag("after-all-suites")
class LeastPrivilegeTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final SamTemplate TEMPLATE = SamTemplate.read(ROOT.resolve("template.yaml"));

    /** Policies the template does not name, whose actions no suite performs. */
    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(
                    "AWSLambdaBasicExecutionRole",
                    "SAM attaches it to every role it makes, so that the function's log reaches CloudWatch",
                    properties -> !properties.has("Role") && properties.has("LoggingConfig")),
            new Allowed(
                    "AWSXrayWriteOnlyAccess",
                    "SAM attaches it where tracing is on, so that Lambda can send the function's traces",
                    properties -> properties.path("Tracing").asText().equals("Active")));

    /**
     * What a role holds besides its statements.
     *
     * @param policy of AWS, by its name
     * @param isGiven whether SAM gives it to a function with these properties
     */
    private record Allowed(String policy, String reason, Predicate<JsonNode> isGiven) {}

    static List<String> functions() {
        return TEMPLATE.resourcesOfType(SamTemplate.FUNCTION);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void a_function_may_do_exactly_what_it_does(String function) {
        Map<String, Set<String>> performed = new TreeMap<>();
        for (String record : records()) {
            String[] parts = record.split(" ", -1);
            if (parts[0].equals(function)) {
                performed
                        .computeIfAbsent(parts[1], any -> new TreeSet<>())
                        .add(parts[2].contains(":") ? parts[2] : "dynamodb:" + parts[2]);
            }
        }
        performedByLambda(function)
                .forEach((resource, actions) -> performed
                        .computeIfAbsent(resource, any -> new TreeSet<>())
                        .addAll(actions));

        assertThat(allowed(function)).as("""
                    What the statements of %s in the template allow, against what the function did in all suites.
                    Where the template has more, take it out, or write the test that needs it; where it has less, add it.\
                    """, function).isEqualTo(performed);
    }

    /** What Lambda does in the function's name where the function is invoked by a table's stream or a queue; no suite sees that. */
    private static Map<String, Set<String>> performedByLambda(String function) {
        Map<String, Set<String>> performed = new TreeMap<>();
        for (String mapping : TEMPLATE.resourcesOfType(SamTemplate.EVENT_SOURCE_MAPPING)) {
            JsonNode properties = TEMPLATE.properties(mapping);
            if (!properties.path("FunctionName").path("Fn::Sub").asText().equals("${" + function + ".Arn}:live")) {
                continue;
            }
            if (TEMPLATE.resourcesOfType(SamTemplate.QUEUE).contains(name(properties.path("EventSourceArn")))) {
                performed.put(
                        name(properties.path("EventSourceArn")),
                        Set.of("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"));
            } else {
                performed.put(
                        name(properties.path("EventSourceArn")),
                        Set.of(
                                "dynamodb:DescribeStream",
                                "dynamodb:GetRecords",
                                "dynamodb:GetShardIterator",
                                "dynamodb:ListStreams"));
                performed.put(
                        name(properties
                                .path("DestinationConfig")
                                .path("OnFailure")
                                .path("Destination")),
                        Set.of("sqs:SendMessage"));
            }
        }
        return performed;
    }

    @Test
    void only_functions_of_the_template_are_recorded() {
        assertThat(records())
                .allSatisfy(record -> assertThat(functions()).contains(record.substring(0, record.indexOf(' '))));
    }

    /** A table's actions, an index's under the table's name and its own, a secret's under its parameter's. */
    private static Map<String, Set<String>> allowed(String function) {
        Map<String, Set<String>> allowed = new TreeMap<>();
        for (JsonNode policy : TEMPLATE.properties(function).path("Policies")) {
            for (JsonNode declared : policy.path("Statement")) {
                // Suites run with what the template makes conditional, and without it.
                JsonNode statement =
                        declared.has("Fn::If") ? declared.path("Fn::If").path(1) : declared;
                List<JsonNode> resources = new ArrayList<>();
                JsonNode resource = statement.path("Resource");
                if (resource.isArray()) {
                    resource.forEach(resources::add);
                } else {
                    resources.add(resource);
                }
                for (JsonNode each : resources) {
                    statement
                            .path("Action")
                            .forEach(action -> allowed.computeIfAbsent(name(each), any -> new TreeSet<>())
                                    .add(action.asText()));
                }
            }
        }
        return allowed;
    }

    private static String name(JsonNode resource) {
        if (resource.has("Ref")) {
            return resource.path("Ref").asText();
        }
        JsonNode table = resource.path("Fn::GetAtt");
        return table.isArray()
                ? table.path(0).asText()
                : resource.path("Fn::Sub").asText().replaceAll("\\$\\{(\\w+)\\.Arn}(/)?(index/)?", "$1$2");
    }

    @ParameterizedTest
    @MethodSource("functions")
    void what_sam_adds_by_itself_is_known_and_nothing_else_is_named(String function) {
        JsonNode properties = TEMPLATE.properties(function);
        assertThat(ALLOWED)
                .allSatisfy(allowed -> assertThat(allowed.isGiven.test(properties))
                        .as("%s is on the list because %s", allowed.policy, allowed.reason)
                        .isTrue());
        assertThat(properties.path("Policies"))
                .allSatisfy(policy -> assertThat(policy.has("Statement"))
                        .as("statements of its own, rather than %s", policy)
                        .isTrue());
    }

    /** What all modules' tests recorded; without a whole build there is nothing to judge by. */
    private static List<String> records() {
        List<String> records = new ArrayList<>();
        for (Path module : modules()) {
            Path file = module.resolve("target/dynamodb-access.txt");
            List<String> lines = lines(file);
            if (lines.isEmpty() || !lines.getFirst().equals(DynamoDbAccess.WHOLE)) {
                without(module, lines.isEmpty() ? "its tests have not run" : lines.getFirst());
            } else if (isOlder(file, module) || isOlder(file, ROOT.resolve("functions/core"))) {
                without(module, "it was built anew since its tests ran");
            }
            records.addAll(lines.subList(1, lines.size()));
        }
        return records;
    }

    private static void without(Path module, String why) {
        String message = "No record of what all tests of %s do with DynamoDB (%s): run mvn verify for all modules"
                .formatted(ROOT.relativize(module), why);
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        abort(message);
    }

    /** Those the functions' zips come from, and this one, which runs them all. */
    private static Set<Path> modules() {
        Set<Path> modules = new TreeSet<>();
        modules.add(ROOT.resolve("development/local-server"));
        for (String function : functions()) {
            Path zip =
                    ROOT.resolve(TEMPLATE.properties(function).path("CodeUri").asText());
            modules.add(requireNonNull(requireNonNull(zip.getParent()).getParent()));
        }
        return modules;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOlder(Path file, Path module) {
        return modified(file).compareTo(newest(module.resolve("target/classes"))) < 0;
    }

    private static FileTime newest(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(LeastPrivilegeTest::modified)
                    .max(FileTime::compareTo)
                    .orElse(FileTime.fromMillis(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
