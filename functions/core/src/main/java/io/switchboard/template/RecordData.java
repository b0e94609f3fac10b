package io.switchboard.template;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code data} of a record page ({@code cif-apm.md} §D.2): what a new record's form is filled with, as JSON text with slugs
 * inside. Columns hold texts, numbers and booleans; lookups are arrays of {@code {id, name, entityType}}.
 */
final class RecordData {
    private static final String LOOKUP = "{\"id\": \"…\", \"name\": \"…\", \"entityType\": \"…\"}";

    private RecordData() {}

    /** What is wanted instead of this value, or null where nothing is. */
    static @Nullable String wanted(Object value) {
        if (value instanceof String text && SlugText.isOneSlug(text.strip())) {
            return null;
        }
        @Nullable Object json = null;
        if (value instanceof String text) {
            try {
                json = Json.read(text);
            } catch (Json.MalformedJson e) {
                return "a text holding a JSON object, or one slug; as JSON: " + e.getMessage();
            }
        }
        if (!(json instanceof Map<?, ?> columns)) {
            return "a text holding a JSON object such as {\"title\": \"{caseTitle}\"}, or one slug";
        }
        for (var column : columns.entrySet()) {
            @Nullable Object held = column.getValue();
            boolean isKnown = held == null || ObjectReader.isScalar(held) || isLookup(held);
            if (!isKnown) {
                return "a JSON object whose column " + column.getKey()
                        + " holds a text, a number, a boolean or, for a lookup, an array such as [" + LOOKUP + "]";
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
