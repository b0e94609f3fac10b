package io.switchboard.local;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A handler that writes and reads one item by its id. It returns 400 for an id that begins with x. */
public final class WritingHandler implements RequestStreamHandler {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DynamoDbClient dynamoDb;
    private final String table;

    public WritingHandler(Map<String, String> environment) {
        table = requireNonNull(environment.get("WRITES_TABLE"));
        dynamoDb = DynamoDbClient.builder()
                .endpointOverride(URI.create(requireNonNull(environment.get("AWS_ENDPOINT_URL_DYNAMODB"))))
                .region(Region.of(requireNonNull(environment.get("AWS_REGION"))))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        requireNonNull(environment.get("AWS_ACCESS_KEY_ID")),
                        requireNonNull(environment.get("AWS_SECRET_ACCESS_KEY")))))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        var event = JSON.readTree(input);
        String id = event.at("/pathParameters/id").asText();
        JSON.writeValue(
                output,
                JSON.createObjectNode()
                        .put(
                                "statusCode",
                                status(
                                        id,
                                        event.at("/requestContext/http/method").asText())));
    }

    private int status(String id, String method) {
        if (id.startsWith("x")) {
            return 400;
        }
        var key = Map.of("id", AttributeValue.fromS(id));
        if (method.equals("PUT")) {
            dynamoDb.putItem(request -> request.tableName(table).item(key));
            return 201;
        }
        return dynamoDb.getItem(request -> request.tableName(table).key(key).consistentRead(true))
                        .hasItem()
                ? 200
                : 404;
    }
}
