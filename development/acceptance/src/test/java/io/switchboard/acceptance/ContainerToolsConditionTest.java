package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;

class ContainerToolsConditionTest {
    @Test
    void suite_runs_if_all_tools_are_available() {
        run(AllAvailable.class).testEvents().assertStatistics(events -> events.succeeded(1));
    }

    @Test
    void suite_with_missing_tools_is_skipped_with_name_and_reason() {
        run(SamMissing.class)
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(skippedWithReason(reason -> reason.contains("SamMissing")
                                && reason.contains("AWS SAM CLI")
                                && !reason.contains("cfn-lint (")
                                && !reason.contains("Docker"))));
    }

    @Test
    void suite_with_missing_tools_fails_in_ci() {
        EngineExecutionResults results = run(DockerMissingInCi.class);
        results.testEvents().assertStatistics(events -> events.started(0));
        results.containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        EventConditions.finishedWithFailure(message(
                                reason -> reason.contains("a running Docker engine") && reason.contains("CI=true"))));
    }

    @Test
    void every_suite_that_uses_localstack_or_sam_requires_the_tools() {
        for (Class<?> suite : List.of(
                DeployedSystemTest.class,
                SamLocalTest.class,
                LocalStackSessionStoreTest.class,
                LocalStackTemplateStoreTest.class)) {
            assertThat(suite).hasAnnotation(NeedsContainerTools.class);
        }
    }

    private static EngineExecutionResults run(Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .execute();
    }

    private static ContainerToolsCondition condition(boolean ci, boolean docker, String... commands) {
        try {
            Path folder = Files.createTempDirectory("path");
            folder.toFile().deleteOnExit();
            for (String command : commands) {
                Path file = Files.createFile(folder.resolve(command));
                file.toFile().deleteOnExit();
                assertThat(file.toFile().setExecutable(true)).isTrue();
            }
            return new ContainerToolsCondition(
                    Map.of("PATH", folder.toString(), "CI", Boolean.toString(ci)), () -> docker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static class AllAvailable {
        @RegisterExtension
        static final ContainerToolsCondition CONDITION = condition(true, true, "sam", "cfn-lint");

        @Test
        void runs() {}
    }

    static class SamMissing {
        @RegisterExtension
        static final ContainerToolsCondition CONDITION = condition(false, true, "cfn-lint");

        @Test
        void runs() {}
    }

    static class DockerMissingInCi {
        @RegisterExtension
        static final ContainerToolsCondition CONDITION = condition(true, false, "sam", "cfn-lint");

        @Test
        void runs() {}
    }
}
