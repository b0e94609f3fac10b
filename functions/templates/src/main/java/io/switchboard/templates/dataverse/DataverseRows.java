package io.switchboard.templates.dataverse;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Translates rows of Dynamics 365's template tables, as the Dataverse Web API returns them, into templates of this API
 * ({@code docs/reference/transport.md}). Lookups are resolved within the body or the file.
 */
public final class DataverseRows {
    private static final String VALUE = "value";

    private final DataverseNotes notes;
    private final DataverseProfiles profiles = new DataverseProfiles();
    private final DataverseTabTemplates tabs = new DataverseTabTemplates();
    private final DataverseNotificationTemplates notifications = new DataverseNotificationTemplates();
    private final DataverseSessionTemplates sessions;
    private final List<Map<String, @Nullable Object>> templates = new ArrayList<>();
    private final List<String> targets = new ArrayList<>();

    /** @param isFile whether the rows come from an exported file */
    private DataverseRows(DataverseNotes notes, boolean isFile) {
        this.notes = notes;
        this.sessions = new DataverseSessionTemplates(tabs, profiles, isFile);
    }

    /**
     * The translated rows.
     *
     * @param templates templates in the JSON of an import, each with its {@code kind}
     * @param targets the position of each template's row, such as {@code value[3]}; empty for the body itself
     * @param notCarried the content that is not imported, with alternatives
     */
    public record Translation(
            List<Map<String, @Nullable Object>> templates, List<String> targets, List<NotCarried> notCarried) {}

    /** Returns true if a body is a response of the Dataverse Web API, or contains rows of several responses. */
    public static boolean isDataverse(Map<String, @Nullable Object> body) {
        @Nullable Object value = body.get(VALUE);
        boolean isExport = false;
        if (value instanceof List<?> elements) {
            for (Object element : elements) {
                if (element instanceof Map<?, ?> object) {
                    if (DataverseTable.isRow(object)) {
                        return true;
                    }
                    isExport |= object.containsKey("kind");
                }
            }
        }
        return DataverseTable.isRow(body)
                || (!isExport && DataverseTable.nameInContext(body.get("@odata.context")) != null);
    }

    /**
     * Translates all rows. A malformed row has no template. The other templates are not validated yet.
     *
     * @param violations receives the errors of malformed rows
     */
    public static Translation translate(Map<String, @Nullable Object> body, Violations violations) {
        var rows = new DataverseRows(new DataverseNotes(), false);
        List<PendingRow> work = rows.read(body, violations);
        if (body.get("@odata.nextLink") != null) {
            rows.notes.add(
                    "@odata.nextLink",
                    "",
                    "@odata.nextLink",
                    "Dataverse has further rows. Request this link and import the response too.");
        }
        return rows.translate(work, violations);
    }

    /**
     * Translates the rows of a file.
     *
     * @param notes receives the content that is not carried
     */
    static Translation translate(List<SourceRow> file, DataverseNotes notes, Violations violations) {
        var rows = new DataverseRows(notes, true);
        List<PendingRow> work = new ArrayList<>();
        for (SourceRow row : file) {
            rows.read(row.columns(), row.target(), null, violations, work);
        }
        return rows.translate(work, violations);
    }

    private Translation translate(List<PendingRow> work, Violations violations) {
        for (PendingRow row : work) {
            translate(row);
        }
        tabs.noteUnused();
        notifications.noteUnused();
        profiles.noteUnused();
        // After all rows are translated, because a parameter is read with its template, which may follow it.
        for (PendingRow row : work) {
            violations.addAll(row.violations());
        }
        return new Translation(templates, targets, notes.all());
    }

    /** A row with its violations. */
    private record PendingRow(DataverseRow row, Violations violations) {}

    private List<PendingRow> read(Map<String, @Nullable Object> body, Violations violations) {
        @Nullable String ofContext = DataverseTable.nameInContext(body.get("@odata.context"));
        List<PendingRow> work = new ArrayList<>();
        @Nullable Object value = body.get(VALUE);
        if (value == null && DataverseTable.isRow(body)) {
            read(body, "", ofContext, violations, work);
        } else if (value instanceof List<?> elements) {
            for (int i = 0; i < elements.size(); i++) {
                String target = VALUE + "[" + i + "]";
                if (elements.get(i) instanceof Map<?, ?> object) {
                    read(ObjectReader.members(object), target, ofContext, violations, work);
                } else {
                    violations.add("wrongType", target, target + " must be an object: a row as the Web API sends it.");
                }
            }
        } else {
            violations.add(
                    value == null ? "required" : "wrongType",
                    VALUE,
                    "value must be an array of rows, as the Web API sends it.");
        }
        return work;
    }

    private void read(
            Map<String, @Nullable Object> columns,
            String target,
            @Nullable String ofContext,
            Violations violations,
            List<PendingRow> work) {
        @Nullable String name = DataverseTable.nameOf(columns, ofContext);
        if (name == null) {
            violations.add(
                    "invalidValue",
                    target,
                    (target.isEmpty() ? "The body" : target)
                            + " does not identify its table. Keep its GUID column or @odata.type, and send templates in"
                            + " this API's own form in a separate request.");
            return;
        }
        @Nullable DataverseTable table = DataverseTable.named(name);
        if (table == null) {
            String shown = InputLimits.excerpt(name);
            notes.add(
                    shown,
                    "unknownTable",
                    target.isEmpty() ? VALUE : target,
                    "Rows of " + shown + " are not imported. " + instead(name));
            return;
        }
        Violations ofRow = new Violations();
        DataverseRow row = new DataverseRow(columns, table, target, ofRow, notes);
        work.add(new PendingRow(row, ofRow));
        if (row.isDeleted()) {
            return;
        }
        switch (table) {
            case SESSION_TEMPLATE -> sessions.index(columns);
            case APPLICATION_TAB_TEMPLATE -> tabs.index(columns);
            case TEMPLATE_PARAMETER -> tabs.indexParameter(columns, row);
            case NOTIFICATION_FIELD -> notifications.indexField(columns, row);
            case APP_CONFIGURATION, ROLE_MAPPING, ROLE -> profiles.index(columns, row, table);
            case WEB_RESOURCE -> sessions.indexWebResource(columns);
            case NOTIFICATION_TEMPLATE -> {}
        }
    }

    private static String instead(String name) {
        return switch (name) {
            case "msdyn_channelprovider", "msdyn_channelproviders" ->
                "Register the provider's application with your identity provider; its tokens name it.";
            case "msdyn_paneconfiguration", "msdyn_paneconfigurations" -> "Configure panes in your desktop.";
            case "msdyn_sessiontemplate and msdyn_applicationtabtemplate" ->
                "Request session templates with $expand=" + DataverseTabTemplates.SESSION_TEMPLATES + " instead.";
            default -> "Leave them out.";
        };
    }

    private void translate(PendingRow work) {
        DataverseRow row = work.row();
        @Nullable DataverseTable table = row.table();
        if (table == null || row.isDeleted()) {
            return;
        }
        @Nullable
        Map<String, @Nullable Object> template =
                switch (table) {
                    case SESSION_TEMPLATE -> sessions.translate(row);
                    case APPLICATION_TAB_TEMPLATE -> tabs.translate(row);
                    case NOTIFICATION_TEMPLATE -> notifications.translate(row);
                    case APP_CONFIGURATION -> profiles.translate(row, DataverseColumns.template(row, "appProfile"));
                    case WEB_RESOURCE -> {
                        row.noteRow(
                                "Only the path of a web resource is imported, as a session's icon. Serve the file at"
                                        + " that path.");
                        yield null;
                    }
                    // These rows are read with the template to which they belong.
                    case TEMPLATE_PARAMETER, NOTIFICATION_FIELD, ROLE_MAPPING, ROLE -> null;
                };
        if (template == null) {
            return;
        }
        row.noteUnreadColumns();
        if (work.violations().isEmpty()) {
            templates.add(template);
            targets.add(row.target());
        }
    }
}
