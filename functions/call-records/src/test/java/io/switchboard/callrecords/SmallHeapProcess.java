package io.switchboard.callrecords;

import io.switchboard.http.ApiFunction;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A JVM that serves event files with both functions, and prints the status and the size of each response. */
final class SmallHeapProcess {
    private static final int RETRIES = 10;

    private SmallHeapProcess() {}

    /**
     * Serves the events.
     *
     * @param arguments variables as {@code name=value}, and event files
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> environment = new HashMap<>();
        int next = 0;
        for (; arguments[next].contains("="); next++) {
            int equals = arguments[next].indexOf('=');
            environment.put(arguments[next].substring(0, equals), arguments[next].substring(equals + 1));
        }
        CreateCallRecordSession create = new CreateCallRecordSession(environment);
        ManageCallRecords manage = new ManageCallRecords(environment);
        for (; next < arguments.length; next++) {
            ApiEvent event = ApiEvent.of(Path.of(arguments[next]));
            boolean isSession = event.method().equals("POST") && !arguments[next].endsWith("batch.json");
            ApiFunction function = isSession ? create : manage;
            FunctionResponse response = event.sendTo(function);
            for (int i = 0; i < RETRIES && response.status() == 503; i++) {
                // On a busy machine, DynamoDB Local can be slower than the time-out of the client.
                response = event.sendTo(function);
            }
            System.out.println(response.status() + " " + response.body().length());
        }
    }
}
