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

/** Returns the event, the environment and the values of the context. */
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
        // The event is parsed as text, because the byte parser rejects escaped surrogate pairs in names.
        body.set("event", JSON.readTree(new InputStreamReader(input, StandardCharsets.UTF_8)));
        body.set("environment", JSON.valueToTree(environment));
        body.putObject("context")
                .put("requestId", context.getAwsRequestId())
                .put("functionName", context.getFunctionName())
                .put("remaining", remaining);
        context.getLogger().log("two\nlines");
        var response = JSON.createObjectNode().put("statusCode", 200).put("body", body.toString());
        response.putObject("headers")
                .put("Content-Type", "application/json")
                .put("ETag", "W/\"1\"")
                .put("Access-Control-Allow-Origin", "https://the-handler.example");
        response.putArray("cookies").add("a=1").add("b=2");
        JSON.writeValue(output, response);
    }
}
