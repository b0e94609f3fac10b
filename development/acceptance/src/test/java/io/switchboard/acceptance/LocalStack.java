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
 * AWS on this machine: LocalStack in a container, of the image that the system property {@code localstack.image} names.
 *
 * <p>The functions deployed to it run in containers beside it, which it forgets when it is killed: {@link #close} removes them.
 */
final class LocalStack implements AutoCloseable {
    private static final String TOKEN = "LOCALSTACK_AUTH_TOKEN";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LocalStackContainer container;

    private LocalStack(LocalStackContainer container) {
        this.container = container;
    }

    static LocalStack start() {
        return Stage.timed("LocalStack starts", () -> {
            var container = new LocalStackContainer(
                    DockerImageName.parse(System.getProperty("localstack.image", "localstack/localstack:4.14.0"))
                            .asCompatibleSubstituteFor("localstack/localstack"));
            Optional.ofNullable(System.getenv(TOKEN)).ifPresent(token -> container.withEnv(TOKEN, token));
            container.withCopyFileToContainer(
                    MountableFile.forClasspathResource("io/switchboard/acceptance/update_aliases.py"),
                    "/etc/localstack/init/start.d/update_aliases.py");
            var localStack = new LocalStack(container);
            // Ctrl-C ends this JVM without JUnit's end.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(localStack::close));
            container.start();
            // DynamoDB starts with its first request, which takes longer than a function would wait.
            var _ = new AwsApi(HttpClient.newHttpClient(), localStack.endpoint()).tableNames();
            return localStack;
        });
    }

    /** Where every service answers. */
    URI endpoint() {
        return container.getEndpoint();
    }

    /** A client for the tables of its stacks and others beside them; it has more patience than a function has. */
    DynamoDbClient dynamoDb() {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint())
                .region(Region.of(container.getRegion()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(container.getAccessKey(), container.getSecretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(PATIENCE)
                        .socketTimeout(PATIENCE))
                .build();
    }

    /** What makes the AWS CLIs and SDKs of a process talk to it. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", endpoint().toString(),
                "AWS_ACCESS_KEY_ID", container.getAccessKey(),
                "AWS_SECRET_ACCESS_KEY", container.getSecretKey(),
                "AWS_DEFAULT_REGION", container.getRegion(),
                "AWS_EC2_METADATA_DISABLED", "true");
    }

    /** Ends it and the functions' containers. A second call does nothing. */
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
                // LocalStack has removed it in the meantime.
            }
        }
    }
}
