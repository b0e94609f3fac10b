import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the words and the sentences of the repository: documents, comments, messages, page texts and the names of
 * tests. The rules are in {@code build/plain-english.txt}; {@code docs/contributing/style.md} explains them.
 *
 * <p>{@code java build/PlainEnglish.java [file or folder ...]} prints one line for each violation, and ends with 1 if
 * any is found. Without an argument it checks the whole repository.
 */
public final class PlainEnglish {
    private static final Set<String> SKIPPED_FOLDERS =
            Set.of(".git", ".idea", "target", "node_modules", ".aws-sam", "data");
    private static final Pattern CODE =
            Pattern.compile("`[^`\n]*`|\\{@(?:code|link|linkplain|value|snippet)[^}]*}|https?://\\S+");
    private static final Pattern STRING_OR_COMMENT = Pattern.compile(
            "(?<line>//[^\n]*(?:\n\\s*//[^\n]*)*)|/\\*(?<block>.*?)\\*/|\"\"\"(?<text>.*?)\"\"\"|\"(?<string>(?:\\\\.|[^\"\\\\\n])*)\""
                    + "|'(?<single>(?:\\\\.|[^'\\\\\n])*)'|`(?<template>(?:\\\\.|[^`\\\\])*)`",
            Pattern.DOTALL);
    private static final Pattern CODE_MARKS = Pattern.compile("(?m)^\\s*(?://|\\*)|<p>|\\$\\{[^}]*}");
    private static final Pattern TAGS =
            Pattern.compile("<script.*?</script>|<style.*?</style>|<[^>]*>", Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern PARAGRAPH = Pattern.compile("(?:(?!\n\\s*(?:\n|[-*#|>]|\\d+\\.)).)+", Pattern.DOTALL);
    private static final Pattern MARKDOWN_MARKS = Pattern.compile("\\n\\s*[-*#|>]+|\\n\\s*\\d+\\.|\\|");
    private static final Pattern LINE_OR_COMMENT = Pattern.compile("(?m)(?:^\\s*#[^\n]*\n?)+|^[^\n]+");
    private static final Pattern COMMENT_MARKS = Pattern.compile("(?m)^\\s*#+|<!--|-->");
    private static final Pattern TEST_NAME = Pattern.compile("void (\\w+_\\w+)\\(");

    private final List<Rule> rules;
    private final List<Pattern> skippedFiles;
    private final List<String> violations = new ArrayList<>();

    /** A pattern that must not match, and the text that a writer reads if it does. */
    private record Rule(Pattern pattern, String advice) {}

    private PlainEnglish(List<Rule> rules, List<Pattern> skippedFiles) {
        this.rules = rules;
        this.skippedFiles = skippedFiles;
    }

    /** @param arguments the files and folders to check; the whole repository if empty */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve("build/plain-english.txt"))) {
            root = root.getParent();
        }
        if (root == null) {
            System.err.println("build/plain-english.txt is missing. Run the check inside the repository.");
            System.exit(2);
        }
        PlainEnglish check = read(root.resolve("build/plain-english.txt"));
        for (String argument : arguments.length == 0 ? new String[] {root.toString()} : arguments) {
            check.tree(root, Path.of(argument).toAbsolutePath());
        }
        check.violations.forEach(System.out::println);
        if (!check.violations.isEmpty()) {
            System.out.println(check.violations.size()
                    + " violations of the rules in build/plain-english.txt. Reword each text as its line advises.");
            System.exit(1);
        }
    }

    private static PlainEnglish read(Path file) throws IOException {
        List<Rule> rules = new ArrayList<>();
        List<Pattern> skipped = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("skip ")) {
                skipped.add(Pattern.compile(line.substring(5).strip()));
                continue;
            }
            int arrow = line.indexOf(" => ");
            if (arrow < 0) {
                throw new IllegalArgumentException("A rule needs \" => \" between its pattern and its advice: " + line);
            }
            rules.add(new Rule(
                    Pattern.compile(line.substring(0, arrow).strip()),
                    line.substring(arrow + 4).strip()));
        }
        return new PlainEnglish(rules, skipped);
    }

    private void tree(Path root, Path start) throws IOException {
        Set<Path> files = new TreeSet<>();
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return !folder.equals(start)
                                && SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        for (Path file : files) {
            String name = root.relativize(file).toString();
            if (skippedFiles.stream().noneMatch(skipped -> skipped.matcher(name).find())) {
                check(name, file);
            }
        }
    }

    private void check(String name, Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (MalformedInputException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String extension = name.substring(name.lastIndexOf('.') + 1);
        switch (extension) {
            case "java", "js", "mjs", "ts", "css" -> code(name, text);
            case "md" -> markdown(name, text);
            case "html", "svg" -> prose(name, text, 0, text.length(), TAGS);
            case "json", "jar", "jsonl", "b64", "pem" -> {}
            default -> lines(name, text);
        }
    }

    /** Checks comments, text in quotes, and the names of tests. Line comments that follow each other are one text. */
    private void code(String name, String text) {
        Matcher found = STRING_OR_COMMENT.matcher(text);
        while (found.find()) {
            for (String kind : List.of("line", "block", "text", "string", "single", "template")) {
                if (found.group(kind) != null) {
                    prose(name, text, found.start(kind), found.end(kind), CODE_MARKS);
                }
            }
        }
        Matcher test = TEST_NAME.matcher(text);
        while (test.find()) {
            judge(name, text, test.start(1), test.group(1).replace('_', ' '));
        }
    }

    /** Checks everything outside fenced blocks, paragraph by paragraph. */
    private void markdown(String name, String text) {
        Matcher fence = FENCE.matcher(text);
        int from = 0;
        while (fence.find()) {
            paragraphs(name, text, from, fence.start());
            from = fence.end();
        }
        paragraphs(name, text, from, text.length());
    }

    private void paragraphs(String name, String text, int from, int to) {
        Matcher paragraph = PARAGRAPH.matcher(text).region(from, to);
        while (paragraph.find()) {
            prose(name, text, paragraph.start(), paragraph.end(), MARKDOWN_MARKS);
        }
    }

    /** Checks comments and values line by line. Comment lines that follow each other are one text. */
    private void lines(String name, String text) {
        Matcher block = LINE_OR_COMMENT.matcher(text);
        while (block.find()) {
            prose(name, text, block.start(), block.end(), COMMENT_MARKS);
        }
    }

    /** Checks one text. Marks become blanks of the same length, so that offsets stay. */
    private void prose(String name, String text, int from, int to, Pattern noise) {
        String part = noise.matcher(text.substring(from, to))
                .replaceAll(found -> " ".repeat(found.group().length()));
        part = CODE.matcher(part).replaceAll(found -> "X".repeat(found.group().length()));
        judge(name, text, from, part.replace('\n', ' '));
    }

    private void judge(String name, String text, int from, String part) {
        for (Rule rule : rules) {
            Matcher found = rule.pattern.matcher(part);
            while (found.find()) {
                long line = 1
                        + text.substring(0, Math.min(text.length(), from + found.start()))
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                violations.add(name + ":" + line + ": \""
                        + found.group().strip().replaceAll("\\s+", " ") + "\": " + rule.advice);
            }
        }
    }
}
