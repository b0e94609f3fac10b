package io.switchboard.acceptance.graph;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that Microsoft Graph's unmodified SDK for Go can use the API. */
@ExtendWith(GraphApiExtension.class)
class GoSdkTest {
    @RegisterExtension
    static final ClientToolsCondition TOOLS = ClientToolsCondition.go(System.getenv());

    @TestFactory
    Stream<DynamicTest> program(GraphApi api) throws Exception {
        return new ClientProgram(
                        "go", Pattern.compile("--- PASS: Test(?<name>\\w+) \\(.*\\)"), "./client.test", "-test.v")
                .tests(api);
    }
}
