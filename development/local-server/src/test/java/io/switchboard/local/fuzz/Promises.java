package io.switchboard.local.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.text.InputLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** What every answer of a function behind the API keeps, whatever it was sent. */
final class Promises {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The most that Lambda hands over: 6 MB, and a little that it does not count. */
    private static final int LARGEST_ANSWER = 6 * 1_024 * 1_024;

    private static final long LONGEST_MILLIS = 5_000;
    private static final int MOST_DETAILS = InputLimits.VIOLATIONS + 1;
    /** Longer than what a message repeats, so that two excerpts side by side are no fault. */
    private static final int ECHO = InputLimits.EXCERPT + 20;

    private static final Set<String> NAMES_OF_CODE = Set.of(
            "java.", "io.switchboard", "software.amazon", "com.fasterxml", "Exception", "StackOverflow", "\tat ");

    private final FuzzRequest request;
    private final FuzzAnswer answer;
    private final boolean mayFail;
    private final List<String> broken = new ArrayList<>();
    private int status;
    private String sent = "";

    private Promises(FuzzRequest request, FuzzAnswer answer, boolean mayFail) {
        this.request = request;
        this.answer = answer;
        this.mayFail = mayFail;
    }

    /**
     * What came of a request.
     *
     * @param status 0 where the answer has none
     * @param broken the promises that it breaks, in words
     */
    record Outcome(int status, List<String> broken) {}

    /** @param mayFail whether a 5xx is allowed, because no client can cause such an event */
    static Outcome check(FuzzRequest request, FuzzAnswer answer, boolean mayFail) {
        Promises promises = new Promises(request, answer, mayFail);
        promises.check();
        return new Outcome(promises.status, promises.broken);
    }

    private void check() {
        if (answer.processorMillis() > LONGEST_MILLIS) {
            broken.add("takes more than " + LONGEST_MILLIS + " ms");
        }
        if (answer.thrown() != null) {
            broken.add("lets " + answer.thrown().getClass().getName() + " out");
            return;
        }
        if (answer.text().getBytes(StandardCharsets.UTF_8).length > LARGEST_ANSWER) {
            broken.add("answers more than Lambda hands over");
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(answer.text());
        } catch (JsonProcessingException e) {
            broken.add("answers what is not JSON");
            return;
        }
        status = tree.path("statusCode").asInt();
        if (status < 200 || status > 599) {
            broken.add("answers no status");
            return;
        }
        if (status >= 500 && !mayFail) {
            broken.add("answers " + status);
        }
        checkHeaders(tree.path("headers"));
        byte[] body;
        try {
            body = body(tree);
        } catch (IOException | IllegalArgumentException e) {
            broken.add("answers a body that is not encoded as it says");
            return;
        }
        checkBody(header(tree, "content-type"), body);
    }

    private static byte[] body(JsonNode tree) throws IOException {
        String text = tree.path("body").asText("");
        byte[] bytes = tree.path("isBase64Encoded").asBoolean()
                ? Base64.getDecoder().decode(text)
                : text.getBytes(StandardCharsets.UTF_8);
        // The headers of HEAD are those of a body that is not sent.
        if (bytes.length == 0 || !header(tree, "content-encoding").equals("gzip")) {
            return bytes;
        }
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return unpacked.readAllBytes();
        }
    }

    private static String header(JsonNode tree, String name) {
        for (var header : tree.path("headers").properties()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue().asText().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    /** Text that HTTP cannot carry would split an answer, or end it. */
    private void checkHeaders(JsonNode headers) {
        if (mayFail) {
            // The id of the request is API Gateway's own word.
            return;
        }
        for (var header : headers.properties()) {
            if (!header.getKey().chars().allMatch(c -> c > 0x20 && c < 0x7F)
                    || !header.getValue().asText("").chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
                broken.add("answers a header that HTTP cannot carry: " + header.getKey());
            }
        }
    }

    private void checkBody(String contentType, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        boolean isError = status >= 400;
        if (text.isEmpty()) {
            if (isError && !request.method().equals("HEAD")) {
                broken.add("answers an error without a body");
            }
            return;
        }
        checkNames(text);
        if (isError && body.length > InputLimits.ERROR_BYTES) {
            broken.add("answers an error of more than 64 KB");
        }
        if (!contentType.startsWith("application/json")) {
            if (isError || !contentType.startsWith("text/plain")) {
                broken.add("answers the type " + contentType);
            }
            return;
        }
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            broken.add("answers a body that is not JSON");
            return;
        }
        if (isError) {
            checkError(json.path("error"));
        } else if (json.path("responses").isArray() && request.path().endsWith("$batch")) {
            for (JsonNode part : json.path("responses")) {
                checkPart(part);
            }
        }
    }

    private void checkPart(JsonNode part) {
        int partStatus = part.path("status").asInt();
        if (partStatus >= 500) {
            broken.add("answers " + partStatus + " to a part of a batch");
        }
        if (partStatus >= 400) {
            if (part.path("body").toString().getBytes(StandardCharsets.UTF_8).length > InputLimits.ERROR_BYTES) {
                broken.add("answers an error of more than 64 KB to a part of a batch");
            }
            checkError(part.path("body").path("error"));
        }
    }

    private void checkError(JsonNode error) {
        if (error.path("code").asText().isBlank()
                || error.path("message").asText().isBlank()) {
            broken.add("answers an error without code and message");
        }
        if (error.path("details").size() > MOST_DETAILS) {
            broken.add("answers more than " + MOST_DETAILS + " details");
        }
        checkEcho(error.path("message").asText());
        for (int i = 0; i < Math.min(MOST_DETAILS, error.path("details").size()); i++) {
            checkEcho(error.path("details").path(i).path("message").asText());
        }
    }

    private void checkEcho(String message) {
        if (message.length() <= ECHO) {
            return;
        }
        if (sent.isEmpty()) {
            sent = request.text();
        }
        for (int at = 0; at + ECHO <= message.length(); at += ECHO / 2) {
            if (sent.contains(message.substring(at, at + ECHO))) {
                broken.add("repeats more than " + InputLimits.EXCERPT + " characters");
                return;
            }
        }
    }

    private void checkNames(String text) {
        for (String name : NAMES_OF_CODE) {
            if (text.contains(name) && !request.text().contains(name)) {
                broken.add("names code: " + name.strip());
            }
        }
    }
}
