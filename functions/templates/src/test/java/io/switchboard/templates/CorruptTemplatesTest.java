package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.Corruptions;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Sends thousands of corrupted templates from {@code events/}. They never cause a fault, and rejected ones write
 * nothing.
 */
class CorruptTemplatesTest {
    private static final int AT_LEAST = 2_000;

    @Test
    void corrupt_template_is_rejected_or_stored_and_never_causes_a_fault() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("corrupt templates: -Dseed=" + seed);
        Corruptions corruptions = new Corruptions(new Random(seed));
        Tables tables = new Tables();
        ManageTemplates function = new ManageTemplates(tables.environment());
        Set<String> served = new HashSet<>();
        int sent = 0;
        for (EventCase each : EventCase.of("ManageTemplates")) {
            ApiEvent event = ApiEvent.of(each).header("idempotency-key", null);
            // Files of an import are XML or zip archives: tests of the import corrupt these.
            if (!each.name().startsWith("20") || !event.body().startsWith("{")) {
                continue;
            }
            for (String body : corruptions.of(event.body(), 10)) {
                String tenant = "tenant" + sent++;
                FunctionResponse response =
                        event.copy().claim("tid", tenant).text(body).sendTo(function);
                assertThat(response.status())
                        .as("-Dseed=%d %s\n%s\n%s %s", seed, each.name(), body, response.body(), response.log())
                        .isIn(200, 201, 400, 409, 412, 422);
                if (response.status() < 300) {
                    served.add(tenant);
                } else {
                    response.isErrorBody();
                }
            }
        }
        assertThat(sent).isGreaterThan(AT_LEAST);
        Set<String> tenants = new HashSet<>();
        tables.items()
                .forEach(item ->
                        tenants.add(Objects.requireNonNull(item.get("tenant")).s()));
        assertThat(tenants).as("-Dseed=%d", seed).isNotEmpty();
        assertThat(served)
                .as("-Dseed=%d: rejected requests write nothing", seed)
                .containsAll(tenants);
    }
}
