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
 * What SAM makes of the template where LocalStack cannot show it: a canary, since it has no CodeDeploy, and roles, since it lets
 * everybody do everything. {@code sam validate --debug} shows the transformed template.
 */
@NeedsContainerTools
class TransformedTemplateTest {
    /** {@code docs/decisions/0009-canary.md}. */
    @ParameterizedTest
    @ValueSource(strings = {"None", "Canary10Percent10Minutes", "Linear10PercentEvery1Minute"})
    void a_release_is_shifted_by_code_deploy_only_where_a_canary_is_asked_for(String canaryType) {
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

    /** Beside the statements of the template, which {@code LeastPrivilegeTest} holds against what the function does. */
    @ParameterizedTest
    @MethodSource("functions")
    void a_functions_role_holds_what_sam_adds_by_itself_and_nothing_else(String function) {
        var role = properties(Objects.requireNonNull(transformed("None").get(function + "Role")));

        assertThat(role.keySet())
                .containsExactlyInAnyOrder("AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies", "Tags");
        assertThat(role.get("ManagedPolicyArns"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder(
                        // The function's log reaches CloudWatch, and Lambda can send its traces.
                        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                        "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess");
        assertThat(String.valueOf(role.get("Policies"))).contains("dynamodb:").doesNotContain("Resource=*");
    }

    private static List<String> functions() {
        return List.copyOf(Checkout.deployment().functions().keySet());
    }

    /** On a machine SAM transforms with defaults only: so the value, and one for the parameter without, become the default. */
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

        // The stages of samconfig.toml have it lint, and then it transforms nothing.
        var output = checkout.run("sam validate --debug --config-env none", Duration.ofMinutes(1))
                .succeeded()
                .output();

        // Its lines are indented or begin with a section's name; what SAM says next is neither.
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

    @SuppressWarnings("unchecked") // names in YAML are text here
    private static Map<String, Object> members(@Nullable Object node) {
        assertThat(node).isInstanceOf(Map.class);
        return (Map<String, Object>) Objects.requireNonNull(node);
    }
}
