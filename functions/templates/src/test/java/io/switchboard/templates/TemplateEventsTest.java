package io.switchboard.templates;

import io.switchboard.replay.EventFiles;
import io.switchboard.replay.Tables;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the cases of {@code events/ManageTemplates.yaml} on empty tables. */
class TemplateEventsTest {
    @TestFactory
    Stream<DynamicTest> manage_templates_answers_each_event_as_its_name_says() {
        Tables tables = new Tables();
        return EventFiles.replay("ManageTemplates", new ManageTemplates(tables.environment()), tables);
    }
}
