package io.switchboard.sessions;

import io.switchboard.replay.EventFiles;
import io.switchboard.replay.Tables;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The cases of {@code events/CreateSession.yaml} and {@code events/ManageSessions.yaml} on empty tables. */
class SessionEventsTest {
    @TestFactory
    Stream<DynamicTest> create_session_returns_the_response_of_each_case() {
        Tables tables = new Tables();
        return EventFiles.replay("CreateSession", new CreateSession(tables.environment()), tables);
    }

    @TestFactory
    Stream<DynamicTest> manage_sessions_returns_the_response_of_each_case() {
        Tables tables = new Tables();
        return EventFiles.replay("ManageSessions", new ManageSessions(tables.environment()), tables);
    }
}
