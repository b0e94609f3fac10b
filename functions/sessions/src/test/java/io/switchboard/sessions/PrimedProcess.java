package io.switchboard.sessions;

import io.switchboard.http.ApiFunction;
import io.switchboard.replay.ApiEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.crac.Core;

/**
 * A JVM that primes {@code CreateSession} as before a snapshot and then serves event files. After each step it prints
 * the length of the JVM's log of loaded classes.
 */
final class PrimedProcess {
    private PrimedProcess() {}

    /**
     * Primes the function and serves the events.
     *
     * @param arguments the log of loaded classes, variables as {@code name=value}, and event files
     */
    public static void main(String[] arguments) throws IOException {
        Path classes = Path.of(arguments[0]);
        Map<String, String> environment = environment(arguments);
        ApiFunction function = new CreateSession(environment);
        function.beforeCheckpoint(Core.getGlobalContext());
        function.afterRestore(Core.getGlobalContext());
        System.out.println(Files.size(classes) + " restored");
        for (int next = 1 + environment.size(); next < arguments.length; next++) {
            int status = ApiEvent.of(Path.of(arguments[next])).sendTo(function).status();
            System.out.println(Files.size(classes) + " " + status);
        }
    }

    /** Returns the variables among the arguments; they follow the first one. */
    static Map<String, String> environment(String[] arguments) {
        Map<String, String> environment = new HashMap<>();
        for (int next = 1; next < arguments.length && arguments[next].contains("="); next++) {
            int equals = arguments[next].indexOf('=');
            environment.put(arguments[next].substring(0, equals), arguments[next].substring(equals + 1));
        }
        return environment;
    }
}
