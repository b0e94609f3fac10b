package io.switchboard.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of a local server.
 *
 * @param template the deployed system's {@code template.yaml}
 * @param port the port on 127.0.0.1; 0 selects a free port
 * @param data the folder that stores the tables; empty stores them in memory
 * @param hosts additional host names that requests may use besides the loopback names
 * @param audience the audience of issued tokens, the template's parameter {@code Audience}
 * @param corsOrigins additional origins whose pages may call the API besides the server's own
 * @param parameters values of the template's parameters; they override the values that the server sets
 * @param dynamoDb the endpoint of a running DynamoDB; empty starts a DynamoDB Local that stops with the server
 * @param dynamoDbPort the port of the started DynamoDB Local on every network interface, for containers; empty selects
 *     a free port of 127.0.0.1
 * @param recordSource the file with the record source's secret; empty disables the record source
 * @param longestQueueDelay the upper limit of every queue's delay; empty applies the template's delays
 */
public record LocalServerSettings(
        Path template,
        int port,
        Optional<Path> data,
        List<String> hosts,
        String audience,
        List<String> corsOrigins,
        Map<String, String> parameters,
        Optional<URI> dynamoDb,
        OptionalInt dynamoDbPort,
        Optional<Path> recordSource,
        Optional<Duration> longestQueueDelay) {
    public static final int DEFAULT_PORT = 3000;
    public static final String DEFAULT_AUDIENCE = "switchboard";

    public LocalServerSettings {
        hosts = List.copyOf(hosts);
        corsOrigins = List.copyOf(corsOrigins);
        parameters = Map.copyOf(parameters);
    }

    /** Returns settings for tests: a free port, tables in memory, defaults otherwise. */
    public static LocalServerSettings of(Path template) {
        return new LocalServerSettings(
                template,
                0,
                Optional.empty(),
                List.of(),
                DEFAULT_AUDIENCE,
                List.of(),
                Map.of(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Returns a copy that uses a running DynamoDB, which the server does not stop. */
    public LocalServerSettings withDynamoDb(URI endpoint) {
        return new LocalServerSettings(
                template,
                port,
                data,
                hosts,
                audience,
                corsOrigins,
                parameters,
                Optional.of(endpoint),
                dynamoDbPort,
                recordSource,
                longestQueueDelay);
    }

    /** Returns a copy that also accepts requests to these host names. */
    public LocalServerSettings withHosts(List<String> names) {
        return new LocalServerSettings(
                template,
                port,
                data,
                names,
                audience,
                corsOrigins,
                parameters,
                dynamoDb,
                dynamoDbPort,
                recordSource,
                longestQueueDelay);
    }

    /** Returns a copy that starts DynamoDB Local on this port of every network interface; 0 selects a free port. */
    public LocalServerSettings withDynamoDbPort(int number) {
        return new LocalServerSettings(
                template,
                port,
                data,
                hosts,
                audience,
                corsOrigins,
                parameters,
                dynamoDb,
                OptionalInt.of(number),
                recordSource,
                longestQueueDelay);
    }

    /** Returns a copy with these values of the template's parameters. */
    public LocalServerSettings withParameters(Map<String, String> values) {
        return new LocalServerSettings(
                template,
                port,
                data,
                hosts,
                audience,
                corsOrigins,
                values,
                dynamoDb,
                dynamoDbPort,
                recordSource,
                longestQueueDelay);
    }

    /** Returns a copy whose record source is configured by this file. */
    public LocalServerSettings withRecordSource(Path file) {
        return new LocalServerSettings(
                template,
                port,
                data,
                hosts,
                audience,
                corsOrigins,
                parameters,
                dynamoDb,
                dynamoDbPort,
                Optional.of(file),
                longestQueueDelay);
    }

    /** Returns a copy that limits the delay of every queue, for tests that cannot wait. */
    public LocalServerSettings withLongestQueueDelay(Duration longest) {
        return new LocalServerSettings(
                template,
                port,
                data,
                hosts,
                audience,
                corsOrigins,
                parameters,
                dynamoDb,
                dynamoDbPort,
                recordSource,
                Optional.of(longest));
    }
}
