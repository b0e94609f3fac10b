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
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls Lambda's Invoke on LocalStack, {@code sam local start-lambda} or the local server, and other AWS operations on
 * LocalStack. Uses plain HTTP, because none of the three verifies signatures.
 */
record AwsApi(HttpClient http, URI endpoint) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /**
     * The result of an invocation.
     *
     * @param executedVersion the executed version of the function, to which an alias refers
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

        /** Returns the body of the response. */
        JsonNode body() {
            try {
                return JSON.readTree(json().path("body").asText());
            } catch (IOException e) {
                throw new AssertionError(payload, e);
            }
        }
    }

    /** Invokes a function by its name, or by the ARN of a version or an alias. The invocation must succeed. */
    Invocation invoke(String function, String event) throws IOException, InterruptedException {
        var response = http.send(
                request("lambda")
                        .uri(URI.create(endpoint + "/2015-03-31/functions/" + function + "/invocations"))
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("X-Amz-Function-Error"))
                .as(response.body())
                .isEmpty();
        return new Invocation(
                response.headers().firstValue("X-Amz-Executed-Version").orElse(""), response.body());
    }

    /** Returns the lines of a log group. */
    List<String> logLines(String group) throws IOException, InterruptedException {
        var lines = new ArrayList<String>();
        var query = JSON.createObjectNode().put("logGroupName", group);
        while (true) {
            var response = http.send(
                    request("logs")
                            .uri(endpoint)
                            .header("Content-Type", "application/x-amz-json-1.1")
                            .header("X-Amz-Target", "Logs_20140328.FilterLogEvents")
                            .POST(HttpRequest.BodyPublishers.ofString(query.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode page = JSON.readTree(response.body());
            page.path("events").forEach(event -> lines.add(event.path("message").asText()));
            if (!page.hasNonNull("nextToken")) {
                return lines;
            }
            query.set("nextToken", page.get("nextToken"));
        }
    }

    /** Returns the response of DynamoDB's ListTables. */
    String tableNames() throws IOException, InterruptedException {
        var response = http.send(
                request("dynamodb")
                        .uri(endpoint)
                        .header("Content-Type", "application/x-amz-json-1.0")
                        .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    /** A queue with its ARN. */
    record Queue(String url, String arn) {}

    Queue createQueue(String name) throws IOException, InterruptedException {
        String url = sqs("CreateQueue", JSON.createObjectNode().put("QueueName", name))
                .path("QueueUrl")
                .asText();
        var asked = JSON.createObjectNode().put("QueueUrl", url);
        asked.putArray("AttributeNames").add("QueueArn");
        return new Queue(
                url, sqs("GetQueueAttributes", asked).at("/Attributes/QueueArn").asText());
    }

    /** Receives and deletes the messages of a queue. Waits briefly for the first one. */
    List<JsonNode> receive(String queueUrl) throws IOException, InterruptedException {
        var bodies = new ArrayList<JsonNode>();
        var messages = sqs(
                        "ReceiveMessage",
                        JSON.createObjectNode()
                                .put("QueueUrl", queueUrl)
                                .put("MaxNumberOfMessages", 10)
                                .put("WaitTimeSeconds", 2))
                .path("Messages");
        var done = JSON.createObjectNode().put("QueueUrl", queueUrl);
        var entries = done.putArray("Entries");
        for (JsonNode message : messages) {
            bodies.add(JSON.readTree(message.path("Body").asText()));
            entries.addObject()
                    .put("Id", String.valueOf(entries.size()))
                    .put("ReceiptHandle", message.path("ReceiptHandle").asText());
        }
        if (!entries.isEmpty()) {
            sqs("DeleteMessageBatch", done);
        }
        return bodies;
    }

    /** Creates a rule that sends all events of this source to a queue. */
    void putRule(String bus, String source, Queue queue) throws IOException, InterruptedException {
        var pattern = JSON.createObjectNode();
        pattern.putArray("source").add(source);
        call(
                "events",
                "AWSEvents.PutRule",
                JSON.createObjectNode()
                        .put("Name", "to-a-queue")
                        .put("EventBusName", bus)
                        .put("EventPattern", pattern.toString()));
        var targets = JSON.createObjectNode().put("Rule", "to-a-queue").put("EventBusName", bus);
        targets.putArray("Targets").addObject().put("Id", "queue").put("Arn", queue.arn);
        assertThat(call("events", "AWSEvents.PutTargets", targets)
                        .path("FailedEntryCount")
                        .asInt())
                .isZero();
    }

    /** Returns the alarms with this name prefix, by name. */
    Map<String, JsonNode> alarms(String prefix) throws IOException, InterruptedException {
        var alarms = new TreeMap<String, JsonNode>();
        var asked = JSON.createObjectNode().put("AlarmNamePrefix", prefix).put("MaxRecords", 100);
        do {
            var page = call("monitoring", "GraniteServiceVersion20100801.DescribeAlarms", asked);
            page.path("MetricAlarms")
                    .forEach(alarm -> alarms.put(alarm.path("AlarmName").asText(), alarm));
            asked.set("NextToken", page.path("NextToken"));
        } while (asked.path("NextToken").isTextual());
        return alarms;
    }

    private JsonNode sqs(String operation, JsonNode request) throws IOException, InterruptedException {
        return call("sqs", "AmazonSQS." + operation, request);
    }

    private JsonNode call(String service, String target, JsonNode request) throws IOException, InterruptedException {
        var response = http.send(
                request(service)
                        .uri(endpoint)
                        .header("Content-Type", "application/x-amz-json-" + (service.equals("events") ? "1.1" : "1.0"))
                        .header("X-Amz-Target", target)
                        .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as("%s: %s", target, response.body()).isEqualTo(200);
        return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
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
