package io.switchboard.acceptance.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the code blocks of the two specifications unchanged. */
@NeedsBrowser
class SpecificationExamplesTest {
    private static final String CIF = "cif-create-session.md";
    private static final String APM = "apm-create-session.md";
    private static final Pattern CODE = Pattern.compile(
            "^```javascript\\R(.*?)^```", Pattern.CASE_INSENSITIVE | Pattern.DOTALL | Pattern.MULTILINE);

    @ParameterizedTest
    @CsvSource({
        CIF + ",7af133d1fac671157d700254817784f2cfed7dac6f9f947813e5ac76d6daefe5",
        APM + ",dd676d5282535659eba29f92ac0817a3d34eee31ad5e032024c3ec4fcb70efac"
    })
    void specification_file_equals_the_published_one(String file, String sha256) throws Exception {
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(read(file))))
                .isEqualTo(sha256);
    }

    @Test
    void CIF_example_logs_the_id_of_an_existing_session(Windows windows) {
        var agent = Agent.any();
        var window = windows.openClient(agent);
        var example = blocks(CIF).getFirst();

        window.page().addScriptTag(new Page.AddScriptTagOptions().setContent(example));
        window.page().waitForCondition(() -> !window.messages().isEmpty());

        var sessionId = window.messages().getFirst();
        var session = windows.chromium().get(agent, "/sessions/" + sessionId);
        assertThat(session.path("sessionId").asText()).isEqualTo(sessionId);
        assertThat(session.path("templateName").asText()).isEqualTo("CallSessionTemplate");
        assertThat(session.path("title").asText()).isEqualTo("Contoso");
        assertThat(session.path("context").path("customer").asText()).isEqualTo("Contoso");
    }

    @Test
    void CIF_example_logs_the_message_of_an_error(Windows windows) {
        var window = windows.openClient(Agent.any().with("Templates.Read")).expects("status of 403");

        window.page()
                .addScriptTag(
                        new Page.AddScriptTagOptions().setContent(blocks(CIF).getFirst()));
        window.page()
                .waitForCondition(
                        () -> window.messages().stream().anyMatch(text -> text.contains("Sessions.ReadWrite")));
    }

    @Test
    void APM_examples_return_promises_of_ids_of_existing_sessions(Windows windows) {
        var agent = Agent.any();
        var window = windows.openClient(agent);
        var examples = blocks(APM);
        assertThat(examples).hasSize(2);

        var first = promiseOf(window, examples.getFirst());
        var second = promiseOf(window, examples.getLast());

        var withFocus = windows.chromium().get(agent, "/sessions/" + first);
        assertThat(withFocus.path("templateName").asText()).isEqualTo("case_entity_session_default_template");
        assertThat(withFocus.path("anchor").path("entityName").asText()).isEqualTo("incident");
        assertThat(withFocus.path("anchor").path("entityId").asText())
                .isEqualTo("fac04293-1ab0-eb11-8236-000d3a5c49ed");
        assertThat(withFocus.path("isFocused").asBoolean()).isTrue();
        var withoutFocus = windows.chromium().get(agent, "/sessions/" + second);
        assertThat(withoutFocus.path("anchor").path("entityId").asText())
                .isEqualTo("0e0e6c4f-cbb6-eb11-8236-000d3a5ab8b9");
        assertThat(withoutFocus.path("isFocused").asBoolean()).isFalse();
    }

    /**
     * Runs a text as a classic script with an indirect eval, in the global scope and not in strict mode, as required by
     * the undeclared x. Returns the script's value.
     */
    private static String promiseOf(Window window, String script) {
        var response = window.page()
                .evaluate(
                        "async script => { const value = (0, eval)(script); return [value instanceof Promise, await value]; }",
                        script);
        var values = (List<?>) response;
        assertThat(values.getFirst()).as("the value is a promise").isEqualTo(true);
        return (String) values.getLast();
    }

    private static List<String> blocks(String file) {
        var blocks = CODE.matcher(new String(read(file), UTF_8))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    private static byte[] read(String file) {
        try (var stream = requireNonNull(SpecificationExamplesTest.class.getResourceAsStream(file), file)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
