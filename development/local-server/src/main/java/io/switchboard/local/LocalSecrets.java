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
 * Serves the record source's secret, the only secret that functions read. Implements Secrets Manager's GetSecretValue,
 * {@code POST /local/secrets}, and returns the file's current content. Thread-safe.
 *
 * <p>Requests must be signed, as in AWS, but any signature is accepted. A web page cannot send the signature header
 * without a CORS preflight.
 */
final class LocalSecrets implements HttpHandler {
    static final String PATH = "/local/secrets";

    /** The secret's ARN, the value of the template's parameter. */
    static final String ARN =
            "arn:aws:secretsmanager:" + LocalFunctions.REGION + ":000000000000:secret:local-record-source-AbCdEf";

    private static final int MAXIMUM_BYTES = 64 * 1024;
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    /** @throws LocalServerException if the file cannot be read */
    LocalSecrets(Path file) {
        if (!Files.isReadable(file)) {
            throw new LocalServerException(
                    "The file of --record-source cannot be read: " + file + ". Specify a readable file.");
        }
        this.file = file;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAXIMUM_BYTES + 1);
            var response = response(exchange, body).with("content-type", "application/x-amz-json-1.1");
            response.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(response.status(), response.body().length());
            exchange.getResponseBody().write(response.body().array());
        }
    }

    private OutgoingResponse response(HttpExchange exchange, byte[] body) {
        String signature = header(exchange, "Authorization");
        if (!exchange.getRequestMethod().equals("POST")
                || !header(exchange, "X-Amz-Target").equals("secretsmanager.GetSecretValue")) {
            return rejected(
                    "UnknownOperationException", "The only supported Secrets Manager operation is GetSecretValue.");
        }
        if (!signature.startsWith(SIGNATURE)) {
            return rejected("MissingAuthenticationToken", "The request is not signed. Sign it with any credentials.");
        }
        try {
            if (!JSON.readTree(body).path("SecretId").asText().equals(ARN)) {
                return rejected("ResourceNotFoundException", "The secret does not exist. Use " + ARN + ".");
            }
            ObjectNode secret = JSON.createObjectNode()
                    .put("ARN", ARN)
                    .put("Name", "local-record-source")
                    .put("SecretString", Files.readString(file));
            return OutgoingResponse.json(HttpURLConnection.HTTP_OK, secret);
        } catch (IOException e) {
            return rejected(
                    "InvalidRequestException", "The body is not JSON, or the file of --record-source cannot be read.");
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private static OutgoingResponse rejected(String type, String message) {
        return OutgoingResponse.json(
                HttpURLConnection.HTTP_BAD_REQUEST,
                JSON.createObjectNode().put("__type", type).put("message", message));
    }
}
