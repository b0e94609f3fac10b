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

/** A shipped schema of events, {@code docs/reference/<name>.schema.json}. */
public final class EventSchema {
    private final Schema schema;

    /** Reads the schema of this name from the project, such as {@code session-events}. */
    public EventSchema(String name) {
        String id = "https://switchboard.example/" + name + ".schema.json";
        schema = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemas(Map.of(id, text(name)))
                                .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                        .formatAssertionsEnabled(true)
                                        .locale(Locale.ROOT)
                                        .build()))
                .getSchema(SchemaLocation.of(id));
    }

    /** Returns the text of the schema of this name. */
    public static String text(String name) {
        try {
            return Files.readString(
                    Path.of(System.getProperty("switchboard.root"), "docs/reference/" + name + ".schema.json"));
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
