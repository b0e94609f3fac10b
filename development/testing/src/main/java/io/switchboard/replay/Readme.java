package io.switchboard.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.jspecify.annotations.Nullable;

/**
 * The README as somebody follows it: its commands, and the answers that it shows.
 *
 * @param root the project's folder
 * @param text the whole
 */
public record Readme(Path root, String text) {
    private static final Pattern FENCED = Pattern.compile("^```\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final String DOCUMENTED_BASE = "http://127.0.0.1:3000";
    private static final String TOKEN_LINE = "TOKEN=$(";

    /** The README of this project. */
    public static Readme read() {
        Path root = Path.of(System.getProperty("switchboard.root", "../.."));
        try {
            return new Readme(root, Files.readString(root.resolve("README.md")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One section, from its heading of the second level to the next. */
    public Readme section(String heading) {
        int start = text.indexOf("\n## " + heading + "\n");
        assertThat(start).as("the README's section %s", heading).isNotNegative();
        int end = text.indexOf("\n## ", start + 1);
        return new Readme(root, text.substring(start, end < 0 ? text.length() : end));
    }

    /** What stands in blocks of code. */
    public List<String> blocks() {
        var blocks = new ArrayList<String>();
        var matcher = FENCED.matcher(text);
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** The lines of all blocks that begin so. */
    public List<String> commands(String beginning) {
        return blocks().stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(beginning))
                .toList();
    }

    /**
     * Sends each request in turn and holds the answers that are shown beneath against the real ones.
     *
     * @param withToken whether the line that fetches the token is one of them; {@code sam local start-api} needs none
     * @return how many requests there were
     */
    public int follow(HttpClient client, URI base, boolean withToken) throws IOException, InterruptedException {
        String token = "";
        Optional<HttpResponse<String>> last = Optional.empty();
        int requests = 0;
        for (String block : blocks()) {
            if (block.startsWith("HTTP/1.1 ")) {
                assertAnswer(last.orElseThrow(), block);
                continue;
            }
            for (String line : block.lines().filter(l -> l.contains("curl -")).toList()) {
                boolean isToken = line.startsWith(TOKEN_LINE);
                if (isToken && !withToken) {
                    continue;
                }
                List<String> words = words(isToken ? line.substring(TOKEN_LINE.length(), line.length() - 1) : line);
                HttpResponse<String> answer =
                        client.send(request(words, base, token), HttpResponse.BodyHandlers.ofString());
                token = isToken ? answer.body().strip() : token;
                requests++;
                assertThat(answer.statusCode())
                        .as("%s%n%s", line, answer.body())
                        .isLessThan(500);
                last = Optional.of(answer);
            }
        }
        return requests;
    }

    /** A shell's words, as far as the README goes: blanks, single and double quotes. */
    public static List<String> words(String line) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(
                    matcher.group(1) != null
                            ? matcher.group(1)
                            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        return words;
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

    private HttpRequest request(List<String> words, URI base, String token) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        var form = new ArrayList<String>();
        @Nullable String method = null;
        for (int i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-i", "-s" -> {}
                case "-H" -> {
                    String[] header = words.get(++i).split(": ", 2);
                    request.header(header[0], header[1].replace("$TOKEN", token));
                }
                case "-X" -> method = words.get(++i);
                case "-d" -> form.add(words.get(++i));
                case "--user" -> i++;
                case "--aws-sigv4" -> {
                    i++;
                    request.header("Authorization", "AWS4-HMAC-SHA256 of no meaning");
                }
                default -> request.uri(URI.create(words.get(i).replace(DOCUMENTED_BASE, base.toString())));
            }
        }
        if (form.isEmpty()) {
            return request.method(method == null ? "GET" : method, HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        String first = form.getFirst();
        if (first.startsWith("@")) {
            return request.POST(HttpRequest.BodyPublishers.ofString(Files.readString(root.resolve(first.substring(1)))))
                    .build();
        }
        boolean isJson = first.startsWith("{");
        if (!isJson) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        return request.method(
                        method == null ? "POST" : method,
                        HttpRequest.BodyPublishers.ofString(
                                isJson ? first : String.join("&", form).replace(" ", "+")))
                .build();
    }
}
