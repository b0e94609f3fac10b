package io.switchboard.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.HttpRoute;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The benchmark measures each function with routes, and its options and checks of responses report errors. */
class WorkloadTest {
    @Test
    void each_function_with_routes_is_measured() {
        Deployment deployment = Deployment.read(
                BudgetTest.ROOT.resolve("template.yaml"),
                Map.of("Issuer", "https://issuer.example", "Audience", "api://switchboard", "ReleaseId", "bench"));
        assertThat(new Workload(BudgetTest.ROOT, Build.CURRENT)
                        .requests().stream().map(MeasuredRequest::function).collect(Collectors.toSet()))
                .isEqualTo(deployment.routes().stream().map(HttpRoute::function).collect(Collectors.toSet()));
    }

    @Test
    void events_have_the_tenant_of_their_build() {
        for (MeasuredRequest request : new Workload(BudgetTest.ROOT, Build.BASELINE).requests()) {
            assertThat(new String(request.events().get(), UTF_8))
                    .as(request.name())
                    .contains("\"tid\":\"baseline\"");
        }
    }

    @Test
    void response_with_too_few_members_ends_the_benchmark() {
        ExpectedResponse two = ExpectedResponse.of(200, "id", 2);
        two.check("{\"statusCode\":200,\"body\":\"[{\\\"id\\\":1},{\\\"id\\\":2}]\"}");
        assertThatThrownBy(() -> two.check("{\"statusCode\":200,\"body\":\"[{\\\"id\\\":1}]\"}"))
                .hasMessage("The function returned 1 times id instead of at least 2 times.");
        assertThatThrownBy(() -> two.check("{\"statusCode\":404,\"body\":\"{}\"}"))
                .hasMessage("The function returned 404 instead of 200: {}");
    }

    @Test
    void only_forms_without_snap_start_stop_the_compilation_at_level_1() {
        assertThat(Form.RESTORED.options()).isEmpty();
        assertThat(Form.WITHOUT_SNAP_START.options()).containsExactly("-XX:TieredStopAtLevel=1");
        assertThat(Form.WITHOUT_SNAP_START_TLS.options()).isEqualTo(Form.WITHOUT_SNAP_START.options());
    }

    @Test
    void quick_options_have_fewer_runs() {
        assertThat(ColdStartOptions.parse().runs()).isGreaterThanOrEqualTo(9);
        assertThat(ColdStartOptions.parse("--quick", "true").runs()).isEqualTo(3);
        assertThat(ColdStartOptions.parse("--quick", "false")).isEqualTo(ColdStartOptions.parse());
        assertThatThrownBy(() -> ColdStartOptions.parse("--quick", "yes")).hasMessageContaining("true or false");
    }
}
