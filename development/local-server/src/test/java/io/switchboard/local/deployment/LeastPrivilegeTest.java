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
 * Tests that each function has exactly the DynamoDB and Secrets Manager permissions that it uses in all suites,
 * including priming: none is missing, none is unused. Runs after all other tests of the build, which record the actions
 * they perform ({@link DynamoDbAccess}).
 */
@Tag("after-all-suites")
class LeastPrivilegeTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final SamTemplate TEMPLATE = SamTemplate.read(ROOT.resolve("template.yaml"));

    /** Policies that the template does not list and whose actions no suite performs. */
    private static final List<AwsPolicy> ALLOWED = List.of(
            new AwsPolicy(
                    "AWSLambdaBasicExecutionRole",
                    "SAM attaches it to every role it creates, so that the function's log reaches CloudWatch",
                    properties -> !properties.has("Role") && properties.has("LoggingConfig")),
            new AwsPolicy(
                    "AWSXrayWriteOnlyAccess",
                    "SAM attaches it if tracing is enabled, so that Lambda can send the function's traces",
                    properties -> properties.path("Tracing").asText().equals("Active")));

    /**
     * An AWS policy that a role has in addition to its statements.
     *
     * @param policy the name of the AWS policy
     * @param isGiven whether SAM attaches it to a function with these properties
     */
    private record AwsPolicy(String policy, String reason, Predicate<JsonNode> isGiven) {}

    static List<String> functions() {
        return TEMPLATE.resourcesOfType(SamTemplate.FUNCTION);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void function_has_exactly_the_permissions_it_uses(String function) {
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
                    The statements of %s in the template must allow exactly the actions that it performed in all suites.
                    Remove an unused permission or write the test that needs it. Add a missing permission.\
                    """, function).isEqualTo(performed);
    }

    /**
     * Returns the actions that Lambda performs in the function's name to read a table's stream or a queue. No suite
     * observes them.
     */
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

    /**
     * Returns the allowed actions: of a table by its name, of an index by the table's and its own name, of a secret by
     * its parameter's name.
     */
    private static Map<String, Set<String>> allowed(String function) {
        Map<String, Set<String>> allowed = new TreeMap<>();
        for (JsonNode policy : TEMPLATE.properties(function).path("Policies")) {
            for (JsonNode declared : policy.path("Statement")) {
                // Suites run with and without the conditional statements of the template.
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
    void function_has_only_known_aws_policies(String function) {
        JsonNode properties = TEMPLATE.properties(function);
        assertThat(ALLOWED)
                .allSatisfy(allowed -> assertThat(allowed.isGiven.test(properties))
                        .as("%s is on the list because %s", allowed.policy, allowed.reason)
                        .isTrue());
        assertThat(properties.path("Policies"))
                .allSatisfy(policy -> assertThat(policy.has("Statement"))
                        .as("own statements instead of the policy %s", policy)
                        .isTrue());
    }

    /** Returns the records of all modules' tests, which only a complete build produces. */
    private static List<String> records() {
        List<String> records = new ArrayList<>();
        for (Path module : modules()) {
            Path file = module.resolve("target/dynamodb-access.txt");
            List<String> lines = lines(file);
            if (lines.isEmpty() || !lines.getFirst().equals(DynamoDbAccess.WHOLE)) {
                without(module, lines.isEmpty() ? "its tests have not run" : lines.getFirst());
            } else if (isOlder(file, module) || isOlder(file, ROOT.resolve("functions/core"))) {
                without(module, "it was rebuilt after its tests ran");
            }
            records.addAll(lines.subList(1, lines.size()));
        }
        return records;
    }

    private static void without(Path module, String why) {
        String message =
                "The record of the DynamoDB actions of all tests of %s is missing (%s). Run mvn verify for all modules"
                        .formatted(ROOT.relativize(module), why);
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        abort(message);
    }

    /** Returns the modules that build the functions' zip files, and this module, which runs all functions. */
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
