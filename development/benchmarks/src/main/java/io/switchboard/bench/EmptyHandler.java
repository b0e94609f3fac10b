package io.switchboard.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A minimal function: it starts only the JVM and the runtime client. */
public final class EmptyHandler implements RequestStreamHandler {
    /** How the tables name it. */
    static final String NAME = "empty handler";

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        answer.write("{\"statusCode\":201,\"body\":\"{}\"}".getBytes(StandardCharsets.UTF_8));
    }
}
