package io.switchboard.acceptance.graph;

import io.switchboard.acceptance.ToolsCondition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Enables the suite of a {@link ClientProgram} if the tools of its language are available, in a sufficient version. */
final class ClientToolsCondition extends ToolsCondition {
    private static final int CHECK_SECONDS = 20;

    private final String tools;
    private final String check;

    private ClientToolsCondition(Map<String, String> environment, String tools, String check) {
        super(environment);
        this.tools = tools;
        this.check = check;
    }

    static ClientToolsCondition python(Map<String, String> environment) {
        return new ClientToolsCondition(
                environment,
                "Python 3.10 or newer with the module venv (apt-get install python3-venv)",
                "python3 -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 10))'");
    }

    static ClientToolsCondition go(Map<String, String> environment) {
        return new ClientToolsCondition(
                environment,
                "Go 1.24 or newer (apt-get install golang-go)",
                "[[ $(go env GOVERSION) =~ ^go1\\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 24))");
    }

    static ClientToolsCondition node(Map<String, String> environment) {
        return new ClientToolsCondition(
                environment,
                "Node.js 18 or newer with npm (apt-get install nodejs npm)",
                "npm --version && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'");
    }

    @Override
    protected List<String> missing() {
        return isSuccessful() ? List.of() : List.of(tools);
    }

    private boolean isSuccessful() {
        // The folder of temporary files has no file that selects another version of the tool.
        var builder = new ProcessBuilder("bash", "-c", check)
                .directory(Path.of(System.getProperty("java.io.tmpdir")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PATH", variable("PATH"));
        try {
            Process process = builder.start();
            boolean ended = process.waitFor(CHECK_SECONDS, TimeUnit.SECONDS);
            process.destroy();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            // Bash does not exist.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
