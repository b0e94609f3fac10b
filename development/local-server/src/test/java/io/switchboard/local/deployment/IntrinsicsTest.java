package io.switchboard.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the evaluation of intrinsic functions, in short and long form, and of parameters. */
class IntrinsicsTest {
    private static final String TEMPLATE = """
            Parameters:
              Stage: {Type: String, Default: test, AllowedValues: [test, prod], ConstraintDescription: Stage must be test or prod}
              Origins: {Type: CommaDelimitedList, Default: ''}
              Limit: {Type: Number, Default: 10, MinValue: 1, MaxValue: 100, ConstraintDescription: Limit must be 1 to 100}
            Conditions:
              IsProd: !Equals [!Ref Stage, prod]
              IsTest: !Not [!Condition IsProd]
              Both: !And [!Condition IsProd, !Condition IsTest]
              Either: !Or [!Condition IsProd, {Condition: IsTest}]
              Circle: !Not [!Condition Circle]
              Strange: !Contains [a, b]
            Resources:
              Sessions: {Type: AWS::DynamoDB::Table}
              Parcels: {Type: AWS::SQS::Queue}
              Api: {Type: AWS::Serverless::HttpApi}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    !Ref Stage                                              | "test"
                    {Ref: Limit}                                            | "10"
                    !Ref Origins                                            | ["https://a","https://b"]
                    !Ref Sessions                                           | "Sessions"
                    !Ref Parcels                                            | "https://sqs.us-east-1.amazonaws.com/000000000000/Parcels"
                    !GetAtt Parcels.QueueName                               | "Parcels"
                    !GetAtt Sessions.StreamArn                              | "arn:aws:dynamodb:us-east-1:000000000000:table/Sessions/stream/local"
                    !Select [1, !Split ['.', 'a.b']]                        | "b"
                    !GetAtt Parcels.Arn                                     | "arn:aws:sqs:us-east-1:000000000000:Parcels"
                    !Ref AWS::Region                                        | "us-east-1"
                    !GetAtt Sessions.Arn                                    | "arn:aws:dynamodb:us-east-1:000000000000:table/Sessions"
                    {Fn::GetAtt: [Sessions, Arn]}                           | "arn:aws:dynamodb:us-east-1:000000000000:table/Sessions"
                    !Sub 'x-${Stage}-${Sessions.Arn}-${!Stage}'             | "x-test-arn:aws:dynamodb:us-east-1:000000000000:table/Sessions-${Stage}"
                    !Sub ['${Own}/${AWS::Partition}', {Own: !Ref Stage}]    | "test/aws"
                    !Join ['-', [a, !Ref Stage, !Ref 'AWS::NoValue']]       | "a-test"
                    !Join [',', !Ref Origins]                               | "https://a,https://b"
                    !Split ['.', 'a.b']                                     | ["a","b"]
                    !If [IsProd, a, b]                                      | "b"
                    !If [Either, [1, !Ref 'AWS::NoValue'], b]               | [1]
                    {a: !Ref 'AWS::NoValue', b: {c: !If [Both, x, y]}}      | {"b":{"c":"y"}}
                    """)
    void each_intrinsic_function_returns_its_value(String yaml, String json) {
        assertThat(resolve(yaml)).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    !FindInMap [a, b, c]        | Fn::FindInMap is not supported
                    {Fn::ImportValue: a}        | Fn::ImportValue is not supported
                    !If [Strange, a, b]         | Fn::Contains is not supported
                    !Select [2, [a, b]]         | Fn::Select has no element 2
                    !If [Missing, a, b]         | does not define the condition Missing
                    !If [Circle, a, b]          | in a cycle: Circle
                    !If [IsProd, a]             | Fn::If must be a list of 3 elements
                    !Ref Nowhere                | Ref Nowhere is neither a parameter nor a resource
                    !GetAtt Api.ApiEndpoint     | Fn::GetAtt Api.ApiEndpoint is not supported
                    !Sub '${Origins}'           | Fn::Sub does not accept Origins
                    !Sub '${Nowhere}'           | Ref Nowhere is neither
                    """)
    void unsupported_element_is_reported_with_its_location(String yaml, String message) {
        assertThatThrownBy(() -> resolve(yaml))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void parameter_without_default_and_value_is_reported_with_its_description() {
        var declarations = TemplateYaml.parse(
                "{Issuer: {Type: String, Description: Who signs}, Audience: {Type: String}, Stage: {Type: String, Default: ''}}",
                "test");

        assertThatThrownBy(() -> TemplateParameters.of(declarations, Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("Parameter Issuer has no value. Set it with --parameter (Who signs)")
                .hasMessageContaining("Parameter Audience has no value")
                .hasMessageNotContaining("Stage");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Stage | Test | Stage must be test or prod, but is "Test"
                    Limit | 101  | Limit must be 1 to 100, but is "101"
                    Limit | 0    | Limit must be 1 to 100, but is "0"
                    Limit | ten  | Limit must be 1 to 100, but is "ten"
                    Limt  | 10   | Unknown parameter Limt. The template defines Limit, Origins, Stage
                    """)
    void value_that_cloudformation_would_reject_is_rejected_with_the_constraint(
            String parameter, String value, String message) {
        var declarations = TemplateYaml.parse(TEMPLATE, "test").path("Parameters");

        assertThatThrownBy(() -> TemplateParameters.of(declarations, Map.of(parameter, value)))
                .isInstanceOf(TemplateException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    'a: [1'            | line 1
                    '{a: 1, a: 2}'     | duplicate key a
                    'just a text'      | is not a template
                    '!!java.net.URL x' | java.net.URL
                    """)
    void invalid_template_is_reported_in_one_line(String yaml, String message) {
        assertThatThrownBy(() -> TemplateYaml.parse(yaml, "my.yaml"))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("my.yaml")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private static Object resolve(String yaml) {
        var template = new SamTemplate(TemplateYaml.parse(TEMPLATE, "test"));
        var parameters = TemplateParameters.of(template.parameters(), Map.of("Origins", "https://a, https://b"));
        var intrinsics = new Intrinsics(parameters, template.conditions(), template.resources());
        return intrinsics.resolve(TemplateYaml.parse("value: " + yaml, "test").path("value"), "value");
    }
}
