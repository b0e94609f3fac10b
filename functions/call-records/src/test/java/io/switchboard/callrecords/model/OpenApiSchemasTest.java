package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Checks that Graph's types in the OpenAPI document match the description. */
final class OpenApiSchemasTest {
    private static final Path FILE =
            Path.of(System.getProperty("switchboard.root"), "api", "call-records.schemas.yaml");
    private static final String WRITE = "switchboard.openapi.write";

    private static final Map<String, Object> WANTED = OpenApiSchemas.of(Description.read());

    @BeforeAll
    static void write() throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(FILE, OpenApiSchemas.yaml(WANTED));
        }
    }

    @Test
    void file_of_graphs_types_matches_the_description() throws IOException {
        assertThat(Files.readString(FILE))
                .as("the description has changed: run this test with -D%s=true to write the file", WRITE)
                .isEqualTo(OpenApiSchemas.yaml(WANTED));
    }

    /** YAML parses some texts as other values unless they are quoted: null, 1, ~. */
    @Test
    void yaml_of_the_schemas_is_parsed_to_the_same_schemas() {
        Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(OpenApiSchemas.yaml(WANTED));

        assertThat(read).isEqualTo(Map.of("components", Map.of("schemas", Json.readOwn(Json.write(WANTED)))));
    }
}
