package io.switchboard.templates.dataverse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates rows of {@code msdyn_notificationtemplate} with their fields. Not thread-safe. */
final class DataverseNotificationTemplates {
    private static final String UNIQUE_NAME = DataverseColumns.UNIQUE_NAME;
    private static final String NAME = DataverseColumns.NAME;
    private static final String FIELDS = "msdyn_notificationtemplate_notificationfield";

    /** Rows of fields by GUID and by unique name. */
    private final Map<String, DataverseRow> fields = new HashMap<>();

    private final List<DataverseRow> allFields = new ArrayList<>();
    private final Set<DataverseRow> usedFields = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Adds the row of a field to the index. */
    void indexField(Map<String, @Nullable Object> columns, DataverseRow row) {
        allFields.add(row);
        @Nullable String id = row.id();
        if (id != null) {
            fields.putIfAbsent(id, row);
        }
        if (columns.get(UNIQUE_NAME) instanceof String uniqueName) {
            fields.putIfAbsent(uniqueName, row);
        }
    }

    Map<String, @Nullable Object> translate(DataverseRow row) {
        Map<String, @Nullable Object> template = DataverseColumns.template(row, "notificationTemplate");
        row.carry("msdyn_icon", template, "icon");
        row.carry("msdyn_showtimeout", template, "showTimeout");
        row.carry("msdyn_timeout", template, "timeout");
        row.carry("msdyn_autoacceptnotification", template, "autoAccept");
        row.carry("msdyn_autopopupsession", template, "autoPopupSession");
        row.carry("msdyn_acceptbuttontext", template, "acceptButtonText");
        row.carry("msdyn_showrejectbutton", template, "showRejectButton");
        row.carry("msdyn_rejectbuttontext", template, "rejectButtonText");
        @Nullable String desktop = row.option("msdyn_desktopnotificationmode", DataverseOption.DESKTOP_NOTIFICATION);
        if (desktop != null) {
            template.put("desktopNotification", desktop);
        }
        @Nullable String theme = row.option("msdyn_theme", DataverseOption.THEME);
        if (theme != null) {
            template.put("theme", theme);
        }
        fields(row, template);
        return template;
    }

    private void fields(DataverseRow row, Map<String, @Nullable Object> template) {
        List<Ordered> inOrder = new ArrayList<>();
        for (DataverseRow expanded : row.expandedAll(FIELDS, DataverseTable.NOTIFICATION_FIELD)) {
            @Nullable String id = expanded.id();
            // An expanded row without columns only identifies a separate row.
            @Nullable
            DataverseRow own = id == null ? fields.get(String.valueOf(expanded.text(UNIQUE_NAME))) : fields.get(id);
            if (own != null) {
                usedFields.add(own);
            }
            DataverseRow field = expanded.text(NAME) == null && own != null ? own : expanded;
            if (!field.isImported()) {
                continue;
            }
            inOrder.add(
                    new Ordered(field.any("msdyn_order") instanceof Integer order ? order : Integer.MAX_VALUE, field));
        }
        inOrder.sort(Comparator.comparingInt(Ordered::order));
        List<Map<String, @Nullable Object>> carried = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Ordered ordered : inOrder) {
            DataverseRow field = ordered.field();
            @Nullable String name = field.text(NAME);
            @Nullable String uniqueName = field.text(UNIQUE_NAME);
            if (name == null || names.contains(name)) {
                name = uniqueName;
            }
            if (name == null || !names.add(name)) {
                field.noteRow("The name of a field must be unique in its template. Rename the field, or add it here.");
                continue;
            }
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("name", name);
            field.carry("msdyn_title", line, "fieldHeader");
            field.carry("msdyn_value", line, "value");
            field.noteUnreadColumns();
            carried.add(line);
        }
        if (!carried.isEmpty()) {
            template.put("fields", Collections.unmodifiableList(carried));
        }
    }

    private record Ordered(int order, DataverseRow field) {}

    /** Adds notes for fields that belong to no template. */
    void noteUnused() {
        for (DataverseRow field : allFields) {
            if (!usedFields.contains(field)) {
                field.noteRow("The field belongs to no notification template of this import. Request them with $expand="
                        + FIELDS + ", or export them too.");
            }
        }
    }
}
