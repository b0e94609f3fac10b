package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.openapi.DocumentedHttpClient;
import io.switchboard.replay.DocumentationPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the documentation: its commands run, its responses are those of the API, and its links lead somewhere. */
class DocumentationTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root", "../.."));
    private static final Set<String> LANGUAGES = Set.of(
            "sh", "json", "http", "yaml", "java", "js", "python", "go", "html", "xml", "mermaid", "text", "diff");
    /** {@code .ci/run} runs these two. */
    private static final Set<String> RUN_BY_CI = Set.of("mvn -q -Plocal compile", "mvn verify");

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern CODE = Pattern.compile("`[^`\\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z]\\w+(?:Test|Contract))`");
    private static final Pattern BLANK_LINE = Pattern.compile("\n\n");
    private static final Pattern CHANGE = Pattern.compile("(?s)`(?<file>[^`\\n]+)`:\n\n```diff\n(?<diff>.*?)\n```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    @Test
    void readme_begins_with_the_commands_that_start_the_server_and_run_the_tests() {
        assertThat(DocumentationPage.read("README.md").blocks())
                .startsWith(
                        new DocumentationPage.Block("sh", "mvn -q -Plocal compile\n"),
                        new DocumentationPage.Block("sh", "mvn verify\n"));
    }

    @ParameterizedTest
    @CsvSource({"README.md, 5, 1", "docs/tutorials/first-session.md, 26, 3"})
    void requests_return_the_documented_responses(String page, int expected, int tokens) throws Exception {
        try (LocalServer server = server();
                DocumentedHttpClient client = new DocumentedHttpClient(HttpClient.newHttpClient())) {
            int requests = DocumentationPage.read(page).follow(client, server.baseUri(), true);
            assertThat(requests).as("requests of %s", page).isEqualTo(expected);
            assertThat(client.checkedResponses())
                    .as("responses compared with the OpenAPI document, all but those of tokens")
                    .isEqualTo(requests - tokens);
        }
    }

    @Test
    void event_is_invoked_as_documented() throws Exception {
        try (LocalServer server = server();
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(DocumentationPage.read("docs/how-to/run-in-containers.md")
                            .follow(client, server.baseUri(), true))
                    .as("requests to Lambda's Invoke")
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/tutorials/first-session.md"})
    void shell_commands_are_run_by_a_test_or_by_ci(String page) {
        assertThat(DocumentationPage.read(page).commands())
                .filteredOn(command -> !DocumentationPage.isRequest(command))
                .isSubsetOf(RUN_BY_CI);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void fenced_blocks_name_their_language(String page) {
        assertThat(DocumentationPage.read(page).blocks())
                .allSatisfy(
                        block -> assertThat(block.language()).as(block.text()).isIn(LANGUAGES));
    }

    @Test
    void tests_of_the_feature_table_exist() throws IOException {
        Set<String> classes = new HashSet<>();
        for (String folder : List.of("functions", "development")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> classes.add(name.substring(0, name.length() - ".java".length())));
            }
        }
        List<String> named = TEST_CLASS
                .matcher(Files.readString(ROOT.resolve("docs/domain/features.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(named).hasSizeGreaterThan(100).isSubsetOf(classes);
    }

    @Test
    void changes_of_the_tutorial_fit_the_files() throws IOException {
        String tutorial = Files.readString(ROOT.resolve("docs/tutorials/first-change.md"));
        Matcher change = CHANGE.matcher(tutorial);
        Set<String> files = new HashSet<>();
        while (change.find()) {
            files.add(change.group("file"));
            String file = Files.readString(ROOT.resolve(change.group("file")));
            for (String part : BLANK_LINE.split(change.group("diff"), -1)) {
                String before = part.lines()
                        .filter(line -> !line.startsWith("+"))
                        .map(line -> line.substring(1) + "\n")
                        .collect(Collectors.joining());
                assertThat(file).as(change.group("file")).contains(before);
            }
        }
        assertThat(files).hasSize(8);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_lead_to_a_file_and_a_heading(String page) throws IOException {
        Path file = ROOT.resolve(page);
        for (String link : links(file)) {
            if (link.matches("[a-z]+:.*")) {
                // The form only: a test depends on no other server.
                assertThat(link).as(page).matches("https://[a-z0-9.-]+\\.[a-z]+(/.*)?");
                assertThat(URI.create(link).getHost())
                        .as("%s in %s", link, page)
                        .isNotNull();
                continue;
            }
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
            assertThat(target).as("%s in %s", link, page).exists();
            if (parts.length == 2) {
                assertThat(anchors(target)).as("%s in %s", link, page).contains(parts[1]);
            }
        }
    }

    private static List<String> links(Path page) throws IOException {
        String text = CODE.matcher(FENCE.matcher(Files.readString(page)).replaceAll(""))
                .replaceAll("");
        return LINK.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** The anchors of a page's headings, as GitHub makes them: a repeated heading has a number at the end. */
    private static Set<String> anchors(Path page) throws IOException {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(FENCE.matcher(Files.readString(page)).replaceAll(""))
                .results()
                .forEach(match -> {
                    String anchor = match.group(1)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                            .replaceAll("[^\\p{L}\\p{N} _-]", "")
                            .replace(' ', '-');
                    int times = seen.merge(anchor, 1, Integer::sum) - 1;
                    anchors.add(times == 0 ? anchor : anchor + "-" + times);
                });
        return anchors;
    }

    /** The pages that people read: those at the root, and all below {@code docs}. */
    static List<String> pages() throws IOException {
        try (Stream<Path> atRoot = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(atRoot, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static LocalServer server() {
        return LocalServer.start(
                LocalServerSettings.of(ROOT.resolve("template.yaml")).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()));
    }
}
