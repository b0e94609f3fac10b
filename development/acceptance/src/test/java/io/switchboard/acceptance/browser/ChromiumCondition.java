package io.switchboard.acceptance.browser;

import io.switchboard.acceptance.ToolsCondition;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides for {@link NeedsBrowser}. */
final class ChromiumCondition extends ToolsCondition {
    private static final List<String> COMMANDS = List.of("chromium", "chromium-browser", "google-chrome");

    /** Creates the condition for this machine. JUnit calls this constructor. */
    ChromiumCondition() {
        this(System.getenv());
    }

    ChromiumCondition(Map<String, String> environment) {
        super(environment);
    }

    @Override
    protected List<String> missing() {
        return executable().isPresent()
                ? List.of()
                : List.of("Chromium (apt-get install chromium), on the PATH or set in SWITCHBOARD_CHROMIUM");
    }

    /**
     * Returns the installed browser. Playwright's own browser is not downloaded; without a browser these suites are
     * skipped.
     */
    Optional<Path> executable() {
        String named = variable("SWITCHBOARD_CHROMIUM");
        var candidates = named.isEmpty()
                ? Stream.of(variable("PATH").split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isEmpty())
                        .flatMap(folder -> COMMANDS.stream().map(command -> Path.of(folder, command)))
                : Stream.of(Path.of(named));
        return candidates.filter(Files::isExecutable).findFirst();
    }
}
