package io.switchboard.dynamodb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Makes the DynamoDB client from a function's environment, and what clients of other services share with it. Everything the SDK would look for by itself (profile files,
 * region, credentials, HTTP client) is named, because each search costs cold start.
 */
public final class Wiring {
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(1);
    /** How long a read of a service that answers at once may take. */
    public static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(2);

    private Wiring() {}

    /**
     * A client for {@code AWS_REGION}, or for {@code AWS_ENDPOINT_URL_DYNAMODB} if that is set and not blank. It makes one attempt a
     * call: {@link DynamoDb} retries, because only it sees all forms of throttling.
     */
    public static DynamoDbClient client(Map<String, String> environment) {
        return client(environment, httpClient(SOCKET_TIMEOUT));
    }

    /**
     * A client that never leaves the process: whatever it asks or writes, the answer is an empty success. A request served on
     * it loads the same classes as a real one, so it primes a function before a snapshot without a write.
     */
    public static DynamoDbClient rehearsal(Map<String, String> environment) {
        return client(environment, RehearsalHttpClient.taking());
    }

    /** The same, but every write is refused as if its condition had failed: what such an answer loads is much, and all its own. */
    public static DynamoDbClient refusal(Map<String, String> environment) {
        return client(environment, RehearsalHttpClient.refusing());
    }

    /** The same client over another transport: rehearsals and tests bring their own. */
    static DynamoDbClient client(Map<String, String> environment, SdkHttpClient httpClient) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder().httpClient(httpClient);
        return configure(builder, environment, "AWS_ENDPOINT_URL_DYNAMODB")
                .overrideConfiguration(profile()
                        .addExecutionInterceptor(new RoundTrips())
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    /**
     * Gives a client what the SDK would search for: profile, region and credentials. Its transport is the caller's choice, see
     * {@link #httpClient}.
     *
     * @param endpointVariable names the variable with the service's address; if it is absent or blank, the service is the region's
     * @return the builder
     */
    public static <B extends AwsClientBuilder<B, ?>> B configure(
            B builder, Map<String, String> environment, String endpointVariable) {
        builder.region(Region.of(environment.getOrDefault("AWS_REGION", "us-east-1")))
                .credentialsProvider(credentials(environment))
                .overrideConfiguration(profile().build());
        String endpoint = environment.getOrDefault(endpointVariable, "").strip();
        if (!endpoint.isEmpty()) {
            builder.endpointOverride(URI.create(endpoint));
        }
        return builder;
    }

    private static ClientOverrideConfiguration.Builder profile() {
        return ClientOverrideConfiguration.builder()
                .defaultProfileFile(ProfileFile.aggregator().build())
                .defaultProfileName("default");
    }

    /**
     * A transport for clients of AWS.
     *
     * @param socketTimeout how long a read may take
     */
    public static SdkHttpClient httpClient(Duration socketTimeout) {
        return UrlConnectionHttpClient.create(uri -> connection(uri, socketTimeout));
    }

    /**
     * Opens a connection. The SDK's own way makes a TLS context in its constructor, which costs a seventh of a cold start even
     * if the endpoint is plain http; the JDK makes the same one at the first https connection, which priming opens.
     */
    private static HttpURLConnection connection(URI uri, Duration socketTimeout) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout((int) CONNECTION_TIMEOUT.toMillis());
            connection.setReadTimeout((int) socketTimeout.toMillis());
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The credentials of this environment. Lambda gives its credentials in variables, which live as long as the environment; after a restored snapshot it gives
     * them at a container endpoint instead, since variables would be as old as the snapshot.
     */
    public static AwsCredentialsProvider credentials(Map<String, String> environment) {
        @Nullable String id = environment.get("AWS_ACCESS_KEY_ID");
        @Nullable String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        if (id == null || secret == null || environment.containsKey("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
            return ContainerCredentialsProvider.builder().build();
        }
        @Nullable String token = environment.get("AWS_SESSION_TOKEN");
        AwsCredentials credentials = token == null || token.isBlank()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, token);
        return StaticCredentialsProvider.create(credentials);
    }

    /**
     * A whole number from the environment.
     *
     * @throws IllegalArgumentException naming the variable, where it is no number
     */
    public static int number(Map<String, String> environment, String name, int absent) {
        String text = environment.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            return absent;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "The environment variable " + name + " must be a whole number, not " + text, e);
        }
    }

    /**
     * A text the environment must have.
     *
     * @throws IllegalArgumentException naming the variable, where it is absent
     */
    public static String required(Map<String, String> environment, String name) {
        String text = environment.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("The environment variable " + name + " is missing");
        }
        return text;
    }
}
