package io.switchboard.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;

/** Checks the response of a function, so that the benchmark does not measure failures. */
@FunctionalInterface
interface ExpectedResponse {
    /** Accepts any response, for the empty handler. */
    ExpectedResponse ANY = body -> {};

    /** Requires a 201 with a session. */
    ExpectedResponse SESSION = ExpectedResponse::requireSession;

    /**
     * Checks a response.
     *
     * @throws BenchException if it is not the expected one
     */
    void check(String response);

    private static void requireSession(String answer) {
        try {
            Map<String, Object> response = JSON.std.mapFrom(answer);
            String body = String.valueOf(response.get("body"));
            if (!Integer.valueOf(201).equals(response.get("statusCode"))) {
                throw new BenchException(
                        "The function returned " + response.get("statusCode") + " instead of 201: " + body);
            }
            if (!(JSON.std.mapFrom(body).get("sessionId") instanceof String id) || id.isBlank()) {
                throw new BenchException("The function returned 201 without a session: " + body);
            }
        } catch (IOException e) {
            throw new BenchException("The response of the function is not JSON: " + e.getMessage(), e);
        }
    }
}
