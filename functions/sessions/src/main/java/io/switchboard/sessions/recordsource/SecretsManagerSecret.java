package io.switchboard.sessions.recordsource;

import io.switchboard.dynamodb.Wiring;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;

/**
 * A secret of AWS Secrets Manager. The client is created at the first read because most processes never need it.
 * Thread-safe.
 */
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

    private static SecretsManagerClient client(Map<String, String> environment) {
        SecretsManagerClientBuilder builder =
                SecretsManagerClient.builder().httpClient(Wiring.httpClient(Wiring.SOCKET_TIMEOUT));
        return Wiring.configure(builder, environment, "AWS_ENDPOINT_URL_SECRETS_MANAGER")
                .build();
    }
}
