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
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Creates the DynamoDB client from the environment of a function, and the configuration that clients of other services
 * share. It sets everything that the SDK would search for (profile files, region, credentials, HTTP client), because
 * each search makes the cold start longer.
 */
public final class Wiring {
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(1);
    /** The read timeout for services that respond immediately. */
    public static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(2);

    private Wiring() {}

    /**
     * Returns a client for {@code AWS_REGION}, or for {@code AWS_ENDPOINT_URL_DYNAMODB} if that is set and not blank.
     * It makes one attempt for each call. {@link DynamoDb} retries, because it recognises all forms of throttling.
     */
    public static DynamoDbClient client(Map<String, String> environment) {
        return client(environment, httpClient(SOCKET_TIMEOUT));
    }

    /**
     * Returns a client without a network connection: it accepts every write, and remembers it in memory for later
     * reads. A request on this client runs the same code as a real one, so it primes a function before a snapshot
     * without a write.
     */
    public static DynamoDbClient primingClient(Map<String, String> environment) {
        return client(environment, PrimingHttpClient.acceptingWrites());
    }

    /**
     * Returns a priming client that rejects every write with a failed condition, because that response loads many more
     * classes.
     */
    public static DynamoDbClient rejectingClient(Map<String, String> environment) {
        return client(environment, PrimingHttpClient.rejectingWrites());
    }

    /** Returns a client with another transport, for priming and tests. */
    static DynamoDbClient client(Map<String, String> environment, SdkHttpClient httpClient) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder().httpClient(httpClient);
        return configure(builder, environment, "AWS_ENDPOINT_URL_DYNAMODB")
                .endpointDiscoveryEnabled(false)
                .accountIdEndpointMode(AccountIdEndpointMode.DISABLED)
                .overrideConfiguration(profile()
                        .addExecutionInterceptor(new RoundTrips())
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    /**
     * Sets the configuration that the SDK would search for: profile, region and credentials. The caller chooses the
     * transport, see {@link #httpClient}.
     *
     * @param endpointVariable the variable with the endpoint of the service; if it is absent or blank, the region's
     *     endpoint is used
     * @return the builder
     */
    public static <B extends AwsClientBuilder<B, ?>> B configure(
            B builder, Map<String, String> environment, String endpointVariable) {
        builder.region(Region.of(environment.getOrDefault("AWS_REGION", "us-east-1")))
                .defaultsMode(DefaultsMode.LEGACY)
                .dualstackEnabled(false)
                .fipsEnabled(false)
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
     * Returns a transport for AWS clients.
     *
     * @param socketTimeout the read timeout
     */
    public static SdkHttpClient httpClient(Duration socketTimeout) {
        return UrlConnectionHttpClient.create(uri -> connection(uri, socketTimeout));
    }

    /**
     * Opens a connection. The SDK's connection factory creates a TLS context in its constructor, which takes a seventh
     * of a cold start even for an http endpoint. The JDK creates the same context with the first https connection,
     * which priming opens.
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
     * Returns the credentials of this environment. Lambda provides them in variables, which are valid as long as the
     * environment. After a restore it provides them at a container endpoint instead, because variables would be as old
     * as the snapshot.
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
     * Returns a whole number from the environment.
     *
     * @throws IllegalArgumentException with the variable name, if the value is not a whole number
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
     * Returns a required text from the environment.
     *
     * @throws IllegalArgumentException with the variable name, if it is absent
     */
    public static String required(Map<String, String> environment, String name) {
        String text = environment.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("The environment variable " + name + " is missing");
        }
        return text;
    }
}
