package io.switchboard.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a template and its nested stacks are read as one deployment. */
class NestedStacksTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final Path TEMPLATE = ROOT.resolve("template.yaml");
    private static final Map<String, String> REQUIRED =
            Map.of("Issuer", "https://login.example.com/v2.0", "Audience", "switchboard", "ReleaseId", "1");

    @TempDir
    Path folder;

    // ── Reading ───────────────────────────────────────────────────────────────────

    @Test
    void nested_resource_gets_the_arguments_of_the_outer_template() throws IOException {
        write("outer.yaml", """
                Resources:
                  Sessions: {Type: AWS::DynamoDB::Table}
                  One: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml, Parameters: {Table: !Ref Sessions}}}
                  Two: {Type: AWS::Serverless::Application, Properties: {Location: ./inner.yaml, Parameters: {Table: other, Names: 'c,d'}}}
                Outputs:
                  Queue: {Value: !GetAtt One.Outputs.Queue}
                  Name: {Value: !Sub 'x-${Two.Outputs.Name}'}
                """);
        write("inner.yaml", """
                Parameters:
                  Table: {Type: String}
                  Names: {Type: CommaDelimitedList, Default: 'a,b'}
                Conditions:
                  IsOther: !Equals [!Ref Table, other]
                Resources:
                  Parcels: {Type: AWS::SQS::Queue, Condition: IsOther}
                  Alarm:
                    Type: AWS::CloudWatch::Alarm
                    DependsOn: Parcels
                    Properties:
                      AlarmName: !Sub ['${AWS::StackName}-${Table}-${Own}-${Parcels.QueueName}-${!Table}', {Own: !Select [1, !Ref Names]}]
                      Threshold: !If [IsOther, 1, 2]
                Outputs:
                  Queue: {Value: !GetAtt Parcels.QueueName}
                  Name: {Value: !Sub '${Table}.'}
                """);

        var template = SamTemplate.read(folder.resolve("outer.yaml"));
        var intrinsics = new Intrinsics(
                TemplateParameters.of(template.parameters(), Map.of()), template.conditions(), template.resources());

        assertThat(template.resourcesOfType(SamTemplate.ALARM)).containsExactly("OneAlarm", "TwoAlarm");
        assertThat(intrinsics.resolve(template.properties("OneAlarm"), "OneAlarm"))
                .hasToString("{\"AlarmName\":\"switchboard-One-Sessions-b-OneParcels-${Table}\",\"Threshold\":2}");
        assertThat(intrinsics.resolve(template.properties("TwoAlarm"), "TwoAlarm"))
                .hasToString("{\"AlarmName\":\"switchboard-Two-other-d-TwoParcels-${Table}\",\"Threshold\":1}");
        assertThat(template.resources().path("TwoAlarm").path("DependsOn").asText())
                .isEqualTo("TwoParcels");
        assertThat(intrinsics.holds(template.resources()
                        .path("OneParcels")
                        .path("Condition")
                        .asText()))
                .isFalse();
        assertThat(intrinsics.holds(template.resources()
                        .path("TwoParcels")
                        .path("Condition")
                        .asText()))
                .isTrue();
        assertThat(intrinsics.resolve(template.tree().path("Outputs"), "Outputs"))
                .hasToString("{\"Queue\":{\"Value\":\"OneParcels\"},\"Name\":{\"Value\":\"x-other.\"}}");
        assertThat(Deployment.files(folder.resolve("outer.yaml")))
                .containsExactly(folder.resolve("outer.yaml"), folder.resolve("inner.yaml"));
    }

    @Test
    void nested_template_has_its_own_globals() throws IOException {
        write("outer.yaml", """
                Globals: {Function: {Timeout: 10}}
                Resources:
                  First: {Type: AWS::Serverless::Function, Properties: {Handler: a}}
                  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}
                """);
        write("inner.yaml", """
                Globals: {Function: {MemorySize: 512}}
                Resources:
                  Second: {Type: AWS::Serverless::Function, Properties: {Handler: b}}
                """);

        var template = SamTemplate.read(folder.resolve("outer.yaml"));

        assertThat(template.properties("First")).hasToString("{\"Timeout\":10,\"Handler\":\"a\"}");
        assertThat(template.properties("Second")).hasToString("{\"MemorySize\":512,\"Handler\":\"b\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {TemplateURL: inner.yaml}                                        | Inner: the parameter Kind has neither a default nor a value
            {TemplateURL: inner.yaml, Parameters: {Kind: c}}                 | Inner: the parameter Kind must not be "c"
            {TemplateURL: inner.yaml, Parameters: {Kind: a, Kin: a}}         | Inner: the nested template does not define the parameter Kin
            {TemplateURL: missing.yaml}                                      | missing.yaml cannot be read
            {TemplateURL: outer.yaml}                                        | is nested in itself
            """)
    void invalid_nested_stack_is_reported(String properties, String message) throws IOException {
        write("outer.yaml", "Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: " + properties + "}}");
        write("inner.yaml", "{Parameters: {Kind: {Type: String, AllowedValues: [a, b]}}, Resources: {}}");

        assertThatThrownBy(() -> SamTemplate.read(folder.resolve("outer.yaml")))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    // ── The size of the templates ─────────────────────────────────────────────────

    @Test
    void every_template_stays_below_the_size_limit() throws IOException {
        var files = Deployment.files(TEMPLATE);

        assertThat(files).hasSizeGreaterThan(1);
        for (var file : files) {
            assertThat(Files.size(file))
                    .as("bytes of " + file.getFileName() + ". Move a group of resources into a nested template")
                    .isLessThanOrEqualTo(file.equals(TEMPLATE.toAbsolutePath().normalize()) ? 60 * 1024 : 20 * 1024);
        }
    }

    // ── A tenth function ──────────────────────────────────────────────────────────

    /**
     * A function behind a queue, added as an operator would add it: its block, and its name in the dashboard's lists of
     * functions.
     */
    @Test
    void new_function_needs_one_block_and_a_line_in_each_list_of_the_dashboard() throws IOException {
        var before = Monitoring.of(SamTemplate.read(TEMPLATE));
        for (var file : Deployment.files(TEMPLATE)) {
            Files.copy(file, folder.resolve(Objects.requireNonNull(file.getFileName())));
        }
        insertBefore("template.yaml", "  # ==== Monitoring", """
                  Tenth:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: functions/sessions/target/sessions.zip
                      Handler: io.switchboard.sessions.Tenth::handleRequest
                      LoggingConfig: {LogGroup: !Ref TenthLogs}

                  TenthLogs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref LogRetentionDays}}

                  TenthAlarms:
                    Type: AWS::CloudFormation::Stack
                    Properties:
                      TemplateURL: function-alarms.yaml
                      Parameters:
                        Stack: !Ref AWS::StackName
                        Topic: !Ref AlarmTopic
                        Name: Tenth
                        Function: !Ref Tenth
                        InvokedBy: Stream
                        DurationLimit: 1000

                """);
        insertBefore("template.yaml", "        # Shown on the dashboard.", "            - !Ref Tenth\n");
        insertBefore("monitoring.yaml", "          \"${A}Api-ServerErrors\"", """
                          "${A}Tenth-Errors","${A}Tenth-Throttles","${A}Tenth-Duration","${A}Tenth-IteratorAge",
                """);

        var template = folder.resolve("template.yaml");
        var after = Monitoring.of(SamTemplate.read(template));

        var alarms = List.of("Tenth-Errors", "Tenth-Throttles", "Tenth-Duration", "Tenth-IteratorAge");
        assertThat(Deployment.read(template, REQUIRED).functions()).containsKey("Tenth");
        assertThat(after.alarms().keySet())
                .containsAll(before.alarms().keySet())
                .containsAll(alarms);
        assertThat(after.alarms()).hasSize(before.alarms().size() + alarms.size());
        assertThat(after.shownAlarms()).containsAll(alarms);
        assertThat(after.metricsOf("Tenth")).contains("Errors", "Throttles", "Duration", "ConcurrentExecutions");
        assertThat(after.rows()).containsAll(before.rows());
    }

    private void insertBefore(String name, String line, String text) throws IOException {
        var file = folder.resolve(name);
        var content = Files.readString(file);
        assertThat(content).containsOnlyOnce(line);
        Files.writeString(file, content.replace(line, text + line));
    }
}
