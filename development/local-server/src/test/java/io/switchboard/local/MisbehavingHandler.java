package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A handler that misbehaves in the way given in the path. */
public final class MisbehavingHandler implements RequestStreamHandler {
    public MisbehavingHandler(Map<String, String> environment) {
        var _ = environment;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        var how = new ObjectMapper().readTree(input).at("/pathParameters/how").asText();
        switch (how) {
            case "throw" -> throw new IllegalStateException("secret inside");
            case "rubbish" -> output.write("no JSON".getBytes(UTF_8));
            case "nothing" -> {}
            case "noStatus" -> output.write("{\"a\":1}".getBytes(UTF_8));
            case "badStatus" -> output.write("{\"statusCode\":\"x\"}".getBytes(UTF_8));
            case "binary" ->
                output.write("{\"statusCode\":200,\"isBase64Encoded\":true,\"body\":\"AP8=\"}".getBytes(UTF_8));
            case "plain" -> output.write("{\"statusCode\":200,\"body\":\"text\"}".getBytes(UTF_8));
            case "slow" -> await();
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** Waits until the thread is interrupted. */
    private static void await() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
