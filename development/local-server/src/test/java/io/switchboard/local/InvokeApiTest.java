package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.embedded.EmbeddedDynamoDb;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvokeApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static LocalServer server;
    private static Callers callers;

    @BeforeAll
    static void start() {
        server = LocalServer.start(
                LocalServerSettings.of(Callers.template()).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()));
        callers = new Callers(HttpClient.newHttpClient(), server.baseUri());
    }

    @AfterAll
    static void stop() {
        callers.http().close();
        server.close();
    }

    @Test
    void an_event_reaches_its_function_as_it_is_and_the_whole_answer_comes_back() throws Exception {
        var answer = callers.send(invocation("Echo", "{\"any\":[\"thing\"]}"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Amz-Executed-Version")).contains("$LATEST");
        assertThat(answer.headers().firstValue("X-Amz-Function-Error")).isEmpty();
        JsonNode payload = JSON.readTree(answer.body());
        assertThat(payload.get("statusCode").asInt()).isEqualTo(200);
        assertThat(JSON.readTree(payload.get("body").asText()).get("event"))
                .isEqualTo(JSON.readTree("{\"any\":[\"thing\"]}"));
    }

    @Test
    void an_event_with_escaped_surrogate_pairs_in_a_name_reaches_its_function() throws Exception {
        var answer = callers.send(invocation("Echo", "{\"\\ud83d\\ude00\":\"\\ud83d\\ude00\"}"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(JSON.readTree(answer.body()).get("body").asText())
                        .get("event"))
                .isEqualTo(JSON.readTree("{\"😀\":\"😀\"}"));
    }

    @Test
    void a_function_that_fails_answers_200_and_says_so_in_the_header() throws Exception {
        var answer = callers.send(invocation("Odd", "{\"pathParameters\":{\"how\":\"throw\"}}"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Amz-Function-Error")).contains("Unhandled");
        assertThat(JSON.readTree(answer.body()).get("errorType").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(JSON.readTree(answer.body()).get("errorMessage").asText()).isEqualTo("secret inside");
    }

    @Test
    void a_function_that_runs_out_of_its_time_answers_so() throws Exception {
        var answer = callers.send(invocation("Hasty", "{\"pathParameters\":{\"how\":\"slow\"}}"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Amz-Function-Error")).contains("Unhandled");
        assertThat(JSON.readTree(answer.body()).get("errorType").asText()).isEqualTo("Sandbox.Timedout");
    }

    @Test
    void an_unknown_function_is_not_found() throws Exception {
        var answer = callers.send(invocation("Nowhere", "{}"));

        assertError(answer, 404, "ResourceNotFoundException");
        assertThat(answer.body()).contains("Echo");
    }

    @Test
    void an_unsigned_request_such_as_a_web_pages_is_refused() throws Exception {
        assertError(
                callers.send(callers.to(InvokeApi.PATH + "Echo/invocations").POST(BodyPublishers.ofString("{}"))),
                403,
                "MissingAuthenticationTokenException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "no JSON"})
    void an_event_that_is_no_json_is_refused(String event) throws Exception {
        assertError(callers.send(invocation("Echo", event)), 400, "InvalidRequestContentException");
    }

    @Test
    void an_invocation_that_does_not_wait_is_not_served() throws Exception {
        assertError(
                callers.send(invocation("Echo", "{}").header("X-Amz-Invocation-Type", "Event")),
                501,
                "NotImplementedException");
    }

    @Test
    void an_event_too_large_for_lambda_is_refused() throws Exception {
        assertError(
                callers.send(invocation("Echo", "\"" + "x".repeat(LocalFunction.PAYLOAD_LIMIT) + "\"")),
                413,
                "RequestTooLargeException");
    }

    @Test
    void other_operations_are_not_there() throws Exception {
        assertError(callers.send(callers.to(InvokeApi.PATH + "Echo")), 404, "UnknownOperationException");
        assertError(callers.send(callers.to(InvokeApi.PATH + "Echo/invocations")), 404, "UnknownOperationException");
    }

    private static HttpRequest.Builder invocation(String function, String event) {
        return callers.to(InvokeApi.PATH + function + "/invocations")
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=any")
                .POST(BodyPublishers.ofString(event));
    }

    private static void assertError(HttpResponse<String> answer, int status, String type) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("X-Amzn-ErrorType")).contains(type);
        assertThat(JSON.readTree(answer.body()).get("Message").asText()).isNotBlank();
    }
}
