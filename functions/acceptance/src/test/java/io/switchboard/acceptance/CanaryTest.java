package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What SAM makes of {@code CanaryType} ({@code docs/decisions/0009-canary.md}). LocalStack has no CodeDeploy, so it is the
 * transformed template that is looked at, as {@code sam validate --debug} shows it.
 */
@NeedsContainerTools
class CanaryTest {
    /** SAM's transformation on a machine takes defaults only: so the value, and one for each parameter without, become the default. */
    @ParameterizedTest
    @CsvSource({"None, 0", "Canary10Percent10Minutes, 3", "Linear10PercentEvery1Minute, 3"})
    void a_release_is_shifted_by_code_deploy_only_where_a_canary_is_asked_for(String canaryType, int functions) {
        var checkout = Checkout.of(
                "canary",
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
        var transformed = checkout.run("sam validate --debug --config-env none", Duration.ofMinutes(1))
                .succeeded()
                .output();

        assertThat(transformed).contains("Translated template is:", "Type: AWS::Lambda::Alias");
        assertThat(count(transformed, "Type: AWS::CodeDeploy::DeploymentGroup")).isEqualTo(functions);
        assertThat(count(transformed, "CodeDeployLambdaAliasUpdate:")).isEqualTo(functions);
        assertThat(count(transformed, "CodeDeployDefault.Lambda")).isEqualTo(functions);
        assertThat(count(transformed, "Type: AWS::CodeDeploy::Application")).isEqualTo(functions == 0 ? 0 : 1);
    }

    private static long count(String text, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }
}
