package io.switchboard.acceptance.graph;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that Microsoft Graph's unmodified SDK for Python can use the API. */
@ExtendWith(GraphApiExtension.class)
class PythonSdkTest {
    @RegisterExtension
    static final ClientToolsCondition TOOLS = ClientToolsCondition.python(System.getenv());

    @TestFactory
    Stream<DynamicTest> program(GraphApi api) throws Exception {
        return new ClientProgram(
                        "python",
                        Pattern.compile("test_(?<name>\\w+) \\(.*\\) \\.\\.\\. ok"),
                        "bin/python",
                        "-B",
                        "../../../development/acceptance/src/test/clients/python/client_test.py")
                .tests(api);
    }
}
