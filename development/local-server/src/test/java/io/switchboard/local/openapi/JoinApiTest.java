package io.switchboard.local.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs {@code build/JoinApi.java} as the build does, on separate files. The other tests of this package read the
 * document that it produces.
 */
class JoinApiTest {
    private static final Path JOIN = Path.of(System.getProperty("switchboard.root"), "build/JoinApi.java");

    @TempDir
    private Path folder;

    @Test
    void common_members_come_first_followed_by_each_files_members_in_name_order() throws Exception {
        write("b.yaml", "{paths: {/b: {}}, components: {schemas: {B: {const: 'null'}}}}");
        write("a.yaml", "{components: {responses: {A: {}}, schemas: {Y: {}, X: {}}}, paths: {/a: {}}}");
        write("common.yaml", "{openapi: '3.1.0', paths: {/common: {}}}");

        assertThat(join()).isEmpty();
        assertThat(Files.readString(folder.resolve("made/openapi.json")))
                .isEqualTo(
                        "{\"openapi\":\"3.1.0\",\"paths\":{\"/common\":{},\"/a\":{},\"/b\":{}},"
                                + "\"components\":{\"responses\":{\"A\":{}},\"schemas\":{\"Y\":{},\"X\":{},\"B\":{\"const\":\"null\"}}}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {paths: {/desk: {get: {}}}}                 | paths /desk is already defined in FOLDER/common.yaml. Remove one of them.
                    {components: {schemas: {Tab: {}}}}          | components schemas Tab is already defined in FOLDER/common.yaml. Remove one of them.
                    {info: {}}                                  | info is already defined in FOLDER/common.yaml. Remove one of them.
                    {paths: {/tabs: {get: {}, get: {}}}}        | Duplicate field 'get'
                    """)
    void duplicate_member_is_rejected_with_its_file_and_name(String tabs, String problem) throws Exception {
        write("common.yaml", "{info: {}, paths: {/desk: {post: {}}}, components: {schemas: {Tab: {}}}}");
        write("tabs.yaml", tabs);

        assertThat(join())
                .startsWith(folder + "/tabs.yaml")
                .endsWith(": " + problem.replace("FOLDER", folder.toString()) + "\n");
        assertThat(folder.resolve("made/openapi.json")).doesNotExist();
    }

    private void write(String name, String yaml) throws IOException {
        Files.writeString(folder.resolve(name), yaml);
    }

    /** Returns the output of the join, which is empty if it succeeds. */
    private String join() throws IOException, InterruptedException {
        var join = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        JOIN.toString(),
                        folder.toString(),
                        folder.resolve("made/openapi.json").toString())
                .redirectErrorStream(true)
                .start();
        var printed = new String(join.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(join.waitFor()).as(printed).isEqualTo(printed.isEmpty() ? 0 : 1);
        return printed;
    }
}
