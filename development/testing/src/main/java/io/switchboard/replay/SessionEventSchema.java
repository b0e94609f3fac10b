package io.switchboard.replay;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The shipped schema of session events, {@code docs/reference/session-events.schema.json}. */
public final class SessionEventSchema {
    private static final String ID = "https://switchboard.example/session-events.schema.json";

    private final Schema schema;

    /** Reads the schema from the project. */
    public SessionEventSchema() {
        schema = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemas(Map.of(ID, text()))
                                .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                        .formatAssertionsEnabled(true)
                                        .locale(Locale.ROOT)
                                        .build()))
                .getSchema(SchemaLocation.of(ID));
    }

    /** Returns the text of the schema. */
    public static String text() {
        try {
            return Files.readString(
                    Path.of(System.getProperty("switchboard.root"), "docs/reference/session-events.schema.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the schema violations of an event, as an EventBridge target receives it. */
    public List<String> problemsOf(String event) {
        return schema.validate(event, InputFormat.JSON).stream()
                .map(String::valueOf)
                .toList();
    }
}
