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

    /** Requires a status, and at least this number of members with a name in the body. */
    static ExpectedResponse of(int status, String member, int count) {
        return answer -> {
            String body = body(answer, status);
            int found = body.split("\"" + member + "\":", -1).length - 1;
            if (found < count) {
                throw new BenchException("The function returned " + found + " times " + member + " instead of at least "
                        + count + " times.");
            }
        };
    }

    /**
     * Checks a response.
     *
     * @throws BenchException if it is not the expected one
     */
    void check(String response);

    private static void requireSession(String answer) {
        String body = body(answer, 201);
        try {
            if (!(JSON.std.mapFrom(body).get("sessionId") instanceof String id) || id.isBlank()) {
                throw new BenchException("The function returned 201 without a session: " + body);
            }
        } catch (IOException e) {
            throw new BenchException("The response of the function is not JSON: " + e.getMessage(), e);
        }
    }

    private static String body(String answer, int status) {
        try {
            Map<String, Object> response = JSON.std.mapFrom(answer);
            String body = String.valueOf(response.get("body"));
            if (!Integer.valueOf(status).equals(response.get("statusCode"))) {
                throw new BenchException(
                        "The function returned " + response.get("statusCode") + " instead of " + status + ": " + body);
            }
            return body;
        } catch (IOException e) {
            throw new BenchException("The response of the function is not JSON: " + e.getMessage(), e);
        }
    }
}
