package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that a client that knows OData, but neither Graph nor this API, can use the API: {@code @odata/client}. */
@ExtendWith(GraphApiExtension.class)
class ODataClientTest {
    private static final String PROGRAM = "development/acceptance/src/test/clients/odata-client/client.test.mjs";

    @RegisterExtension
    static final ClientToolsCondition TOOLS = ClientToolsCondition.node(System.getenv());

    @TestFactory
    Stream<DynamicTest> program(GraphApi api) throws Exception {
        return new ClientProgram(
                        "odata-client",
                        Pattern.compile("ok \\d+ - (?<name>.+)"),
                        "node",
                        "--test",
                        "--test-reporter=tap",
                        "client.test.mjs")
                .tests(api);
    }

    @Test
    void documented_function_is_that_of_the_program() throws Exception {
        Path root = Path.of(System.getProperty("switchboard.root", "../.."));
        Pattern function = Pattern.compile("(?s)async function fetchProxy.*?\n}\n");
        Matcher documented = function.matcher(Files.readString(root.resolve("docs/reference/call-records.md")));
        assertThat(documented.find()).isTrue();
        assertThat(Files.readString(root.resolve(PROGRAM))).contains(documented.group());
    }
}
