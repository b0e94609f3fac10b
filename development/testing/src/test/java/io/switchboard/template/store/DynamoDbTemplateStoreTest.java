package io.switchboard.template.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.ManualTicker;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.TestTemplates;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DynamoDbTemplateStoreTest extends TemplateStoreContract {
    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::templates);

    @Test
    void interrupted_import_is_consistent_and_can_be_resumed() {
        String tenant = "tenant " + UUID.randomUUID();
        List<Template> imported = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            imported.add(TestTemplates.tab("contoso_t" + i));
        }
        for (int i = 0; i < 100; i++) {
            imported.add(TestTemplates.generic("contoso_s" + i, "contoso_t" + i, "contoso_t" + (i + 1)));
        }
        ManualTicker ticker = new ManualTicker();
        FaultyHttpClient transport = TestTables.faultyTransport();
        transport.plan(request -> {
            ticker.advance(Duration.ofMillis(20));
            return Fault.NONE;
        });
        ImportStore slow = new DynamoDbImportStore(new DynamoDb(TABLE.client(transport)), TABLE.name(), BUILT_IN);
        long calls = 0;
        long written = 0;
        boolean isComplete = false;
        while (!isComplete) {
            // Two seconds are reserved. The first call has a tenth of a second, each later call another tenth.
            List<PutOutcome> outcomes = Deadline.in(Duration.ofMillis(2_100 + 100 * calls), ticker)
                    .during(() -> slow.putAll(tenant, imported, false, "bob", NOW));
            long created = outcomes.stream()
                    .filter(PutOutcome.Created.class::isInstance)
                    .count();
            long left = outcomes.stream()
                    .filter(PutOutcome.Pending.class::isInstance)
                    .count();
            written += created;
            isComplete = left == 0;
            assertThat(outcomes).noneMatch(PutOutcome.Replaced.class::isInstance);
            assertThat(calls++).as("calls").isLessThan(60);
        }

        assertThat(calls).isGreaterThan(1);
        assertThat(written).isEqualTo(700);
        assertThat(store().readAll(tenant, TemplateKind.SESSION_TEMPLATE, names("contoso_s", 100), NOW))
                .hasSize(100)
                .allMatch(stored -> stored.version() == 1);
        assertThat(store().readAll(tenant, TemplateKind.APPLICATION_TAB_TEMPLATE, names("contoso_t", 600), NOW))
                .hasSize(600)
                .allMatch(stored -> stored.version() == 1);
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    @Override
    protected TemplateStore store() {
        return new DynamoDbTemplateStore(TABLE.dynamoDb(), TABLE.name(), BUILT_IN);
    }

    @Override
    protected ImportStore imports() {
        return new DynamoDbImportStore(TABLE.dynamoDb(), TABLE.name(), BUILT_IN);
    }

    @Override
    protected ProfileAssignments assignments() {
        return new DynamoDbProfileAssignments(TABLE.dynamoDb(), TABLE.name());
    }

    @Override
    protected SessionTemplateReader reader() {
        return new DynamoDbTemplateReader(TABLE.dynamoDb(), TABLE.name());
    }
}
