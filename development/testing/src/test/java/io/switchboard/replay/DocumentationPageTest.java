package io.switchboard.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DocumentationPageTest {
    @Test
    void command_continues_after_a_backslash_at_the_end_of_a_line() {
        assertThat(DocumentationPage.split("curl -s \\\n    -H 'A: b'\nls\n"))
                .containsExactly("curl -s -H 'A: b'", "ls");
    }

    @Test
    void command_continues_inside_quotes() {
        assertThat(DocumentationPage.split("curl -d '{\"a\": 1,\n \"b\": \"\\n\"}'\nls\n"))
                .containsExactly("curl -d '{\"a\": 1,\n \"b\": \"\\n\"}'", "ls");
    }

    @Test
    void escaped_character_in_double_quotes_is_kept() {
        assertThat(DocumentationPage.split("sed \"s/(a)/\\1/\" \"\\$x\"\n"))
                .containsExactly("sed \"s/(a)/\\1/\" \"\\$x\"");
    }

    @Test
    void block_in_a_list_is_read_without_its_indentation() {
        var page = page("1. Run this:\n\n   ```sh\n   if true; then\n       ls\n   fi\n   ```\n\n```json\n{}\n```\n");

        assertThat(page.blocks())
                .containsExactly(
                        new DocumentationPage.Block("sh", "if true; then\n    ls\nfi\n"),
                        new DocumentationPage.Block("json", "{}\n"));
        assertThat(page.shellBlocks()).containsExactly("if true; then\n    ls\nfi\n");
    }

    @Test
    void commands_are_those_of_shell_blocks() {
        var page = page("```sh\nls -l\nmvn test\n```\n\n```text\nls\n```\n");

        assertThat(page.commands()).containsExactly("ls -l", "mvn test");
        assertThat(page.commands("ls")).containsExactly("ls -l");
    }

    private static DocumentationPage page(String text) {
        return new DocumentationPage(Path.of("."), "page.md", text);
    }
}
