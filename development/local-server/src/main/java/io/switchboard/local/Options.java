package io.switchboard.local;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The parsed command line. */
sealed interface Options {
    String HELP = """
            Runs the API of template.yaml on http://127.0.0.1:3000, with DynamoDB Local and a token issuer.
            For development on this machine only.

              --port <number>            port on 127.0.0.1; default 3000, 0 selects a free port
              --host <name>              host name to accept besides localhost and 127.0.0.1; repeatable
              --data <folder>            folder that stores the tables; default: in memory, lost when the server stops
              --dynamodb-port <number>   port of DynamoDB for containers; the event bus and the queues use the next port;
                                         both listen on all network interfaces; default: a free port of 127.0.0.1
              --cors-origin <origin>     origin whose pages may call the API, besides the server's own; repeatable
              --audience <text>          audience of issued tokens; default switchboard
              --parameter <Name>=<value> parameter of template.yaml; repeatable
              --record-source <file>     JSON file with the content of the secret RecordSourceSecretArn, for slugs
              --template <file>          template to run; default template.yaml in the current folder
              --stop-with-parent         stops when the parent process ends
              --help                     prints this text

            Ctrl-C or SIGTERM stops the server and DynamoDB Local. Exit code: 130 after Ctrl-C, 143 after SIGTERM,
            0 after --help or the end of the parent, 2 for an invalid option, 1 for any other error at startup.
            """;

    record Run(LocalServerSettings settings, boolean stopWithParent) implements Options {}

    record Help() implements Options {}

    /**
     * An invalid command line.
     *
     * @param problem the error in one line, without a full stop
     */
    record Invalid(String problem) implements Options {}

    static Options parse(String... arguments) {
        int port = LocalServerSettings.DEFAULT_PORT;
        Optional<Path> data = Optional.empty();
        List<String> hosts = new ArrayList<>();
        OptionalInt dynamoDbPort = OptionalInt.empty();
        Path template = Path.of("template.yaml");
        String audience = LocalServerSettings.DEFAULT_AUDIENCE;
        List<String> corsOrigins = new ArrayList<>();
        var parameters = new HashMap<String, String>();
        Optional<Path> recordSource = Optional.empty();
        boolean stopWithParent = false;

        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String option = rest.pop();
            int equals = option.indexOf('=');
            if (option.startsWith("--") && equals > 0) {
                rest.push(option.substring(equals + 1));
                option = option.substring(0, equals);
            }
            switch (option) {
                case "--help", "-h" -> {
                    return new Help();
                }
                case "--stop-with-parent" -> {
                    stopWithParent = true;
                    continue;
                }
                case "--port",
                        "--host",
                        "--data",
                        "--dynamodb-port",
                        "--cors-origin",
                        "--audience",
                        "--parameter",
                        "--record-source",
                        "--template" -> {}
                default -> {
                    return new Invalid("Unknown option " + option);
                }
            }
            if (rest.isEmpty() || rest.peek().isBlank()) {
                return new Invalid(option + " needs a value");
            }
            String value = rest.pop();
            try {
                switch (option) {
                    case "--port" -> port = port(value);
                    case "--host" -> {
                        if (!HostFilter.isHost(value)) {
                            return new Invalid(
                                    "--host must be a host name or an address without a port, but is " + value);
                        }
                        hosts.add(value);
                    }
                    case "--data" -> data = Optional.of(Path.of(value));
                    case "--dynamodb-port" -> dynamoDbPort = OptionalInt.of(port(value));
                    case "--cors-origin" -> corsOrigins.add(value);
                    case "--audience" -> audience = value;
                    case "--record-source" -> recordSource = Optional.of(Path.of(value));
                    case "--template" -> template = Path.of(value);
                    default -> {
                        int sign = value.indexOf('=');
                        if (sign <= 0) {
                            return new Invalid("--parameter must be <Name>=<value>, but is " + value);
                        }
                        parameters.put(value.substring(0, sign), value.substring(sign + 1));
                    }
                }
            } catch (NumberFormatException e) {
                return new Invalid(option + " must be a number from 0 to 65535, but is " + value);
            } catch (InvalidPathException e) {
                return new Invalid(option + " must be a path, but is " + value);
            }
        }
        return new Run(
                new LocalServerSettings(
                        template,
                        port,
                        data,
                        hosts,
                        audience,
                        corsOrigins,
                        parameters,
                        Optional.empty(),
                        dynamoDbPort,
                        recordSource,
                        Optional.empty()),
                stopWithParent);
    }

    private static int port(String value) {
        int port = Integer.parseInt(value);
        if (port < 0 || port > 65_535) {
            throw new NumberFormatException(value);
        }
        return port;
    }
}
