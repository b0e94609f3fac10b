package io.switchboard.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The one secret that functions read, the record source's: Secrets Manager's GetSecretValue, {@code POST /local/secrets}, whose
 * answer is a file as it is at that moment. Thread-safe.
 *
 * <p>As at AWS a request must be signed, though any signature will do: no web page can send one without being asked first.
 */
final class LocalSecrets implements HttpHandler {
    static final String PATH = "/local/secrets";

    /** The secret's name, as the template's parameter has it. */
    static final String ARN =
            "arn:aws:secretsmanager:" + LocalFunctions.REGION + ":000000000000:secret:local-record-source-AbCdEf";

    private static final int MOST_BYTES = 64 * 1024;
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    /** @throws LocalServerException where the file is not there */
    LocalSecrets(Path file) {
        if (!Files.isReadable(file)) {
            throw new LocalServerException("The file of --record-source cannot be read: " + file);
        }
        this.file = file;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
            var answer = answer(exchange, body).with("content-type", "application/x-amz-json-1.1");
            answer.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(answer.status(), answer.body().length());
            exchange.getResponseBody().write(answer.body().array());
        }
    }

    private OutgoingResponse answer(HttpExchange exchange, byte[] body) {
        String signature = header(exchange, "Authorization");
        if (!exchange.getRequestMethod().equals("POST")
                || !header(exchange, "X-Amz-Target").equals("secretsmanager.GetSecretValue")) {
            return refused("UnknownOperationException", "Of Secrets Manager there is only GetSecretValue here.");
        }
        if (!signature.startsWith(SIGNATURE)) {
            return refused("MissingAuthenticationToken", "Sign the request, with any credentials.");
        }
        try {
            if (!JSON.readTree(body).path("SecretId").asText().equals(ARN)) {
                return refused("ResourceNotFoundException", "Here is only the secret " + ARN + ".");
            }
            ObjectNode secret = JSON.createObjectNode()
                    .put("ARN", ARN)
                    .put("Name", "local-record-source")
                    .put("SecretString", Files.readString(file));
            return OutgoingResponse.json(HttpURLConnection.HTTP_OK, secret);
        } catch (IOException e) {
            return refused(
                    "InvalidRequestException", "The body is no JSON, or the file of --record-source cannot be read.");
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private static OutgoingResponse refused(String type, String message) {
        return OutgoingResponse.json(
                HttpURLConnection.HTTP_BAD_REQUEST,
                JSON.createObjectNode().put("__type", type).put("message", message));
    }
}
