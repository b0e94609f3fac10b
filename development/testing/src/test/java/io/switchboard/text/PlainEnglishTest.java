package io.switchboard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code build/PlainEnglish.java} on the repository, and on files that break one rule each. */
final class PlainEnglishTest {
    private static final File ROOT = new File(System.getProperty("switchboard.root"));

    @TempDir
    private Path folder;

    @Test
    void repository_follows_the_rules() throws Exception {
        assertThat(check()).isEmpty();
    }

    @Test
    void text_that_breaks_a_rule_is_reported_with_its_line() throws Exception {
        Map<String, String> texts = Map.of(
                "Whether.java", "/** Whether the desk is full. */",
                "Line.java", "int a; // The store reads it anew.",
                "Block.java", "int a;\n/*\n * The value is\n * no number. */",
                "Message.java", "throw new Problem(\"There is no template X.\");",
                "TestName.java", "void caller_is_told_the_reason() {}",
                "script.js", "say('Somebody else was faster');",
                "page.md", "# Title\n\nThe desk is open. Who sends twice gets a 409.",
                "file.yaml", "# The queue and\n# whoever reads it\nname: a",
                "page.html", "<p>A <b>door</b></p>",
                "script", "# Mend the table");
        write(texts);

        assertThat(check(folder.toString()))
                .contains(
                        "Whether.java:1: \"Whether\": ",
                        "Line.java:1: \"anew\": ",
                        "Block.java:3: \"is no\": ",
                        "Message.java:1: \"is no\": ",
                        "TestName.java:1: \"told\": ",
                        "script.js:1: \"Somebody\": ",
                        "page.md:3: \". Who\": ",
                        "file.yaml:2: \"whoever\": ",
                        "page.html:1: \"door\": ",
                        "script:1: \"Mend\": ",
                        "10 violations");
    }

    @Test
    void code_and_questions_are_accepted() throws Exception {
        write(Map.of(
                "Code.java", "String door = door(); /** Reads {@code tell}. */",
                "NoLonger.java", "/** The session is no longer open. */",
                "code.md", "The command `mend` fixes it.\n\n```sh\nmend whoever\n```",
                "question.md", "What is a desk?",
                "page.html", "<a href=\"/door\">Route</a>"));

        assertThat(check(folder.toString())).isEmpty();
    }

    private void write(Map<String, String> texts) throws IOException {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.writeString(folder.resolve(text.getKey()), text.getValue());
        }
    }

    private static String check(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("build/PlainEnglish.java");
        command.addAll(List.of(arguments));
        Process check = new ProcessBuilder(command)
                .directory(ROOT)
                .redirectErrorStream(true)
                .start();
        return new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
