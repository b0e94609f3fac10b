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

/** The contract that every response of a function behind the API must keep, for any input. */
final class ResponseContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The largest response of Lambda: 6 MB plus a small envelope. */
    private static final int LARGEST_ANSWER = 6 * 1_024 * 1_024;

    private static final long LONGEST_MILLIS = 5_000;
    private static final int MAXIMUM_DETAILS = InputLimits.VIOLATIONS + 1;
    /** Longer than one excerpt in a message, so that two adjacent excerpts are allowed. */
    private static final int ECHO = InputLimits.EXCERPT + 20;

    private static final Set<String> INTERNAL_NAMES = Set.of(
            "java.", "io.switchboard", "software.amazon", "com.fasterxml", "Exception", "StackOverflow", "\tat ");

    private final FuzzRequest request;
    private final FuzzResult response;
    private final boolean mayFail;
    private final List<String> broken = new ArrayList<>();
    private int status;
    private String sent = "";

    private ResponseContract(FuzzRequest request, FuzzResult response, boolean mayFail) {
        this.request = request;
        this.response = response;
        this.mayFail = mayFail;
    }

    /**
     * The result of a request.
     *
     * @param status the status, or 0 if the response has none
     * @param broken descriptions of the violated rules
     */
    record Outcome(int status, List<String> broken) {}

    /** @param mayFail whether a 5xx is allowed because no client can cause the event */
    static Outcome check(FuzzRequest request, FuzzResult response, boolean mayFail) {
        ResponseContract contract = new ResponseContract(request, response, mayFail);
        contract.check();
        return new Outcome(contract.status, contract.broken);
    }

    private void check() {
        if (response.processorMillis() > LONGEST_MILLIS) {
            broken.add("takes more than " + LONGEST_MILLIS + " ms");
        }
        if (response.thrown() != null) {
            broken.add("throws " + response.thrown().getClass().getName());
            return;
        }
        if (response.text().getBytes(StandardCharsets.UTF_8).length > LARGEST_ANSWER) {
            broken.add("returns more than Lambda allows");
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(response.text());
        } catch (JsonProcessingException e) {
            broken.add("returns a response that is not JSON");
            return;
        }
        status = tree.path("statusCode").asInt();
        if (status < 200 || status > 599) {
            broken.add("returns no valid status");
            return;
        }
        if (status >= 500 && !mayFail) {
            broken.add("returns " + status);
        }
        checkHeaders(tree.path("headers"));
        byte[] body;
        try {
            body = body(tree);
        } catch (IOException | IllegalArgumentException e) {
            broken.add("returns a body that does not match its encoding");
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

    /** Checks the headers, because characters that HTTP does not allow could split or end a response. */
    private void checkHeaders(JsonNode headers) {
        if (mayFail) {
            // API Gateway itself sets the request id.
            return;
        }
        for (var header : headers.properties()) {
            if (!header.getKey().chars().allMatch(c -> c > 0x20 && c < 0x7F)
                    || !header.getValue().asText("").chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
                broken.add("returns a header that HTTP cannot carry: " + header.getKey());
            }
        }
    }

    private void checkBody(String contentType, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        boolean isError = status >= 400;
        if (text.isEmpty()) {
            if (isError && !request.method().equals("HEAD")) {
                broken.add("returns an error without a body");
            }
            return;
        }
        checkNames(text);
        if (isError && body.length > InputLimits.ERROR_BYTES) {
            broken.add("returns an error of more than 64 KB");
        }
        if (!contentType.startsWith("application/json")) {
            if (isError || !(contentType.startsWith("text/plain") || contentType.equals("application/xml"))) {
                broken.add("returns the content type " + contentType);
            }
            return;
        }
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            broken.add("returns a body that is not JSON");
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
            broken.add("returns " + partStatus + " for a part of a batch");
        }
        if (partStatus >= 400) {
            if (part.path("body").toString().getBytes(StandardCharsets.UTF_8).length > InputLimits.ERROR_BYTES) {
                broken.add("returns an error of more than 64 KB for a part of a batch");
            }
            checkError(part.path("body").path("error"));
        }
    }

    private void checkError(JsonNode error) {
        if (error.path("code").asText().isBlank()
                || error.path("message").asText().isBlank()) {
            broken.add("returns an error without code and message");
        }
        if (error.path("details").size() > MAXIMUM_DETAILS) {
            broken.add("returns more than " + MAXIMUM_DETAILS + " details");
        }
        checkEcho(error.path("message").asText());
        for (int i = 0; i < Math.min(MAXIMUM_DETAILS, error.path("details").size()); i++) {
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
                broken.add("repeats more than " + InputLimits.EXCERPT + " characters of the input");
                return;
            }
        }
    }

    private void checkNames(String text) {
        for (String name : INTERNAL_NAMES) {
            if (text.contains(name) && !request.text().contains(name)) {
                broken.add("exposes an internal name: " + name.strip());
            }
        }
    }
}
