package io.switchboard.acceptance.graph;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests that AWS's own client of AppSync Events, {@code aws-amplify}, can subscribe to the push of the local server.
 */
@ExtendWith(GraphApiExtension.class)
class AppSyncEventsClientTest {
    @RegisterExtension
    static final ClientToolsCondition TOOLS = ClientToolsCondition.node(System.getenv());

    @TestFactory
    Stream<DynamicTest> program(GraphApi api) throws Exception {
        return new ClientProgram(
                        "aws-amplify",
                        List.of(
                                "subscriber gets the message of a change",
                                "token is sent without Bearer",
                                "other channels are refused"),
                        Pattern.compile("ok \\d+ - (?<name>.+)"),
                        "node",
                        "--test",
                        "--test-reporter=tap",
                        "client.test.mjs")
                .tests(api);
    }
}
