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
    void event_reaches_its_function_unchanged_and_the_response_is_returned() throws Exception {
        var response = callers.send(invocation("Echo", "{\"any\":[\"thing\"]}"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("X-Amz-Executed-Version")).contains("$LATEST");
        assertThat(response.headers().firstValue("X-Amz-Function-Error")).isEmpty();
        JsonNode payload = JSON.readTree(response.body());
        assertThat(payload.get("statusCode").asInt()).isEqualTo(200);
        assertThat(JSON.readTree(payload.get("body").asText()).get("event"))
                .isEqualTo(JSON.readTree("{\"any\":[\"thing\"]}"));
    }

    @Test
    void event_with_escaped_surrogate_pairs_in_a_name_reaches_its_function() throws Exception {
        var response = callers.send(invocation("Echo", "{\"\\ud83d\\ude00\":\"\\ud83d\\ude00\"}"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(JSON.readTree(response.body()).get("body").asText())
                        .get("event"))
                .isEqualTo(JSON.readTree("{\"😀\":\"😀\"}"));
    }

    @Test
    void failing_function_returns_200_with_an_error_header() throws Exception {
        var response = callers.send(invocation("Odd", "{\"pathParameters\":{\"how\":\"throw\"}}"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("X-Amz-Function-Error")).contains("Unhandled");
        assertThat(JSON.readTree(response.body()).get("errorType").asText())
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(JSON.readTree(response.body()).get("errorMessage").asText()).isEqualTo("secret inside");
    }

    @Test
    void function_timeout_is_reported() throws Exception {
        var response = callers.send(invocation("Hasty", "{\"pathParameters\":{\"how\":\"slow\"}}"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("X-Amz-Function-Error")).contains("Unhandled");
        assertThat(JSON.readTree(response.body()).get("errorType").asText()).isEqualTo("Sandbox.Timedout");
    }

    @Test
    void unknown_function_returns_404() throws Exception {
        var response = callers.send(invocation("Nowhere", "{}"));

        assertError(response, 404, "ResourceNotFoundException");
        assertThat(response.body()).contains("Echo");
    }

    @Test
    void unsigned_request_is_rejected() throws Exception {
        assertError(
                callers.send(callers.to(InvokeApi.PATH + "Echo/invocations").POST(BodyPublishers.ofString("{}"))),
                403,
                "MissingAuthenticationTokenException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "no JSON"})
    void event_that_is_not_json_is_rejected(String event) throws Exception {
        assertError(callers.send(invocation("Echo", event)), 400, "InvalidRequestContentException");
    }

    @Test
    void asynchronous_invocation_is_rejected() throws Exception {
        assertError(
                callers.send(invocation("Echo", "{}").header("X-Amz-Invocation-Type", "Event")),
                501,
                "NotImplementedException");
    }

    @Test
    void event_too_large_for_lambda_is_rejected() throws Exception {
        assertError(
                callers.send(invocation("Echo", "\"" + "x".repeat(LocalFunction.PAYLOAD_LIMIT) + "\"")),
                413,
                "RequestTooLargeException");
    }

    @Test
    void other_operations_are_rejected() throws Exception {
        assertError(callers.send(callers.to(InvokeApi.PATH + "Echo")), 404, "UnknownOperationException");
        assertError(callers.send(callers.to(InvokeApi.PATH + "Echo/invocations")), 404, "UnknownOperationException");
    }

    private static HttpRequest.Builder invocation(String function, String event) {
        return callers.to(InvokeApi.PATH + function + "/invocations")
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=any")
                .POST(BodyPublishers.ofString(event));
    }

    private static void assertError(HttpResponse<String> response, int status, String type) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("X-Amzn-ErrorType")).contains(type);
        assertThat(JSON.readTree(response.body()).get("Message").asText()).isNotBlank();
    }
}
