package io.switchboard.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The answers of one system, with what must differ between two systems set aside, so that the rest can be compared:
 *
 * <ul>
 *   <li>GUIDs and the hashes in a desk's ETag, which are made of GUIDs: numbered in the order of their first appearance, so that
 *       the same one stays the same and another one another;
 *   <li>instants.
 * </ul>
 *
 * <p>All else counts: status, headers and their spelling, request ids (they are the event's), every other member of the body. Not
 * thread-safe.
 */
final class SteadyAnswers {
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern DESK_TAG = Pattern.compile("(?<=^W/\")[0-9a-f]{18}(?=\"$)");
    private static final Pattern INSTANT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> names = new HashMap<>();

    /** A function's answer, its body read as JSON where it is JSON. */
    JsonNode of(JsonNode answer) {
        var copy = answer.deepCopy();
        if (copy instanceof ObjectNode object) {
            String body = text(object);
            if (body.startsWith("{")) {
                try {
                    object.set("body", JSON.readTree(body));
                } catch (JsonProcessingException e) {
                    throw new AssertionError(body, e);
                }
            }
        }
        return steady(copy);
    }

    /** The body as text, inflated where it is compressed. */
    private static String text(ObjectNode answer) {
        String body = answer.path("body").asText();
        if (!answer.path("isBase64Encoded").asBoolean()) {
            return body;
        }
        byte[] bytes = Base64.getDecoder().decode(body);
        try (var inflated = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(inflated.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(body, e);
        }
    }

    private JsonNode steady(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var copy = JSON.createObjectNode();
                object.properties().forEach(member -> copy.set(member.getKey(), steady(member.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                var copy = JSON.createArrayNode();
                array.forEach(element -> copy.add(steady(element)));
                yield copy;
            }
            case TextNode text -> TextNode.valueOf(steady(text.textValue()));
            default -> node;
        };
    }

    private String steady(String text) {
        String instantless = INSTANT.matcher(text).replaceAll("<instant>");
        String guidless = GUID.matcher(instantless).replaceAll(this::name);
        return DESK_TAG.matcher(guidless).replaceAll(this::name);
    }

    private String name(MatchResult match) {
        return names.computeIfAbsent(match.group(), _ -> "<" + (names.size() + 1) + ">");
    }
}
