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

/** The command line. */
sealed interface Options {
    String HELP = """
            Switchboard, the development server: the API of template.yaml on http://127.0.0.1:3000, with DynamoDB Local
            and a token issuer. For this machine only.

              --port <number>            port on 127.0.0.1; default 3000, 0 takes a free one
              --host <name>              answers requests by this name too, besides localhost and 127.0.0.1; repeatable
              --data <folder>            keeps the tables in this folder; default: in memory, gone at the end
              --dynamodb-port <number>   lets containers reach its DynamoDB at this port, the bus of events and the queues one port
                                         above, on every network interface of this machine; default: a free port of 127.0.0.1
              --cors-origin <origin>     lets pages of this origin call the API, besides the server's own; repeatable
              --audience <text>          what tokens are issued for; default switchboard
              --parameter <Name>=<value> a parameter of template.yaml; repeatable
              --record-source <file>     where slugs find records: what the secret RecordSourceSecretArn would hold, as JSON
              --template <file>          another template; default template.yaml in this folder
              --stop-with-parent         ends when the process that started it has ended
              --help                     this text

            Ends with Ctrl-C or SIGTERM, DynamoDB Local included. Exit code: 130 after Ctrl-C, 143 after SIGTERM,
            0 after --help or the parent's end, 2 for a wrong option, 1 for all else that keeps it from starting.
            """;

    record Run(LocalServerSettings settings, boolean stopWithParent) implements Options {}

    record Help() implements Options {}

    /**
     * A command line that cannot be run.
     *
     * @param problem one line
     */
    record Wrong(String problem) implements Options {}

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
                    return new Wrong("There is no option " + option);
                }
            }
            if (rest.isEmpty() || rest.peek().isBlank()) {
                return new Wrong(option + " needs a value");
            }
            String value = rest.pop();
            try {
                switch (option) {
                    case "--port" -> port = port(value);
                    case "--host" -> {
                        if (!HostFilter.isHost(value)) {
                            return new Wrong(
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
                            return new Wrong("--parameter needs <Name>=<value>, but is " + value);
                        }
                        parameters.put(value.substring(0, sign), value.substring(sign + 1));
                    }
                }
            } catch (NumberFormatException e) {
                return new Wrong(option + " must be a number from 0 to 65535, but is " + value);
            } catch (InvalidPathException e) {
                return new Wrong(option + " is no path: " + value);
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
