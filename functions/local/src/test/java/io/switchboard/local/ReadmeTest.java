package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's commands and answers are those of the product. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root", "../.."));
    private static final Pattern FENCED = Pattern.compile("^```\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String DOCUMENTED_BASE = "http://127.0.0.1:3000";

    @Test
    void the_first_block_runs_the_api_and_the_second_the_tests() throws IOException {
        assertThat(blocks()).startsWith("mvn -Plocal compile\n", "mvn verify\n");
    }

    @Test
    void the_walk_through_answers_what_the_readme_shows() throws Exception {
        List<String> blocks = blocks();
        LocalServerSettings settings =
                LocalServerSettings.of(ROOT.resolve("template.yaml")).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint());
        try (LocalServer server = LocalServer.start(settings);
                HttpClient client = HttpClient.newHttpClient()) {
            String token = "";
            Optional<HttpResponse<String>> last = Optional.empty();
            int requests = 0;
            for (String block : blocks) {
                if (block.startsWith("HTTP/1.1 ")) {
                    assertAnswer(last.orElseThrow(), block);
                    continue;
                }
                for (String line :
                        block.lines().filter(l -> l.contains("curl -")).toList()) {
                    List<String> words =
                            words(line.startsWith("TOKEN=$(") ? line.substring(8, line.length() - 1) : line);
                    HttpResponse<String> answer =
                            client.send(request(words, server.baseUri(), token), HttpResponse.BodyHandlers.ofString());
                    token = line.startsWith("TOKEN=") ? answer.body().strip() : token;
                    requests++;
                    assertThat(answer.statusCode()).as(line).isLessThan(500);
                    last = Optional.of(answer);
                }
            }
            assertThat(requests).as("requests of the walk-through").isGreaterThanOrEqualTo(8);
        }
    }

    private static List<String> blocks() throws IOException {
        var blocks = new ArrayList<String>();
        var matcher = FENCED.matcher(Files.readString(ROOT.resolve("README.md")));
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** What stands between two ellipses must stand in the answer, in that order; ids and times differ each time. */
    private static void assertAnswer(HttpResponse<String> answer, String block) {
        assertThat(block).startsWith("HTTP/1.1 " + answer.statusCode() + " ");
        String body = steady(answer.body());
        int from = 0;
        String documented = block.substring(block.indexOf("\n\n") + 2);
        for (String part : documented.split("…", -1)) {
            // A line break of the README is none of the answer's.
            String fragment = steady(part.replaceAll("\\n *", "").strip()).replaceAll("^, *|,$", "");
            if (fragment.isEmpty() || fragment.matches("[,}\\]]*")) {
                continue;
            }
            int at = body.indexOf(fragment, from);
            assertThat(at).as("%s%nin%n%s", fragment, body).isNotNegative();
            from = at + fragment.length();
        }
    }

    private static String steady(String text) {
        return text.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>")
                .replaceAll("\\d{4}-\\d{2}-\\d{2}T[0-9:.]+Z", "<time>")
                .replaceAll("(request-id\":\")[^\"]*", "$1<id>")
                .replaceAll("http://127\\.0\\.0\\.1:\\d+", "<base>");
    }

    private static HttpRequest request(List<String> words, URI base, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        var form = new ArrayList<String>();
        for (int i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-i", "-s" -> {}
                case "-H" -> {
                    String[] header = words.get(++i).split(": ", 2);
                    request.header(header[0], header[1].replace("$TOKEN", token));
                }
                case "-d" -> form.add(words.get(++i));
                default -> request.uri(URI.create(words.get(i).replace(DOCUMENTED_BASE, base.toString())));
            }
        }
        if (form.isEmpty()) {
            return request.build();
        }
        boolean isJson = form.getFirst().startsWith("{");
        if (!isJson) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        return request.POST(HttpRequest.BodyPublishers.ofString(
                        isJson ? form.getFirst() : String.join("&", form).replace(" ", "+")))
                .build();
    }

    /** A shell's words, as far as the README goes: blanks, single and double quotes. */
    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        var matcher = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)").matcher(line);
        while (matcher.find()) {
            words.add(
                    matcher.group(1) != null
                            ? matcher.group(1)
                            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        return words;
    }
}
