package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Tests the transformed template for features that LocalStack does not support: canaries, because it has no CodeDeploy,
 * and roles, because it does not enforce permissions. {@code sam validate --debug} prints the transformed template.
 */
@NeedsContainerTools
class TransformedTemplateTest {
    /** {@code docs/decisions/0009-canary.md}. */
    @ParameterizedTest
    @ValueSource(strings = {"None", "Canary10Percent10Minutes", "Linear10PercentEvery1Minute"})
    void release_uses_code_deploy_only_with_a_canary_type(String canaryType) {
        var resources = transformed(canaryType);
        int functions = canaryType.equals("None") ? 0 : functions().size();

        assertThat(ofType(resources, "AWS::Lambda::Alias")).hasSize(functions().size());
        assertThat(ofType(resources, "AWS::Lambda::Alias"))
                .filteredOn(alias -> alias.containsKey("UpdatePolicy"))
                .hasSize(functions);
        assertThat(ofType(resources, "AWS::CodeDeploy::DeploymentGroup"))
                .hasSize(functions)
                .allSatisfy(group ->
                        assertThat(String.valueOf(group)).contains("CodeDeployDefault.Lambda", canaryType, "Errors"));
        assertThat(ofType(resources, "AWS::CodeDeploy::Application")).hasSize(functions == 0 ? 0 : 1);
    }

    /**
     * Checks the policies that SAM adds. {@code LeastPrivilegeTest} compares the template's statements with the
     * function's actions.
     */
    @ParameterizedTest
    @MethodSource("functions")
    void role_of_a_function_has_only_the_policies_added_by_sam(String function) {
        var role = properties(Objects.requireNonNull(transformed("None").get(function + "Role")));

        assertThat(role.keySet())
                .containsExactlyInAnyOrder("AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies", "Tags");
        assertThat(role.get("ManagedPolicyArns"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder(
                        // The policies let the function log to CloudWatch and Lambda send its traces.
                        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                        "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess");
        assertThat(String.valueOf(role.get("Policies"))).contains("dynamodb:").doesNotContain("Resource=*");
    }

    private static List<String> functions() {
        return List.copyOf(Checkout.deployment().functions().keySet());
    }

    /**
     * Returns the transformed template. Locally, SAM transforms with default values only, so the value, and one for the
     * parameter without a default, become defaults.
     */
    private static Map<String, Object> transformed(String canaryType) {
        var checkout = Checkout.of(
                "transformed",
                Map.of(
                        "AWS_ACCESS_KEY_ID", "none",
                        "AWS_SECRET_ACCESS_KEY", "none",
                        "AWS_DEFAULT_REGION", "us-east-1",
                        "AWS_EC2_METADATA_DISABLED", "true"));
        checkout.replace("template.yaml", "    Default: None\n", "    Default: " + canaryType + "\n");
        checkout.replace(
                "template.yaml",
                "    ConstraintDescription: ReleaseId must",
                "    Default: release\n    ConstraintDescription: ReleaseId must");

        // The stages of samconfig.toml enable linting, and then SAM does not transform.
        var output = checkout.run("sam validate --debug --config-env none", Duration.ofMinutes(1))
                .succeeded()
                .output();

        // The template's lines are indented or begin with a section name. SAM's later output does not.
        String yaml = output.lines()
                .dropWhile(line -> !line.endsWith("Translated template is:"))
                .skip(1)
                .takeWhile(line ->
                        line.isEmpty() || " -".indexOf(line.charAt(0)) >= 0 || line.matches("[A-Z][A-Za-z0-9]+:.*"))
                .collect(Collectors.joining("\n"));
        assertThat(yaml).as(output).contains("Resources:");
        Map<String, Object> template = new Yaml().load(yaml);
        return members(template.get("Resources"));
    }

    private static List<Map<String, Object>> ofType(Map<String, Object> resources, String type) {
        var found = new ArrayList<Map<String, Object>>();
        for (Object resource : resources.values()) {
            if (type.equals(members(resource).get("Type"))) {
                found.add(members(resource));
            }
        }
        return found;
    }

    private static Map<String, Object> properties(Object resource) {
        return members(members(resource).get("Properties"));
    }

    @SuppressWarnings("unchecked") // all names in this YAML are strings
    private static Map<String, Object> members(@Nullable Object node) {
        assertThat(node).isInstanceOf(Map.class);
        return (Map<String, Object>) Objects.requireNonNull(node);
    }
}
