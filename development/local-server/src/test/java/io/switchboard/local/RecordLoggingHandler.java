package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** A handler that logs the bodies of queue messages and the ids of stream changes. */
public final class RecordLoggingHandler implements RequestStreamHandler {
    public RecordLoggingHandler(Map<String, String> environment) {
        var _ = environment;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        for (var record : new ObjectMapper().readTree(input).path("Records")) {
            context.getLogger()
                    .log(record.path("eventSource").asText() + " "
                            + record.path("body").asText()
                            + record.at("/dynamodb/Keys/id/S").asText() + ".");
        }
        output.write("{\"batchItemFailures\":[]}".getBytes(UTF_8));
    }
}
