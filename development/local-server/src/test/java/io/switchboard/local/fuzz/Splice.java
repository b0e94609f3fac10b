package io.switchboard.local.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Inserts a text, which may be invalid JSON, into JSON at a random position. If the original text is not JSON, the
 * position is a random character.
 */
final class Splice {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MARK = "~splice~";

    private Splice() {}

    /** Replaces any value, rarely the root, by this text. */
    static String value(String json, String raw, SplittableRandom random) {
        return replaced(json, random, old -> raw);
    }

    /** Replaces any value by the function's result for its compact JSON. */
    static String replaced(String json, SplittableRandom random, UnaryOperator<String> change) {
        @Nullable JsonNode root = tree(json);
        if (root == null) {
            return inserted(json, change.apply(""), random);
        }
        List<Position> places = new ArrayList<>();
        collect(root, places);
        if (places.isEmpty()) {
            return change.apply(json);
        }
        Position place = places.get(random.nextInt(places.size()));
        String raw = change.apply(place.value().toString());
        place.set(MARK);
        return root.toString().replace('"' + MARK + '"', raw);
    }

    /** Adds members in the form {@code "a":1,"b":2} before or after those of an object of the tree. */
    static String members(String json, String raw, boolean first, SplittableRandom random) {
        @Nullable JsonNode root = tree(json);
        List<ObjectNode> objects = new ArrayList<>();
        if (root != null) {
            collectObjects(root, objects);
        }
        if (root == null || objects.isEmpty()) {
            return inserted(json, '{' + raw + '}', random);
        }
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        ObjectNode own = object.deepCopy();
        object.removeAll();
        if (first) {
            object.put(MARK, 0);
        }
        object.setAll(own);
        object.put(MARK, 0);
        return root.toString().replace('"' + MARK + "\":0", raw);
    }

    /** Replaces the name of a member by this content of a JSON string. */
    static String name(String json, String raw, SplittableRandom random) {
        @Nullable JsonNode root = tree(json);
        List<ObjectNode> objects = new ArrayList<>();
        if (root != null) {
            collectObjects(root, objects);
            objects.removeIf(ObjectNode::isEmpty);
        }
        if (root == null || objects.isEmpty()) {
            return inserted(json, raw, random);
        }
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        object.set(MARK, object.remove(name));
        return root.toString().replace('"' + MARK + "\":", '"' + raw + "\":");
    }

    /** Duplicates a member. */
    static String twice(String json, SplittableRandom random) {
        @Nullable JsonNode root = tree(json);
        List<ObjectNode> objects = new ArrayList<>();
        if (root != null) {
            collectObjects(root, objects);
            objects.removeIf(ObjectNode::isEmpty);
        }
        if (root == null || objects.isEmpty()) {
            return json + json;
        }
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        String name = object.fieldNames().next();
        object.put(MARK, 0);
        return root.toString().replace('"' + MARK + "\":0", quoted(name) + ":1");
    }

    static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static @Nullable JsonNode tree(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            return root.isContainerNode() ? root : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String inserted(String text, String raw, SplittableRandom random) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + raw + text.substring(at);
    }

    private record Position(JsonNode parent, String name, int index) {
        JsonNode value() {
            return parent.isObject() ? parent.path(name) : parent.path(index);
        }

        void set(String text) {
            if (parent instanceof ObjectNode object) {
                object.put(name, text);
            } else if (parent instanceof ArrayNode array) {
                array.set(index, array.textNode(text));
            }
        }
    }

    private static void collect(JsonNode node, List<Position> places) {
        for (var member : node.properties()) {
            places.add(new Position(node, member.getKey(), -1));
            collect(member.getValue(), places);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            places.add(new Position(node, "", i));
            collect(node.path(i), places);
        }
    }

    private static void collectObjects(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        for (JsonNode child : node) {
            collectObjects(child, objects);
        }
    }
}
