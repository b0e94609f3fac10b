package io.switchboard.acceptance.graph;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class ClientToolsConditionTest {
    @Test
    void suite_runs_if_the_tool_is_recent_enough() {
        run(Recent.class).testEvents().assertStatistics(events -> events.succeeded(1));
    }

    @Test
    void suite_with_an_old_tool_is_skipped_with_the_reason() {
        run(Old.class)
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(skippedWithReason(
                                reason -> reason.contains("Old") && reason.contains("Go 1.24 or newer"))));
    }

    @Test
    void suite_without_the_tool_fails_in_ci() {
        EngineExecutionResults results = run(MissingInCi.class);
        results.testEvents().assertStatistics(events -> events.started(0));
        results.containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        finishedWithFailure(message(
                                reason -> reason.contains("Python 3.10 or newer") && reason.contains("CI=true"))));
    }

    private static EngineExecutionResults run(Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .execute();
    }

    /** Returns an environment in which a command prints a text, and no other command exists. */
    private static Map<String, String> environment(boolean ci, String command, String text) {
        try {
            Path folder = Files.createTempDirectory("path");
            folder.toFile().deleteOnExit();
            Path file = Files.createFile(
                    folder.resolve(command),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            file.toFile().deleteOnExit();
            Files.writeString(file, "#!/bin/sh\necho " + text + "\n");
            return Map.of("PATH", folder.toString(), "CI", Boolean.toString(ci));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static class Recent {
        @RegisterExtension
        static final ClientToolsCondition CONDITION = ClientToolsCondition.go(environment(true, "go", "go1.24.3"));

        @Test
        void runs() {}
    }

    static class Old {
        @RegisterExtension
        static final ClientToolsCondition CONDITION = ClientToolsCondition.go(environment(false, "go", "go1.23.9"));

        @Test
        void runs() {}
    }

    static class MissingInCi {
        @RegisterExtension
        static final ClientToolsCondition CONDITION = ClientToolsCondition.python(environment(true, "go", "go1.24.3"));

        @Test
        void runs() {}
    }
}
