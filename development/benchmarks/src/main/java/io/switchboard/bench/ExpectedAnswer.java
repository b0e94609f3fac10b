package io.switchboard.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;

/** What a function must answer, lest the bench measure how fast it fails. */
@FunctionalInterface
interface ExpectedAnswer {
    /** Any answer: an empty handler has none to speak of. */
    ExpectedAnswer ANY = body -> {};

    /** A 201 that holds a session. */
    ExpectedAnswer SESSION = ExpectedAnswer::requireSession;

    /**
     * Looks at an answer.
     *
     * @throws BenchException if it is another
     */
    void check(String answer);

    private static void requireSession(String answer) {
        try {
            Map<String, Object> response = JSON.std.mapFrom(answer);
            String body = String.valueOf(response.get("body"));
            if (!Integer.valueOf(201).equals(response.get("statusCode"))) {
                throw new BenchException(
                        "The function answered " + response.get("statusCode") + " instead of 201: " + body);
            }
            if (!(JSON.std.mapFrom(body).get("sessionId") instanceof String id) || id.isBlank()) {
                throw new BenchException("The function answered 201 without a session: " + body);
            }
        } catch (IOException e) {
            throw new BenchException("The function did not answer in JSON: " + e.getMessage(), e);
        }
    }
}
