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
 * Normalizes the responses of one system, so that those of two systems can be compared. Values that necessarily differ
 * are replaced:
 *
 * <ul>
 *   <li>GUIDs, and the hashes in a desk's ETag, which are derived from GUIDs, by the number of their first appearance,
 *       so that equal values stay equal and different values stay different;
 *   <li>instants, and the tokens of delta links, which contain instants.
 * </ul>
 *
 * <p>Everything else is compared: the status, the headers and their spelling, the request ids (which come from the
 * event) and all other members of the body. Not thread-safe.
 */
final class StableResponses {
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern DESK_TAG = Pattern.compile("(?<=^W/\"[0-9]{1,19}-)[0-9a-f]{18}(?=\"$)");
    private static final Pattern INSTANT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z");
    private static final Pattern DELTA_TOKEN = Pattern.compile("(?<=[?&]\\$deltatoken=)[A-Za-z0-9_-]+");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> names = new HashMap<>();

    /** Returns the normalized response of a function, with its body parsed if it is JSON. */
    JsonNode of(JsonNode response) {
        var copy = response.deepCopy();
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
        return stable(copy);
    }

    /** Returns the body as text, decompressed if necessary. */
    private static String text(ObjectNode response) {
        String body = response.path("body").asText();
        if (!response.path("isBase64Encoded").asBoolean()) {
            return body;
        }
        byte[] bytes = Base64.getDecoder().decode(body);
        try (var inflated = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(inflated.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(body, e);
        }
    }

    private JsonNode stable(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var copy = JSON.createObjectNode();
                object.properties().forEach(member -> copy.set(member.getKey(), stable(member.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                var copy = JSON.createArrayNode();
                array.forEach(element -> copy.add(stable(element)));
                yield copy;
            }
            case TextNode text -> TextNode.valueOf(stable(text.textValue()));
            default -> node;
        };
    }

    private String stable(String text) {
        String tokenless = DELTA_TOKEN.matcher(text).replaceAll("<token>");
        String instantless = INSTANT.matcher(tokenless).replaceAll("<instant>");
        String guidless = GUID.matcher(instantless).replaceAll(this::name);
        return DESK_TAG.matcher(guidless).replaceAll(this::name);
    }

    private String name(MatchResult match) {
        return names.computeIfAbsent(match.group(), _ -> "<" + (names.size() + 1) + ">");
    }
}
