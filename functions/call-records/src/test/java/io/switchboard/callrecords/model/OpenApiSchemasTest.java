package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Graph's types in the OpenAPI document are those of the description: nobody writes them down twice. */
final class OpenApiSchemasTest {
    private static final Path DOCUMENT = Path.of(
            System.getProperty("switchboard.root"),
            "functions/sessions/src/main/resources/io/switchboard/sessions/openapi.json");
    private static final String WRITE = "switchboard.openapi.write";

    private static final Map<String, Object> WANTED = OpenApiSchemas.of(Description.read());

    @BeforeAll
    static void write() throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(DOCUMENT, OpenApiSchemas.written(Files.readString(DOCUMENT), WANTED));
        }
    }

    @Test
    void schemas_of_graphs_types_are_those_that_the_description_gives() throws IOException {
        Map<String, @Nullable Object> document = Json.readOwn(Files.readString(DOCUMENT));
        Map<String, @Nullable Object> present = new LinkedHashMap<>();
        schemas(document).forEach((name, schema) -> {
            if (OpenApiSchemas.isOne(String.valueOf(name))) {
                present.put(String.valueOf(name), schema);
            }
        });

        assertThat(present)
                .as("the description has changed: run this test with -D%s=true to write what it gives", WRITE)
                .isEqualTo(Json.readOwn(Json.write(WANTED)));
    }

    @Test
    void writing_them_once_more_changes_nothing_and_keeps_what_others_wrote() throws IOException {
        String document = Files.readString(DOCUMENT);

        assertThat(OpenApiSchemas.written(document, WANTED)).isEqualTo(document);
        assertThat(schemas(Json.readOwn(document)).keySet()).anyMatch("Session"::equals);
    }

    private static Map<?, ?> schemas(Map<String, @Nullable Object> document) {
        Map<?, ?> components = (Map<?, ?>) Objects.requireNonNull(document.get("components"));
        return (Map<?, ?>) Objects.requireNonNull(components.get("schemas"));
    }
}
