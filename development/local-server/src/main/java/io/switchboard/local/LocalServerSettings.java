package io.switchboard.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a local server is started with.
 *
 * @param template the deployed system's {@code template.yaml}
 * @param port on 127.0.0.1; 0 takes a free one
 * @param data folder that keeps the tables; empty keeps them in memory
 * @param hosts names that requests may come by, besides those of loopback
 * @param audience what tokens are issued for, the template's parameter {@code Audience}
 * @param corsOrigins origins whose pages may call the API, besides the server's own
 * @param parameters values of the template's parameters; they win over all that the server would give them
 * @param dynamoDb a DynamoDB that runs already; empty starts one that ends with the server
 * @param dynamoDbPort where the one that is started answers on every network interface, so that containers reach it; empty: on a
 *     free port of 127.0.0.1
 * @param recordSource the file that the record source's secret is read from; empty: no record source
 * @param longestQueueDelay what no queue delays its messages longer than; empty: as the template says
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

    /** For tests: a free port, tables in memory, all else by default. */
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

    /** The same on a DynamoDB that runs already and outlives the server. */
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

    /** The same, and requests may come by these names, too. */
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

    /** The same with a DynamoDB of its own at this port of every network interface; 0 takes a free one. */
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

    /** The same with further values of the template's parameters. */
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

    /** The same with a record source, set up by this file. */
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

    /** The same, and no queue delays its messages longer than this: for tests that cannot wait. */
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
