package io.switchboard.acceptance;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * LocalStack in a container, with the image from the system property {@code localstack.image}.
 *
 * <p>Deployed functions run in separate containers, which LocalStack does not remove when it is killed. {@link #close}
 * removes them.
 */
final class LocalStack implements AutoCloseable {
    private static final String TOKEN = "LOCALSTACK_AUTH_TOKEN";

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final LocalStackContainer container;

    private LocalStack(LocalStackContainer container) {
        this.container = container;
    }

    static LocalStack start() {
        return ProgressLog.timed("LocalStack starts", () -> {
            var container = new LocalStackContainer(
                    DockerImageName.parse(System.getProperty("localstack.image", "localstack/localstack:4.14.0"))
                            .asCompatibleSubstituteFor("localstack/localstack"));
            Optional.ofNullable(System.getenv(TOKEN)).ifPresent(token -> container.withEnv(TOKEN, token));
            container.withCopyFileToContainer(
                    MountableFile.forClasspathResource("io/switchboard/acceptance/update_aliases.py"),
                    "/etc/localstack/init/start.d/update_aliases.py");
            var localStack = new LocalStack(container);
            // Ctrl-C ends this JVM without JUnit's cleanup.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(localStack::close));
            container.start();
            // DynamoDB starts at the first request, which takes longer than a function's timeout.
            var _ = new AwsApi(HttpClient.newHttpClient(), localStack.endpoint()).tableNames();
            return localStack;
        });
    }

    /** Returns the endpoint of all services. */
    URI endpoint() {
        return container.getEndpoint();
    }

    /** Returns a client for all tables, with longer timeouts than those of a function. */
    DynamoDbClient dynamoDb() {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint())
                .region(Region.of(container.getRegion()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(container.getAccessKey(), container.getSecretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(TIMEOUT)
                        .socketTimeout(TIMEOUT))
                .build();
    }

    /** Returns the environment variables that make AWS CLIs and SDKs use LocalStack. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", endpoint().toString(),
                "AWS_ACCESS_KEY_ID", container.getAccessKey(),
                "AWS_SECRET_ACCESS_KEY", container.getSecretKey(),
                "AWS_DEFAULT_REGION", container.getRegion(),
                "AWS_EC2_METADATA_DISABLED", "true");
    }

    /** Stops LocalStack and the functions' containers. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (container.getContainerId() == null) {
            return;
        }
        String name = container.getContainerName().replaceFirst("^/", "");
        container.stop();
        DockerClient docker = DockerClientFactory.instance().client();
        for (var function : docker.listContainersCmd()
                .withShowAll(true)
                .withNameFilter(List.of(name.replace('_', '-') + "-lambda-"))
                .exec()) {
            try {
                docker.removeContainerCmd(function.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException e) {
                // LocalStack has already removed it.
            }
        }
    }
}
