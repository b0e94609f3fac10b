package io.switchboard.templates.dataverse;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.template.PageType;
import io.switchboard.template.SessionTemplate;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of Dynamics 365's template tables, as the Dataverse Web API answers them, in the words of this API
 * ({@code docs/transport.md}). Reads nothing but the rows: lookups are resolved within the body or the file.
 */
public final class DataverseRows {
    private static final String VALUE = "value";
    static final String UNIQUE_NAME = "msdyn_uniquename";
    private static final String NAME = "msdyn_name";
    private static final String ANCHOR = "msdyn_anchortab";
    private static final String ICON = "msdyn_sessionicon";
    private static final String FURTHER_TABS = "msdyn_sessiontemplate_applicationtab";
    private static final String PARAMETERS = "msdyn_applicationtabtemplate_templateparameter";
    private static final String FIELDS = "msdyn_notificationtemplate_notificationfield";
    static final String PROFILES = "msdyn_appconfiguration_sessiontemplate";
    private static final String SCRIPTS = "msdyn_msdyn_prod_agentscript_msdyn_sessiontemplat";

    private final DataverseNotes notes;
    /** Whether the rows come from a file, which the caller does not write by hand. */
    private final boolean isFile;

    private final DataverseProfiles profiles;
    private final List<Map<String, @Nullable Object>> templates = new ArrayList<>();
    private final List<String> targets = new ArrayList<>();

    /** Unique names of application tab templates by GUID. */
    private final Map<String, String> tabNames = new HashMap<>();
    /** Unique names of application tab templates whose own rows are in the body. */
    private final Set<String> ownTabs = new HashSet<>();
    /** Names of web resources by GUID. */
    private final Map<String, String> webResourceNames = new HashMap<>();
    /** Rows of parameters by the GUID or the unique name of their application tab template; those left belong to none. */
    private final Map<String, List<DataverseRow>> parameters = new LinkedHashMap<>();
    /** Rows of notification fields by GUID and by unique name. */
    private final Map<String, DataverseRow> fields = new HashMap<>();

    private final List<DataverseRow> allFields = new ArrayList<>();
    private final Set<DataverseRow> usedFields = Collections.newSetFromMap(new IdentityHashMap<>());

    private DataverseRows(DataverseNotes notes, boolean isFile) {
        this.notes = notes;
        this.isFile = isFile;
        this.profiles = new DataverseProfiles();
    }

    /**
     * What the rows say.
     *
     * @param templates templates in the JSON of an import, each with its {@code kind}
     * @param targets where each template's row is, such as {@code value[3]}; empty where it is the body itself
     * @param notCarried what of the rows has no place here, and what to do instead
     */
    public record Translation(
            List<Map<String, @Nullable Object>> templates, List<String> targets, List<NotCarried> notCarried) {}

    /** Whether a body is an answer of the Dataverse Web API, or rows of such answers put together. */
    public static boolean isDataverse(Map<String, @Nullable Object> body) {
        @Nullable Object value = body.get(VALUE);
        boolean ours = false;
        if (value instanceof List<?> elements) {
            for (Object element : elements) {
                if (element instanceof Map<?, ?> object) {
                    if (DataverseTable.isRow(object)) {
                        return true;
                    }
                    ours |= object.containsKey("kind");
                }
            }
        }
        return DataverseTable.isRow(body)
                || (!ours && DataverseTable.nameInContext(body.get("@odata.context")) != null);
    }

    /**
     * Translates all rows. A row that is malformed has no template; the others' templates are still to be held to the rules of
     * their kind.
     *
     * @param violations what is malformed goes there
     */
    public static Translation translate(Map<String, @Nullable Object> body, Violations violations) {
        var rows = new DataverseRows(new DataverseNotes(), false);
        List<Work> work = rows.read(body, violations);
        if (body.get("@odata.nextLink") != null) {
            rows.notes.add(
                    "@odata.nextLink",
                    "",
                    "@odata.nextLink",
                    "Dataverse has further rows. Get this link, and import its answer too.");
        }
        return rows.translate(work, violations);
    }

    /**
     * Translates the rows of a file.
     *
     * @param notes what of the file is not carried; the rows add to it
     */
    static Translation translate(List<SourceRow> file, DataverseNotes notes, Violations violations) {
        var rows = new DataverseRows(notes, true);
        List<Work> work = new ArrayList<>();
        for (SourceRow row : file) {
            rows.read(row.columns(), row.target(), null, violations, work);
        }
        return rows.translate(work, violations);
    }

    private Translation translate(List<Work> work, Violations violations) {
        for (Work row : work) {
            translate(row);
        }
        noteLeftOver();
        // Only now: a parameter is read with its template, which may stand behind it.
        for (Work row : work) {
            violations.addAll(row.violations());
        }
        return new Translation(templates, targets, notes.all());
    }

    /** A row with what is wrong with it. */
    private record Work(DataverseRow row, Violations violations) {}

    private List<Work> read(Map<String, @Nullable Object> body, Violations violations) {
        @Nullable String ofContext = DataverseTable.nameInContext(body.get("@odata.context"));
        List<Work> work = new ArrayList<>();
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
            List<Work> work) {
        @Nullable String name = DataverseTable.nameOf(columns, ofContext);
        if (name == null) {
            violations.add(
                    "invalidValue",
                    target,
                    (target.isEmpty() ? "The body" : target)
                            + " does not say which table it is of. Keep its GUID column or @odata.type; templates in this"
                            + " API's own form need a request of their own.");
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
        work.add(new Work(row, ofRow));
        if (row.isDeleted()) {
            return;
        }
        index(columns, table);
        switch (table) {
            case SESSION_TEMPLATE -> {
                index(columns.get(ANCHOR), DataverseTable.APPLICATION_TAB_TEMPLATE);
                if (columns.get(FURTHER_TABS) instanceof List<?> tabs) {
                    for (Object tab : tabs) {
                        index(tab, DataverseTable.APPLICATION_TAB_TEMPLATE);
                    }
                }
                profiles.indexSession(columns);
            }
            case TEMPLATE_PARAMETER ->
                parameters
                        .computeIfAbsent(
                                parent(columns, "msdyn_applicationtabtemplateid", "msdyn_applicationtabtemplateid"),
                                absent -> new ArrayList<>())
                        .add(row);
            case NOTIFICATION_FIELD -> {
                allFields.add(row);
                @Nullable String id = row.id();
                if (id != null) {
                    fields.putIfAbsent(id, row);
                }
                if (columns.get(UNIQUE_NAME) instanceof String uniqueName) {
                    fields.putIfAbsent(uniqueName, row);
                }
            }
            case APP_CONFIGURATION, ROLE_MAPPING, ROLE -> profiles.index(columns, row, table);
            case APPLICATION_TAB_TEMPLATE -> {
                if (columns.get(UNIQUE_NAME) instanceof String uniqueName) {
                    ownTabs.add(uniqueName);
                }
            }
            case NOTIFICATION_TEMPLATE, WEB_RESOURCE -> {}
        }
    }

    private static String instead(String name) {
        return switch (name) {
            case "msdyn_channelprovider", "msdyn_channelproviders" ->
                "Register the provider's application with your identity provider; its tokens name it.";
            case "msdyn_paneconfiguration", "msdyn_paneconfigurations" -> "Configure panes in your desktop.";
            case "msdyn_sessiontemplate and msdyn_applicationtabtemplate" ->
                "Request session templates with $expand=" + FURTHER_TABS + " instead.";
            default -> "Leave them out.";
        };
    }

    /** The GUID or the unique name of the row that a lookup points to; empty if neither was sent. */
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
            if (expanded.get(UNIQUE_NAME) instanceof String uniqueName) {
                return uniqueName;
            }
        }
        return "";
    }

    /** Remembers the name behind a GUID. */
    private void index(@Nullable Object object, DataverseTable table) {
        if (!(object instanceof Map<?, ?> columns)) {
            return;
        }
        @Nullable String id = guid(columns.get(table.idColumn()));
        if (id == null) {
            return;
        }
        if (table == DataverseTable.APPLICATION_TAB_TEMPLATE && columns.get(UNIQUE_NAME) instanceof String name) {
            tabNames.put(id, name);
        } else if (table == DataverseTable.WEB_RESOURCE && columns.get("name") instanceof String name) {
            webResourceNames.put(id, name);
        }
    }

    private static @Nullable String guid(@Nullable Object value) {
        return value instanceof String text ? text.toLowerCase(Locale.ROOT) : null;
    }

    private void translate(Work work) {
        DataverseRow row = work.row();
        @Nullable DataverseTable table = row.table();
        if (table == null || row.isDeleted()) {
            return;
        }
        @Nullable
        Map<String, @Nullable Object> template =
                switch (table) {
                    case SESSION_TEMPLATE -> sessionTemplate(row);
                    case APPLICATION_TAB_TEMPLATE -> applicationTabTemplate(row);
                    case NOTIFICATION_TEMPLATE -> notificationTemplate(row);
                    case APP_CONFIGURATION -> profiles.translate(row, common(row, "appProfile"));
                    case WEB_RESOURCE -> {
                        row.noteRow(
                                "Of web resources only the path is carried, as a session's icon. Serve the file under it.");
                        yield null;
                    }
                    // They are read with the template they belong to.
                    case TEMPLATE_PARAMETER, NOTIFICATION_FIELD, ROLE_MAPPING, ROLE -> null;
                };
        if (template == null) {
            return;
        }
        row.noteTheRest();
        if (work.violations().isEmpty()) {
            templates.add(template);
            targets.add(row.target());
        }
    }

    /** The columns all three tables have. */
    private static Map<String, @Nullable Object> common(DataverseRow row, String kind) {
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
                    "The row is not published in Dataverse; here it can be used at once. Deactivate it where it must not be.");
        }
        if (Boolean.TRUE.equals(row.flag("ismanaged"))) {
            row.note(
                    "ismanaged",
                    "The solution locks the row in Dataverse; here every caller with Templates.ReadWrite can change it."
                            + " Grant that permission to few.");
        }
        return template;
    }

    private @Nullable Map<String, @Nullable Object> sessionTemplate(DataverseRow row) {
        Map<String, @Nullable Object> template = common(row, "sessionTemplate");
        @Nullable String type = type(row);
        if (type == null) {
            return template;
        }
        boolean isEntity = type.equals("entity");
        template.put("type", type);
        @Nullable String panel = row.option("msdyn_panelstate", DataverseOption.PANEL_STATE);
        if (isEntity) {
            row.carry("msdyn_entity", template, "entity");
            template.put("communicationPanelMode", "hidden");
            if (panel != null && !panel.equals("hidden")) {
                row.note("msdyn_panelstate", "The panel of an entity session is hidden here, not " + panel + ".");
            }
            noteOfGeneric(row);
        } else {
            row.noteUnlessEmpty("msdyn_entity", "A generic template has no entity. Make it one of the type entity.");
            template.put("communicationPanelMode", panel == null ? "docked" : panel);
            icon(row, template);
            anchor(row, template);
        }
        row.carry("msdyn_enabletitlesync", template, "applySessionTitleToAnchorTab");
        furtherTabs(row, template);
        String scripts = "Agent scripts are not imported. Put their content into a tab of the template.";
        row.noteUnlessEmpty("msdyn_enablebuildexpression", scripts);
        row.noteUnlessEmpty("msdyn_expressiondata", scripts);
        row.noteUnlessEmpty(SCRIPTS, scripts);
        if (profiles.lacksOneOf(row)) {
            row.note(
                    PROFILES,
                    "An app profile that has the template is not in this import. Send its row of msdyn_appconfiguration too,"
                            + " or list the template in sessionTemplates of the profile.");
        }
        return template;
    }

    private static @Nullable String type(DataverseRow row) {
        boolean isSent = row.any("msdyn_sessiontype") != null;
        @Nullable String type = row.option("msdyn_sessiontype", DataverseOption.SESSION_TYPE);
        // What the type was before it became a choice: false where nobody sets it any more.
        @Nullable Boolean legacy = row.flag("msdyn_type");
        if (isSent) {
            return type;
        }
        if (legacy != null) {
            return legacy ? "entity" : "generic";
        }
        row.violation("required", "msdyn_sessiontype", "is required: ask for this column too.");
        return null;
    }

    private static void noteOfGeneric(DataverseRow row) {
        String anchor = "An entity session is anchored in its record. Open the tab as one of additionalTabs.";
        row.noteUnlessEmpty(ANCHOR, anchor);
        row.noteUnlessEmpty("_msdyn_anchortab_value", anchor);
        String icon = "An entity template has no icon here. Show the record's own.";
        row.noteUnlessEmpty(ICON, icon);
        row.noteUnlessEmpty("_msdyn_sessionicon_value", icon);
    }

    private void icon(DataverseRow row, Map<String, @Nullable Object> template) {
        @Nullable String id = row.guid("_msdyn_sessionicon_value");
        @Nullable DataverseRow expanded = row.expanded(ICON, DataverseTable.WEB_RESOURCE);
        @Nullable String name = expanded == null ? null : expanded.text("name");
        if (name == null && id != null) {
            name = webResourceNames.get(id);
        }
        if (name == null) {
            if (id != null || expanded != null) {
                row.note(
                        ICON,
                        "The icon's name was not sent. Request it with $expand=" + ICON
                                + "($select=name), or include the web resource.");
            }
        } else if (name.indexOf('{') >= 0 || name.toLowerCase(Locale.ROOT).endsWith(".gif")) {
            row.note(ICON, "Icons must not be GIFs or contain braces in their path. Choose another sessionIcon.");
        } else {
            template.put("sessionIcon", "/webresources/" + name);
        }
    }

    private void anchor(DataverseRow row, Map<String, @Nullable Object> template) {
        @Nullable String id = row.guid("_msdyn_anchortab_value");
        @Nullable DataverseRow expanded = row.expanded(ANCHOR, DataverseTable.APPLICATION_TAB_TEMPLATE);
        @Nullable String name = expanded == null ? null : tabName(expanded);
        if (name == null && id != null) {
            name = tabNames.get(id);
        }
        boolean isLost = isFile && name == null && (id != null || expanded != null);
        if (isLost) {
            row.note(ANCHOR, "The anchor tab is not in this file. Export its application tab template too.");
        }
        if (isLost || (id == null && expanded == null)) {
            if ("active".equals(template.get("status"))) {
                template.put("status", "inactive");
                row.note(
                        "statecode",
                        "An active generic template needs an anchor tab here: it comes as inactive."
                                + " Give it an anchorTab, then activate it.");
            }
            return;
        }
        if (name == null) {
            row.violation(
                    "invalidValue",
                    expanded == null ? "_msdyn_anchortab_value" : ANCHOR,
                    "points to an application tab template whose unique name was not sent. Request it with $expand="
                            + ANCHOR + "($select=msdyn_uniquename), or send its row too.");
        } else {
            template.put("anchorTab", name);
        }
    }

    /** An expanded row only names a tab, even where it holds more: its parameters are missing. */
    private @Nullable String tabName(DataverseRow tab) {
        @Nullable String name = tab.text(UNIQUE_NAME);
        if (name == null) {
            @Nullable String id = tab.id();
            return id == null ? null : tabNames.get(id);
        }
        if (tab.any("msdyn_pagetype") != null && !ownTabs.contains(name)) {
            tab.noteRow(
                    "Of an expanded tab only the name is carried. Send the answer with application tab templates too.");
        }
        return name;
    }

    private void furtherTabs(DataverseRow row, Map<String, @Nullable Object> template) {
        List<String> names = new ArrayList<>();
        int most = SessionTemplate.ADDITIONAL_TABS;
        for (DataverseRow tab : row.expandedAll(FURTHER_TABS, DataverseTable.APPLICATION_TAB_TEMPLATE)) {
            @Nullable String name = tabName(tab);
            if (name == null && isFile) {
                tab.noteRow("The tab is not in this file. Export its application tab template too.");
            } else if (name == null) {
                tab.violation(
                        "required",
                        UNIQUE_NAME,
                        "is required. Request it with $expand=" + FURTHER_TABS
                                + "($select=msdyn_uniquename), or send the tab's row too.");
            } else if (name.equals(template.get("anchorTab")) || names.contains(name)) {
                tab.noteRow(
                        "repeatedTab",
                        InputLimits.excerpt(name) + " is already one of the template's tabs. It opens once.");
            } else if (names.size() == most) {
                tab.noteRow(
                        "tooManyTabs",
                        "A session has at most " + most + " tabs in addition to its anchor. Open "
                                + InputLimits.excerpt(name) + " later.");
            } else {
                names.add(name);
            }
        }
        if (!names.isEmpty()) {
            template.put("additionalTabs", names);
        }
    }

    private @Nullable Map<String, @Nullable Object> applicationTabTemplate(DataverseRow row) {
        Map<String, @Nullable Object> template = common(row, "applicationTabTemplate");
        @Nullable Boolean pinned = row.flag("msdyn_pinned");
        template.put("canClose", !Boolean.TRUE.equals(pinned));
        List<DataverseRow> rows = parametersOf(row);
        if (row.any("msdyn_pagetype") == null) {
            row.violation("required", "msdyn_pagetype", "is required: ask for this column too.");
            return template;
        }
        @Nullable String text = row.option("msdyn_pagetype", DataverseOption.PAGE_TYPE);
        @Nullable PageType pageType = text == null ? null : PageType.BY_TEXT.get(text);
        if (pageType == null) {
            return template;
        }
        template.put("pageType", text);
        template.put("parameters", DataverseParameters.of(row, pageType, rows));
        String reverse =
                "Session templates name their tabs, not the reverse. Request session templates with $expand, or export them too.";
        row.noteUnlessEmpty(FURTHER_TABS, reverse);
        row.noteUnlessEmpty("msdyn_applicationtabtemplate_sessiontemplate_anchortab", reverse);
        return template;
    }

    /** The expanded rows and those of their own, each once. */
    private List<DataverseRow> parametersOf(DataverseRow tab) {
        List<DataverseRow> all = new ArrayList<>(tab.expandedAll(PARAMETERS, DataverseTable.TEMPLATE_PARAMETER));
        Set<String> ids = new HashSet<>();
        for (DataverseRow row : all) {
            @Nullable String id = row.id();
            if (id != null) {
                ids.add(id);
            }
        }
        addOwn(tab.id(), ids, all);
        addOwn(tab.text(UNIQUE_NAME), ids, all);
        return all;
    }

    private void addOwn(@Nullable String tab, Set<String> ids, List<DataverseRow> all) {
        @Nullable List<DataverseRow> own = tab == null ? null : parameters.remove(tab);
        if (own == null) {
            return;
        }
        for (DataverseRow row : own) {
            @Nullable String id = row.id();
            if (id == null || ids.add(id)) {
                all.add(row);
            }
        }
    }

    private Map<String, @Nullable Object> notificationTemplate(DataverseRow row) {
        Map<String, @Nullable Object> template = common(row, "notificationTemplate");
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
            // Sent without its columns, it only names a row of its own.
            @Nullable
            DataverseRow own = id == null ? fields.get(String.valueOf(expanded.text(UNIQUE_NAME))) : fields.get(id);
            if (own != null) {
                usedFields.add(own);
            }
            DataverseRow field = expanded.text(NAME) == null && own != null ? own : expanded;
            if (!field.isPartInUse()) {
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
                field.noteRow(
                        "A field needs a name that no other field of the template has. Rename it, or add it here.");
                continue;
            }
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("name", name);
            field.carry("msdyn_title", line, "fieldHeader");
            field.carry("msdyn_value", line, "value");
            field.noteTheRest();
            carried.add(line);
        }
        if (!carried.isEmpty()) {
            template.put("fields", Collections.unmodifiableList(carried));
        }
    }

    private record Ordered(int order, DataverseRow field) {}

    /** Notes rows that belong to no template of the body or file. */
    private void noteLeftOver() {
        for (List<DataverseRow> rows : parameters.values()) {
            for (DataverseRow row : rows) {
                row.noteRow("The parameter's application tab template is not in this import. Send both together.");
            }
        }
        for (DataverseRow field : allFields) {
            if (!usedFields.contains(field)) {
                field.noteRow("No notification template of this import shows the field. Request them with $expand="
                        + FIELDS + ", or export them too.");
            }
        }
        profiles.noteLeftOver();
    }
}
