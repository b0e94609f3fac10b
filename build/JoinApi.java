import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins the YAML files of a folder into one OpenAPI document in compact JSON: {@code common.yaml} first, then the
 * others by name, each in its own order. Files share {@code paths}, {@code components} and the sections of
 * {@code components}; any other member must be in one file only.
 *
 * <p>{@code java build/JoinApi.java <folder> <document>} exits with 1 and one line with the reason if a file cannot be
 * read or two files define the same member.
 */
public final class JoinApi {
    private static final String FIRST = "common.yaml";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final ObjectNode document = JSON.createObjectNode();
    /** The file that defines a member, by the path of the member. */
    private final Map<String, Path> definitions = new HashMap<>();

    private JoinApi() {}

    /** @param arguments the folder, and the document, which is written only if it changes */
    public static void main(String[] arguments) throws IOException {
        JoinApi join = new JoinApi();
        try {
            for (Path file : files(Path.of(arguments[0]))) {
                join.add(file);
            }
        } catch (InvalidFile e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        Path target = Path.of(arguments[1]);
        byte[] joined = JSON.writeValueAsBytes(join.document);
        if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), joined)) {
            Files.createDirectories(target.getParent());
            Files.write(target, joined);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var yaml = Files.newDirectoryStream(folder, "*.yaml")) {
            yaml.forEach(files::add);
        }
        files.sort(Comparator.comparing((Path file) -> !file.endsWith(FIRST)).thenComparing(Path::toString));
        return files;
    }

    private void add(Path file) throws IOException, InvalidFile {
        try {
            merge(document, YAML.readTree(file.toFile()), "", file);
        } catch (JacksonYAMLParseException e) {
            throw new InvalidFile("%s: %s".formatted(file, e.getOriginalMessage()));
        } catch (JsonProcessingException e) {
            throw new InvalidFile(
                    "%s, line %d: %s".formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()));
        }
    }

    private void merge(ObjectNode joined, JsonNode added, String place, Path file) throws InvalidFile {
        if (!(added instanceof ObjectNode)) {
            throw new InvalidFile("%s: %s must have members".formatted(file, place.isEmpty() ? "the file" : place));
        }
        for (Map.Entry<String, JsonNode> member : added.properties()) {
            String name = member.getKey();
            String at = place.isEmpty() ? name : place + " " + name;
            if (isShared(at)) {
                merge(joined.withObjectProperty(name), member.getValue(), at, file);
                continue;
            }
            Path other = definitions.putIfAbsent(at, file);
            if (other != null) {
                throw new InvalidFile(
                        "%s: %s is already defined in %s. Remove one of them.".formatted(file, at, other));
            }
            joined.set(name, member.getValue());
        }
    }

    /** Returns whether several files may add to the member, such as {@code paths} and {@code components schemas}. */
    private static boolean isShared(String place) {
        return place.equals("paths") || place.matches("components( \\S+)?");
    }

    /** An error in a file. */
    private static final class InvalidFile extends Exception {
        private static final long serialVersionUID = 1;

        InvalidFile(String message) {
            super(message);
        }
    }
}
