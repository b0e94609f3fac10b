package io.switchboard.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intrinsic functions, short and long, and parameters, as the reader understands them. */
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
    void each_intrinsic_function_gives_its_value(String yaml, String json) {
        assertThat(resolve(yaml)).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    !FindInMap [a, b, c]        | Fn::FindInMap is not understood here
                    {Fn::ImportValue: a}        | Fn::ImportValue is not understood here
                    !If [Strange, a, b]         | Fn::Contains is not understood here
                    !Select [2, [a, b]]         | Fn::Select finds nothing at 2
                    !If [Missing, a, b]         | no condition Missing
                    !If [Circle, a, b]          | in a circle: Circle
                    !If [IsProd, a]             | Fn::If takes a list of 3
                    !Ref Nowhere                | Ref Nowhere is neither a parameter nor a resource
                    !GetAtt Api.ApiEndpoint     | Fn::GetAtt Api.ApiEndpoint is not known here
                    !Sub '${Origins}'           | Fn::Sub takes no list
                    !Sub '${Nowhere}'           | Ref Nowhere is neither
                    """)
    void what_is_not_understood_is_named_with_its_place(String yaml, String message) {
        assertThatThrownBy(() -> resolve(yaml))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_parameter_without_default_and_value_is_named_with_its_description() {
        var declarations = TemplateYaml.parse(
                "{Issuer: {Type: String, Description: Who signs}, Audience: {Type: String}, Stage: {Type: String, Default: ''}}",
                "test");

        assertThatThrownBy(() -> TemplateParameters.of(declarations, Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("Parameter Issuer has no default: give it a value (Who signs)")
                .hasMessageContaining("Parameter Audience has no default")
                .hasMessageNotContaining("Stage");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Stage | Test | Stage must be test or prod, but is "Test"
                    Limit | 101  | Limit must be 1 to 100, but is "101"
                    Limit | 0    | Limit must be 1 to 100, but is "0"
                    Limit | ten  | Limit must be 1 to 100, but is "ten"
                    Limt  | 10   | There is no parameter Limt: the template has Limit, Origins, Stage
                    """)
    void a_value_that_cloudformation_would_refuse_is_refused_with_the_constraint(
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
    void what_is_no_template_is_one_clear_line(String yaml, String message) {
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
