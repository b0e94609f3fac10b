package io.switchboard.sessions.recordsource;

import io.switchboard.dynamodb.Wiring;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;

/** A secret of AWS Secrets Manager. Its client is made at the first read: most processes never need one. Thread-safe. */
final class SecretsManagerSecret implements SecretText {
    private final Map<String, String> environment;
    private final String id;
    private volatile @Nullable SecretsManagerClient client;

    /** @param id its ARN */
    SecretsManagerSecret(Map<String, String> environment, String id) {
        this.environment = environment;
        this.id = id;
    }

    @Override
    public String read(Duration time) {
        @Nullable SecretsManagerClient made = client;
        if (made == null) {
            made = client(environment);
            client = made;
        }
        @Nullable
        String text = made.getSecretValue(GetSecretValueRequest.builder()
                        .secretId(id)
                        .overrideConfiguration(AwsRequestOverrideConfiguration.builder()
                                .apiCallTimeout(time)
                                .build())
                        .build())
                .secretString();
        return text == null ? "" : text;
    }

    /** As {@link Wiring} makes DynamoDB's: everything the SDK would look for is named. */
    private static SecretsManagerClient client(Map<String, String> environment) {
        SecretsManagerClientBuilder builder = SecretsManagerClient.builder()
                .region(Wiring.region(environment))
                .credentialsProvider(Wiring.credentials(environment))
                .httpClient(Wiring.httpClient())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .defaultProfileFile(ProfileFile.aggregator().build())
                        .defaultProfileName("default")
                        .build());
        String endpoint =
                environment.getOrDefault("AWS_ENDPOINT_URL_SECRETS_MANAGER", "").strip();
        if (!endpoint.isEmpty()) {
            builder.endpointOverride(URI.create(endpoint));
        }
        return builder.build();
    }
}
