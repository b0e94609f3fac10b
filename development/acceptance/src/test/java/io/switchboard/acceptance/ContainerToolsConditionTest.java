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
    void a_suite_runs_where_all_is_there() {
        run(AllThere.class).testEvents().assertStatistics(events -> events.succeeded(1));
    }

    @Test
    void a_suite_is_skipped_by_name_and_reason_where_something_is_missing() {
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
    void with_ci_a_suite_fails_where_something_is_missing() {
        EngineExecutionResults results = run(DockerMissingInCi.class);
        results.testEvents().assertStatistics(events -> events.started(0));
        results.containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        EventConditions.finishedWithFailure(message(reason ->
                                reason.contains("a Docker engine that answers") && reason.contains("CI=true"))));
    }

    @Test
    void every_suite_that_uses_localstack_or_sam_needs_the_tools() {
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

    static class AllThere {
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
