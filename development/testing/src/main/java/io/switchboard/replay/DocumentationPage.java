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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page of the documentation, in Markdown: its fenced blocks, its commands, and the responses that it shows.
 *
 * @param root the project's folder
 * @param path the page, relative to the project's folder
 * @param text the Markdown text
 */
public record DocumentationPage(Path root, String path, String text) {
    private static final Pattern FENCED = Pattern.compile("^( *)```(.*)\\n((?:.*\\n)*?)^\\1```$", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final String DOCUMENTED_BASE = "http://127.0.0.1:3000";
    private static final String TOKEN_LINE = "TOKEN=$(";
    private static final Pattern USER = Pattern.compile("-d user=(\\S+)");
    private static final char NO_QUOTE = '\0';

    /**
     * A fenced block.
     *
     * @param language the language that the fence names; empty if it names none
     * @param text the content, without the indentation of the fence
     */
    public record Block(String language, String text) {
        /** Returns whether the block contains shell commands. */
        public boolean isShell() {
            return language.equals("sh");
        }
    }

    /** Reads a page of this project, such as {@code README.md}. */
    public static DocumentationPage read(String path) {
        Path root = Path.of(System.getProperty("switchboard.root", "../.."));
        try {
            return new DocumentationPage(root, path, Files.readString(root.resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the fenced blocks, in the order of the page. */
    public List<Block> blocks() {
        return FENCED.matcher(text)
                .results()
                .map(match -> new Block(
                        match.group(2),
                        match.group(1).isEmpty()
                                ? match.group(3)
                                : match.group(3).replaceAll("(?m)^" + match.group(1), "")))
                .toList();
    }

    /** Returns the texts of the shell blocks. */
    public List<String> shellBlocks() {
        return blocks().stream().filter(Block::isShell).map(Block::text).toList();
    }

    /** Returns the commands of all shell blocks, each in one line unless it has line breaks in quotes. */
    public List<String> commands() {
        return shellBlocks().stream().flatMap(block -> split(block).stream()).toList();
    }

    /** Returns the commands that begin with a text. */
    public List<String> commands(String beginning) {
        return commands().stream()
                .filter(command -> command.startsWith(beginning))
                .toList();
    }

    /**
     * Sends each request of the page in turn, and compares the responses that the page shows with the real ones.
     *
     * @param withToken whether to send the requests for tokens. {@code sam local start-api} needs none and serves one
     *     user, so the requests and responses of another user than the page's first one are skipped without them
     * @return the number of requests
     */
    public int follow(HttpClient client, URI base, boolean withToken) throws IOException, InterruptedException {
        String token = "";
        Optional<HttpResponse<String>> last = Optional.empty();
        int requests = 0;
        @Nullable String first = null;
        boolean isSkipped = false;
        for (Block block : blocks()) {
            if (block.language().equals("http") && !isSkipped) {
                assertResponse(last.orElseThrow(), block.text());
            }
            if (!block.isShell()) {
                continue;
            }
            for (String command : split(block.text())) {
                boolean isToken = command.startsWith(TOKEN_LINE);
                if (isToken && !withToken) {
                    String user = userOf(command);
                    first = first == null ? user : first;
                    isSkipped = !user.equals(first);
                    continue;
                }
                if (!isRequest(command) || isSkipped) {
                    continue;
                }
                List<String> words =
                        words(isToken ? command.substring(TOKEN_LINE.length(), command.length() - 1) : command);
                HttpResponse<String> response =
                        client.send(request(words, base, token), HttpResponse.BodyHandlers.ofString());
                token = isToken ? response.body().strip() : token;
                requests++;
                assertThat(response.statusCode())
                        .as("%s%n%s", command, response.body())
                        .isLessThan(500);
                last = Optional.of(response);
            }
        }
        return requests;
    }

    private static String userOf(String command) {
        Matcher user = USER.matcher(command);
        assertThat(user.find()).as(command).isTrue();
        return user.group(1);
    }

    /** Returns whether {@link #follow} sends a command. */
    public static boolean isRequest(String command) {
        return command.contains("curl -");
    }

    /** Splits a shell block into commands. A backslash at the end of a line and an open quote continue a command. */
    static List<String> split(String block) {
        List<String> commands = new ArrayList<>();
        StringBuilder command = new StringBuilder();
        char quote = NO_QUOTE;
        int i = 0;
        while (i < block.length()) {
            char c = block.charAt(i++);
            if (c == '\\' && quote != '\'' && i < block.length()) {
                char next = block.charAt(i++);
                if (next != '\n') {
                    command.append(c).append(next);
                    continue;
                }
                while (quote == NO_QUOTE && i < block.length() && block.charAt(i) == ' ') {
                    i++;
                }
            } else if (c == '\n' && quote == NO_QUOTE) {
                addCommand(commands, command);
            } else {
                if (quote == NO_QUOTE && (c == '\'' || c == '"')) {
                    quote = c;
                } else if (c == quote) {
                    quote = NO_QUOTE;
                }
                command.append(c);
            }
        }
        addCommand(commands, command);
        return commands;
    }

    private static void addCommand(List<String> commands, StringBuilder command) {
        if (!command.toString().isBlank()) {
            commands.add(command.toString());
        }
        command.setLength(0);
    }

    /** Splits a command into words, as far as the documentation needs it: at blanks outside of quotes. */
    public static List<String> words(String command) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(command);
        while (matcher.find()) {
            words.add(
                    matcher.group(1) != null
                            ? matcher.group(1)
                            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        return words;
    }

    /** Each text between two ellipses must appear in the response, in that order; ids and times differ each time. */
    private static void assertResponse(HttpResponse<String> response, String block) {
        assertThat(block).startsWith("HTTP/1.1 " + response.statusCode() + " ");
        String body = steady(response.body());
        int from = 0;
        String documented = block.substring(block.indexOf("\n\n") + 2);
        for (String part : documented.split("…", -1)) {
            // A line break of the page is not part of the response.
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
