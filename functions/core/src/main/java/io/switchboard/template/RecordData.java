package io.switchboard.template;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code data} of a record page ({@code docs/domain/session-templates.md}, "Page types"): the initial values of a
 * new record's form, as JSON text with slugs. Columns contain texts, numbers and booleans; lookups are arrays of
 * {@code {id, name, entityType}}.
 */
final class RecordData {
    private static final String LOOKUP = "{\"id\": \"…\", \"name\": \"…\", \"entityType\": \"…\"}";

    private RecordData() {}

    /** Returns the requirement that a value violates, as the end of a sentence; null for none. */
    static @Nullable String requirement(Object value) {
        if (value instanceof String text && SlugText.isOneSlug(text.strip())) {
            return null;
        }
        @Nullable Object json = null;
        if (value instanceof String text) {
            try {
                json = Json.read(text);
            } catch (Json.MalformedJson e) {
                return "a string that contains a JSON object, or a single slug; the JSON is invalid: " + e.getMessage();
            }
        }
        if (!(json instanceof Map<?, ?> columns)) {
            return "a string that contains a JSON object such as {\"title\": \"{caseTitle}\"}, or a single slug";
        }
        for (var column : columns.entrySet()) {
            @Nullable Object held = column.getValue();
            boolean isKnown = held == null || ObjectReader.isScalar(held) || isLookup(held);
            if (!isKnown) {
                return "a JSON object whose column " + column.getKey()
                        + " contains a string, a number, a boolean or, for a lookup, an array such as [" + LOOKUP + "]";
            }
        }
        return null;
    }

    private static boolean isLookup(Object held) {
        if (!(held instanceof List<?> records)) {
            return false;
        }
        for (Object record : records) {
            if (!(record instanceof Map<?, ?> members)
                    || !(members.get("id") instanceof String)
                    || !(members.get("entityType") instanceof String)) {
                return false;
            }
            for (var member : members.entrySet()) {
                boolean isName = "name".equals(member.getKey());
                boolean isKey = "id".equals(member.getKey()) || "entityType".equals(member.getKey());
                if (!isKey && !(isName && member.getValue() instanceof String)) {
                    return false;
                }
            }
        }
        return true;
    }
}
