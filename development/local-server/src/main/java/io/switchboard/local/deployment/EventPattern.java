package io.switchboard.local.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A filter of an event source: what must be in an event for the function to get it. Of Lambda's rules it knows texts and prefixes.
 *
 * @param members as the template has them: objects, and in their leaves what may stand there, of which one suffices
 */
public record EventPattern(JsonNode members) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "prefix";

    /** @throws TemplateException where it holds something that is not understood here */
    static EventPattern of(String where, String text) {
        JsonNode members;
        try {
            members = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new TemplateException(where + ": a filter's Pattern must be JSON");
        }
        if (!isUnderstood(members)) {
            throw new TemplateException(
                    where + ": of filters only texts and prefixes are understood here, such as"
                            + " {\"eventName\":[\"INSERT\"]} or {\"dynamodb\":{\"Keys\":{\"key\":{\"S\":[{\"prefix\":\"A\"}]}}}}");
        }
        return new EventPattern(members);
    }

    private static boolean isUnderstood(JsonNode node) {
        if (node.isObject()) {
            return !node.isEmpty() && node.properties().stream().allMatch(member -> isUnderstood(member.getValue()));
        }
        if (!node.isArray() || node.isEmpty()) {
            return false;
        }
        for (JsonNode one : node) {
            if (!one.isTextual() && !(one.size() == 1 && one.path(PREFIX).isTextual())) {
                return false;
            }
        }
        return true;
    }

    /** Whether the event holds all that the pattern wants. */
    public boolean matches(JsonNode event) {
        return matches(members, event);
    }

    private static boolean matches(JsonNode wanted, JsonNode found) {
        if (wanted.isObject()) {
            return wanted.properties().stream()
                    .allMatch(member -> matches(member.getValue(), found.path(member.getKey())));
        }
        for (JsonNode one : wanted) {
            if (found.isTextual()
                    && (one.isTextual()
                            ? one.equals(found)
                            : found.asText().startsWith(one.path(PREFIX).asText()))) {
                return true;
            }
        }
        return false;
    }
}
