package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lambda's Invoke over the wire, which LocalStack, {@code sam local start-lambda} and the local server all answer, and what else of
 * AWS the tests ask, which LocalStack alone has. Plain HTTP: none of the three verifies a signature.
 */
record AwsApi(HttpClient http, URI endpoint) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /**
     * What an invocation gave.
     *
     * @param executedVersion of the function, which an alias has stood for
     */
    record Invocation(String executedVersion, String payload) {
        JsonNode json() {
            try {
                return JSON.readTree(payload);
            } catch (IOException e) {
                throw new AssertionError(payload, e);
            }
        }

        int status() {
            return json().path("statusCode").asInt();
        }

        /** The answer's body. */
        JsonNode body() {
            try {
                return JSON.readTree(json().path("body").asText());
            } catch (IOException e) {
                throw new AssertionError(payload, e);
            }
        }
    }

    /** Sends an event to a function, by its name, or by the ARN of a version or alias of it; it must not fail. */
    Invocation invoke(String function, String event) throws IOException, InterruptedException {
        var answer = http.send(
                request("lambda")
                        .uri(URI.create(endpoint + "/2015-03-31/functions/" + function + "/invocations"))
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Amz-Function-Error"))
                .as(answer.body())
                .isEmpty();
        return new Invocation(
                answer.headers().firstValue("X-Amz-Executed-Version").orElse(""), answer.body());
    }

    /** The lines of a log group. */
    List<String> logLines(String group) throws IOException, InterruptedException {
        var lines = new ArrayList<String>();
        var query = JSON.createObjectNode().put("logGroupName", group);
        while (true) {
            var answer = http.send(
                    request("logs")
                            .uri(endpoint)
                            .header("Content-Type", "application/x-amz-json-1.1")
                            .header("X-Amz-Target", "Logs_20140328.FilterLogEvents")
                            .POST(HttpRequest.BodyPublishers.ofString(query.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode page = JSON.readTree(answer.body());
            page.path("events").forEach(event -> lines.add(event.path("message").asText()));
            if (!page.hasNonNull("nextToken")) {
                return lines;
            }
            query.set("nextToken", page.get("nextToken"));
        }
    }

    /** What DynamoDB answers when asked for its tables. */
    String tableNames() throws IOException, InterruptedException {
        var answer = http.send(
                request("dynamodb")
                        .uri(endpoint)
                        .header("Content-Type", "application/x-amz-json-1.0")
                        .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static HttpRequest.Builder request(String service) {
        return HttpRequest.newBuilder()
                .timeout(LIMIT)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/" + service
                                + "/aws4_request, SignedHeaders=host, Signature=0");
    }
}
