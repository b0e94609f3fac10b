package io.switchboard.templates.dataverse;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns that all template tables have. */
final class DataverseColumns {
    static final String UNIQUE_NAME = "msdyn_uniquename";
    static final String NAME = "msdyn_name";

    private DataverseColumns() {}

    /** Creates the template of a row with these columns. */
    static Map<String, @Nullable Object> template(DataverseRow row, String kind) {
        Map<String, @Nullable Object> template = new LinkedHashMap<>();
        template.put("kind", kind);
        row.carry(UNIQUE_NAME, template, "uniqueName");
        row.carry(NAME, template, "name");
        row.carry("msdyn_description", template, "description");
        row.carry("msdyn_title", template, "title");
        @Nullable String status = row.option("statecode", DataverseOption.STATE);
        template.put("status", status == null ? "active" : status);
        @Nullable Object reason = row.any("statuscode");
        if (reason != null && !reason.toString().equals("inactive".equals(status) ? "2" : "1")) {
            row.note("statuscode", "Status reasons are not imported. Put the reason into the description.");
        }
        if (row.isUnpublished()) {
            row.note(
                    "componentstate",
                    "The row is not published in Dataverse, but can be used here at once. Deactivate it if it must"
                            + " not be used.");
        }
        if (Boolean.TRUE.equals(row.flag("ismanaged"))) {
            row.note(
                    "ismanaged",
                    "The solution locks the row in Dataverse; here every caller with Templates.ReadWrite can change it."
                            + " Restrict that permission.");
        }
        return template;
    }
}
