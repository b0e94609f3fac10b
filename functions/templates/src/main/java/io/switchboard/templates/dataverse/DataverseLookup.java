package io.switchboard.templates.dataverse;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads lookups: the columns by which a row refers to another one. */
final class DataverseLookup {
    private DataverseLookup() {}

    /** Returns the GUID or the unique name of the row that a lookup refers to; empty if neither was sent. */
    static String parent(Map<String, @Nullable Object> columns, String lookup, String idColumn) {
        @Nullable String id = guid(columns.get("_" + lookup + "_value"));
        if (id != null) {
            return id;
        }
        if (columns.get(lookup) instanceof Map<?, ?> expanded) {
            id = guid(expanded.get(idColumn));
            if (id != null) {
                return id;
            }
            if (expanded.get(DataverseColumns.UNIQUE_NAME) instanceof String uniqueName) {
                return uniqueName;
            }
        }
        return "";
    }

    /** Returns a GUID in lower case, as in keys; null if the value is not a text. */
    static @Nullable String guid(@Nullable Object value) {
        return value instanceof String text ? text.toLowerCase(Locale.ROOT) : null;
    }
}
