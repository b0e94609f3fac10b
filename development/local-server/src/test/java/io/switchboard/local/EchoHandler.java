package io.switchboard.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers with the event it got, its environment, and what its context says. */
public final class EchoHandler implements RequestStreamHandler {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> environment;

    public EchoHandler(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        int remaining = context.getRemainingTimeInMillis();
        var body = JSON.createObjectNode();
        // As text: the parser of bytes rejects escaped surrogate pairs in names.
        body.set("event", JSON.readTree(new InputStreamReader(input, StandardCharsets.UTF_8)));
        body.set("environment", JSON.valueToTree(environment));
        body.putObject("context")
                .put("requestId", context.getAwsRequestId())
                .put("functionName", context.getFunctionName())
                .put("remaining", remaining);
        context.getLogger().log("two\nlines");
        var answer = JSON.createObjectNode().put("statusCode", 200).put("body", body.toString());
        answer.putObject("headers")
                .put("Content-Type", "application/json")
                .put("ETag", "W/\"1\"")
                .put("Access-Control-Allow-Origin", "https://the-handler.example");
        answer.putArray("cookies").add("a=1").add("b=2");
        JSON.writeValue(output, answer);
    }
}
