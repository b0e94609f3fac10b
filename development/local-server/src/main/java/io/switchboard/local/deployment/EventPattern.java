package io.switchboard.local.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A filter of an event source: the conditions that an event must meet to invoke the function. Supports exact strings
 * and prefixes, a subset of Lambda's rules.
 *
 * @param members the pattern as in the template: nested objects whose leaves list the allowed values, of which one must
 *     match
 */
public record EventPattern(JsonNode members) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "prefix";

    /** @throws TemplateException if the pattern contains an unsupported rule */
    static EventPattern of(String where, String text) {
        JsonNode members;
        try {
            members = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new TemplateException(where + ": the Pattern of a filter must be JSON");
        }
        if (!isSupported(members)) {
            throw new TemplateException(
                    where + ": the local server supports only strings and prefixes in filters, for example"
                            + " {\"eventName\":[\"INSERT\"]} or {\"dynamodb\":{\"Keys\":{\"key\":{\"S\":[{\"prefix\":\"A\"}]}}}}");
        }
        return new EventPattern(members);
    }

    private static boolean isSupported(JsonNode node) {
        if (node.isObject()) {
            return !node.isEmpty() && node.properties().stream().allMatch(member -> isSupported(member.getValue()));
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

    /** Returns whether the event meets all conditions of the pattern. */
    public boolean matches(JsonNode event) {
        return matches(members, event);
    }

    private static boolean matches(JsonNode expected, JsonNode found) {
        if (expected.isObject()) {
            return expected.properties().stream()
                    .allMatch(member -> matches(member.getValue(), found.path(member.getKey())));
        }
        for (JsonNode one : expected) {
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
