package io.switchboard.local.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.DocumentationPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the commands of the operations guide fit the template. */
class OperationsGuideTest {
    private static final String GUIDE = "docs/how-to/operate.md";
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final Map<String, String> REQUIRED = Map.of(
            "Issuer", "https://login.example.com/v2.0",
            "Audience", "switchboard",
            "ReleaseId", "1");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"Sessions", "Templates", "CallRecords"})
    void template_for_a_restored_table_refers_to_it_everywhere_and_does_not_define_it(String table) throws Exception {
        var command = DocumentationPage.read(GUIDE).commands("sed ").stream()
                .filter(each -> each.endsWith("> restored.yaml"))
                .findFirst()
                .orElseThrow()
                .replace("Sessions", table);
        for (var file : Deployment.files(ROOT.resolve("template.yaml"))) {
            Files.copy(file, folder.resolve(requireNonNull(file.getFileName())));
        }
        var arn = "arn:aws:dynamodb:us-east-1:000000000000:table/restored";
        var builder = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .inheritIO();
        builder.environment().putAll(Map.of("RESTORED", "restored", "ARN", arn, "STREAM", arn + "/stream/now"));
        assertThat(builder.start().waitFor()).isZero();

        var before = SamTemplate.read(ROOT.resolve("template.yaml"));
        var after = SamTemplate.read(folder.resolve("restored.yaml"));
        var expected = new TreeSet<>(before.resourcesOfType(SamTemplate.TABLE));
        expected.remove(table);

        assertThat(after.resourcesOfType(SamTemplate.TABLE)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(after.resources()).hasSize(before.resources().size() - 1);
        assertThat(after.tree().findValues("Ref"))
                .noneMatch(name -> name.asText().equals(table));
        assertThat(after.tree().findValues("Fn::GetAtt"))
                .noneMatch(attribute -> attribute.path(0).asText().equals(table));
        // A nested template refers to its parameters in this form.
        assertThat(TemplateYaml.read(folder.resolve("restored.yaml")).toString())
                .doesNotContain("${" + table + "}", "${" + table + ".")
                .contains('"' + arn + '"');
        // In DynamoDB Local the table is named after the resource.
        assertThat(using("restored", folder.resolve("restored.yaml")))
                .isNotEmpty()
                .isEqualTo(using(table, ROOT.resolve("template.yaml")));
    }

    /** Returns the functions that get a table's name. */
    private static List<String> using(String table, Path template) {
        return Deployment.read(template, REQUIRED).functions().values().stream()
                .filter(function -> function.environment().containsValue(table))
                .map(LambdaFunction::logicalId)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {GUIDE, "docs/how-to/deploy.md"})
    void parameters_outputs_and_scripts_of_a_guide_exist(String page) {
        var template = SamTemplate.read(ROOT.resolve("template.yaml"));
        // A command may go on in the next line.
        var guide = DocumentationPage.read(page).text().replaceAll("\\\\\n *", "");

        assertThat(found("--parameter-overrides( [A-Za-z]+=\\S+)+", guide))
                .isNotEmpty()
                .allSatisfy(overrides -> assertThat(found("[A-Za-z]+(?==)", overrides.replaceAll("=\\S+", "=")))
                        .allMatch(name -> template.parameters().has(name), "parameters of the template"));
        assertThat(found("(?<=\\boutput )[A-Z][A-Za-z]+", guide))
                .isNotEmpty()
                .allMatch(name -> template.tree().path("Outputs").has(name), "outputs of the template");
        assertThat(ROOT.resolve("bin/smoke")).isExecutable();
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group())
                .toList();
    }
}
