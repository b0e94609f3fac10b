package io.switchboard.local.openapi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.switchboard.http.ErrorCode;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that the document is valid, that its references are complete, and that it is served unchanged. */
class OpenApiDocumentTest {
    private static final ApiDescription API = ApiDescription.read();
    private static final JsonNode DOCUMENT = API.document();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @Test
    void document_is_valid_openapi_3_1() throws IOException {
        assertThat(SCHEMAS.getSchema(resource("oas-3.1-schema-2022-10-07.json"), InputFormat.JSON)
                        .validate(ApiDescription.text(), InputFormat.JSON))
                .isEmpty();
        assertThat(DOCUMENT.path("openapi").asText()).isEqualTo("3.1.0");
    }

    @Test
    void each_schema_is_valid_json_schema() {
        var dialect = SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        List<JsonNode> schemas = new ArrayList<>(DOCUMENT.findValues("schema"));
        DOCUMENT.at("/components/schemas").forEach(schemas::add);

        assertThat(schemas)
                .hasSizeGreaterThan(100)
                .allSatisfy(schema -> assertThat(dialect.validate(schema.toString(), InputFormat.JSON))
                        .as(schema.toString())
                        .isEmpty());
    }

    @Test
    void each_example_matches_its_schema() {
        assertThat(DOCUMENT.findValues("examples")).hasSizeGreaterThan(10);
        assertThat(DOCUMENT.findValues("example")).hasSize(2);
        assertThat(API.problemsOfExamples()).isEmpty();
    }

    @Test
    void each_reference_resolves_and_each_component_is_used() {
        Set<String> references = new TreeSet<>();
        DOCUMENT.findValues("$ref").forEach(reference -> references.add(reference.asText()));
        // Used for paths and operations that do not exist.
        references.add("#/components/responses/MethodNotAllowed");
        // API Gateway returns it for every path.
        references.add("#/components/responses/UriTooLong");
        DOCUMENT.findValues("security")
                .forEach(alternatives -> alternatives.forEach(requirement -> requirement
                        .fieldNames()
                        .forEachRemaining(scheme -> references.add("#/components/securitySchemes/" + scheme))));
        Set<String> components = new TreeSet<>();
        DOCUMENT.path("components")
                .properties()
                .forEach(section -> section.getValue()
                        .fieldNames()
                        .forEachRemaining(name -> components.add("#/components/" + section.getKey() + "/" + name)));

        assertThat(references).isEqualTo(components);
    }

    @Test
    void each_operation_has_a_unique_id_a_known_tag_a_summary_and_its_path_parameters() {
        Set<String> ids = new TreeSet<>();
        Set<String> tags = new TreeSet<>();
        DOCUMENT.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
        Set<String> paths = new TreeSet<>();
        for (ApiDescription.Operation operation : API.operations()) {
            if (!paths.add(operation.method() + operation.path())) {
                // The operation is described once for several roots.
                continue;
            }
            JsonNode item = DOCUMENT.path("paths").path(operation.path());
            JsonNode tree = item.path(operation.method().toLowerCase(java.util.Locale.ROOT));
            String id = tree.path("operationId").asText();
            assertThat(ids.add(id)).as("%s is unique", id).isTrue();
            assertThat(tags).contains(tree.path("tags").path(0).asText());
            assertThat(tree.path("summary").asText()).as(id).isNotBlank();
            assertThat(tree.has("security")).as(id).isTrue();
            Set<String> named = new TreeSet<>();
            item.path("parameters").forEach(parameter -> {
                JsonNode resolved = DOCUMENT.at(parameter.path("$ref").asText().substring(1));
                if (resolved.path("in").asText().equals("path")) {
                    named.add(resolved.path("name").asText());
                }
            });
            assertThat(named).as(operation.path()).isEqualTo(placeholders(operation.path()));
        }
    }

    private static Set<String> placeholders(String pattern) {
        Set<String> names = new TreeSet<>();
        Pattern.compile("\\{([^}]+)}").matcher(pattern).results().forEach(match -> names.add(match.group(1)));
        return names;
    }

    @Test
    void document_is_served_without_a_token_and_contains_the_requested_address() throws IOException {
        var function = DeployedFunctions.in(new Tables().environment()).named("ManageSessions");
        FunctionResponse response = ApiEvent.of("GET", "/openapi.json")
                .withoutClaims()
                .sendTo(function)
                .is(200);

        var served = new ObjectMapper().readTree(response.body());
        assertThat(served.at("/servers/0/url").asText()).isEqualTo("https://api.contoso.example");
        assertThat(served.at("/paths/~1$batch/servers").findValuesAsText("url"))
                .containsExactly("https://api.contoso.example/v1.0", "https://api.contoso.example/beta");
        List<ObjectNode> withServers = new ArrayList<>(List.of((ObjectNode) served));
        served.path("paths").forEach(item -> withServers.add((ObjectNode) item));
        for (ObjectNode each : withServers) {
            each.path("servers").forEach(server -> {
                String root = server.path("url").asText().replace("https://api.contoso.example", "");
                ((ObjectNode) server).put("url", root.isEmpty() ? "/" : root);
            });
        }
        assertThat(served).isEqualTo(DOCUMENT);
        ApiEvent.of("GET", "/openapi.json")
                .withoutClaims()
                .header("if-none-match", response.header("ETag"))
                .sendTo(function)
                .is(304);
    }

    @Test
    void error_codes_equal_those_of_the_error_table() throws IOException {
        Set<String> documented = new TreeSet<>();
        DOCUMENT.at("/components/responses")
                .forEach(response -> response.at("/content/application~1json/schema")
                        .findValues("code")
                        .forEach(code -> addCodes(documented, code)));
        Set<String> details = new TreeSet<>();
        addCodes(documented, DOCUMENT.at("/components/schemas/InvalidRequest/properties/error/properties/code"));
        addCodes(
                details,
                DOCUMENT.at(
                        "/components/schemas/InvalidRequest/properties/error/properties/details/items/properties/code"));
        String guide = Files.readString(Path.of(System.getProperty("switchboard.root"), "docs/reference/errors.md"));
        int second = guide.indexOf("\n| Code | When");
        int end = guide.indexOf("\n\n", second);

        assertThat(documented).isEqualTo(codes(guide.substring(0, second), 2));
        assertThat(details).isEqualTo(codes(guide.substring(second, end), 1));
    }

    @Test
    void each_error_code_has_the_status_of_the_error_table_and_of_the_document() throws IOException {
        Map<String, Integer> actual = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            actual.put(code.text(), code.status());
        }
        String guide = Files.readString(Path.of(System.getProperty("switchboard.root"), "docs/reference/errors.md"));
        Map<String, Integer> guided = new TreeMap<>();
        guide.lines()
                .filter(line -> line.matches("\\| \\d{3} \\|.*"))
                .forEach(line ->
                        codes(line, 2).forEach(code -> guided.put(code, Integer.valueOf(line.substring(2, 5)))));
        Map<String, Integer> documented = new TreeMap<>();
        for (JsonNode operation : DOCUMENT.findValues("responses")) {
            operation.properties().forEach(response -> {
                Set<String> codes = new TreeSet<>();
                JsonNode description = response.getValue();
                DOCUMENT.at(description.path("$ref").asText("#").substring(1))
                        .at("/content/application~1json/schema")
                        .findValues("code")
                        .forEach(code -> addCodes(codes, code));
                // The codes of a 200 belong to the parts of a batch.
                if (!response.getKey().equals("200")) {
                    codes.forEach(code -> documented.put(code, Integer.valueOf(response.getKey())));
                }
            });
        }

        assertThat(actual).isEqualTo(guided);
        assertThat(documented).hasSizeGreaterThan(30);
        assertThat(actual).containsAllEntriesOf(documented);
    }

    private static void addCodes(Set<String> codes, JsonNode schema) {
        if (schema.has("const")) {
            codes.add(schema.path("const").asText());
        }
        schema.path("enum").forEach(code -> codes.add(code.asText()));
    }

    private static Set<String> codes(String guide, int column) {
        Set<String> codes = new TreeSet<>();
        guide.lines()
                .filter(line -> line.startsWith("| ") && line.contains("`"))
                .forEach(line -> Pattern.compile("`([a-z][A-Za-z]+)`")
                        .matcher(line.split("\\|", -1)[column])
                        .results()
                        .forEach(match -> codes.add(match.group(1))));
        return codes;
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = requireNonNull(OpenApiDocumentTest.class.getResourceAsStream(name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
