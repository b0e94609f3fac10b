package io.switchboard.templates.dataverse;

import io.switchboard.http.Refusal;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the rows and links of the files of one export and combines them into rows as the Web API sends them: links
 * become expanded relationships. Not thread-safe.
 */
final class ExportContent {
    private static final int MAXIMUM_ROWS = 50_000;
    private static final String TYPE = "@odata.type";
    private static final String TYPE_PREFIX = "#Microsoft.Dynamics.CRM.";
    private static final String UNIQUE_NAME = DataverseColumns.UNIQUE_NAME;

    /** Yes/No columns, which files contain as 0 and 1 or as False and True. */
    private static final Set<String> FLAGS = Set.of(
            "ismanaged",
            "msdyn_autoacceptnotification",
            "msdyn_autopopupsession",
            "msdyn_enablebuildexpression",
            "msdyn_enabletitlesync",
            "msdyn_pinned",
            "msdyn_showrejectbutton",
            "msdyn_showtimeout",
            "msdyn_type");

    private static final Set<String> NUMBERS = Set.of("msdyn_order", "msdyn_profileorder", "msdyn_timeout");

    /** The tables on whose rows relationships are expanded, in order of precedence. */
    private static final List<DataverseTable> OWNERS = List.of(
            DataverseTable.APP_CONFIGURATION, DataverseTable.SESSION_TEMPLATE, DataverseTable.NOTIFICATION_TEMPLATE);

    /** Identifies a row or an end of a link. */
    private record Key(String table, String value) {
        static Key of(String table, String value) {
            return new Key(table, value.toLowerCase(Locale.ROOT));
        }
    }

    /** One end of a link. */
    private record End(String table, String column, String value) {}

    private record Link(String relationship, End one, End other) {}

    private final List<SourceRow> rows = new ArrayList<>();
    private final Map<Key, SourceRow> byKey = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    private final DataverseNotes notes;
    private boolean isManaged;

    /** @param notes receives the content that is not carried */
    ExportContent(DataverseNotes notes) {
        this.notes = notes;
    }

    void setManaged(String text) {
        isManaged |= text.equals("1") || text.equalsIgnoreCase("true");
    }

    /** Adds a row of a solution. Its columns are elements; its unique name is an attribute. */
    void addRow(XmlElement element) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        columns.putAll(element.attributes());
        for (XmlElement child : element.children()) {
            columns.put(child.name(), typed(child.name(), value(child)));
        }
        add(element.name(), columns);
    }

    /** Adds a record of the Configuration Migration tool. Its columns are fields; its lookups are GUIDs. */
    void addRecord(String table, XmlElement element) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        @Nullable String id = element.attribute("id");
        if (id != null) {
            columns.put(table + "id", guid(id));
        }
        for (XmlElement field : element.children()) {
            @Nullable String name = field.attribute("name");
            if (name == null || !field.name().equals("field")) {
                continue;
            }
            @Nullable String value = field.attribute("value");
            String text = value == null ? field.text() : value;
            @Nullable String lookup = field.attribute("lookupentity");
            if (lookup == null || lookup.isBlank()) {
                columns.put(name, name.equals(table + "id") ? guid(text) : typed(name, text));
            } else if (!text.isBlank()) {
                columns.put("_" + name + "_value", guid(text));
                @Nullable String shown = field.attribute("lookupentityname");
                if (shown != null && (lookup.equals("role") || lookup.equals("webresource"))) {
                    // The display name of a role or web resource is its name.
                    columns.put(name, Map.of("name", shown, lookup + "id", guid(text)));
                }
            }
        }
        add(table, columns);
    }

    private void add(String table, Map<String, @Nullable Object> columns) {
        if (rows.size() == MAXIMUM_ROWS) {
            throw Refusal.invalid(
                    "tooMany", "", "The export has more than " + MAXIMUM_ROWS + " rows. Export fewer rows at once.");
        }
        @Nullable Object id = columns.get(table + "id");
        @Nullable Object uniqueName = columns.get(UNIQUE_NAME);
        Object shown = uniqueName != null ? uniqueName : id != null ? id : "[" + rows.size() + "]";
        columns.put(TYPE, TYPE_PREFIX + table);
        SourceRow row = new SourceRow(columns, InputLimits.excerpt(table + "s/" + shown));
        rows.add(row);
        if (id instanceof String guid) {
            byKey.putIfAbsent(Key.of(table, guid), row);
        }
        if (uniqueName instanceof String name) {
            byKey.putIfAbsent(Key.of(table, name), row);
        }
    }

    /** Adds the name of a web resource, by which session templates refer to their icons. */
    void addWebResource(XmlElement element) {
        @Nullable String id = element.textOf("WebResourceId");
        @Nullable String name = element.textOf("Name");
        if (id != null && name != null) {
            byKey.putIfAbsent(
                    Key.of("webresource", guid(id)),
                    new SourceRow(Map.of("webresourceid", guid(id), "name", name), name));
        }
    }

    /**
     * Adds a link of a solution. Each end is an element or an attribute such as
     * {@code msdyn_sessiontemplateid.msdyn_uniquename}.
     */
    void addLink(XmlElement element) {
        List<End> ends = new ArrayList<>();
        for (var attribute : element.attributes().entrySet()) {
            int dot = attribute.getKey().indexOf('.');
            if (dot > 0) {
                addEnd(
                        ends,
                        attribute.getKey().substring(0, dot),
                        attribute.getKey().substring(dot + 1),
                        attribute.getValue());
            }
        }
        for (XmlElement child : element.children()) {
            for (XmlElement key : child.children()) {
                addEnd(ends, child.name(), key.name(), key.text().strip());
            }
        }
        if (ends.size() == 2) {
            links.add(new Link(element.name(), ends.getFirst(), ends.getLast()));
        } else {
            noteLink(element.name(), element.name());
        }
    }

    private static void addEnd(List<End> ends, String idColumn, String column, String value) {
        if (idColumn.endsWith("id") && !value.isBlank()) {
            ends.add(new End(idColumn.substring(0, idColumn.length() - 2), column, value.strip()));
        }
    }

    /** Adds the links of one record of the Configuration Migration tool. */
    void addRelationship(String table, XmlElement element) {
        @Nullable String name = element.attribute("m2mrelationshipname");
        @Nullable String source = element.attribute("sourceid");
        @Nullable String target = element.attribute("targetentityname");
        @Nullable XmlElement ids = element.child("targetids");
        if (name == null || source == null || target == null) {
            noteLink("m2mrelationship", "m2mrelationship");
            return;
        }
        for (XmlElement id : ids == null ? List.<XmlElement>of() : ids.children()) {
            links.add(new Link(
                    name, new End(table, table + "id", guid(source)), new End(target, target + "id", guid(id.text()))));
        }
    }

    private void noteLink(String relationship, String target) {
        String shown = InputLimits.excerpt(relationship);
        notes.add(
                shown,
                "link",
                InputLimits.excerpt(target),
                "Links of the relationship " + shown + " are not imported, or one of their rows is not in this export."
                        + " Add them in the templates here.");
    }

    /** Returns all rows with their links. */
    List<SourceRow> rows() {
        for (Link link : links) {
            place(link);
        }
        links.clear();
        for (SourceRow row : rows) {
            if (isManaged
                    && DataverseTable.named(
                                    String.valueOf(row.columns().get(TYPE)).substring(TYPE_PREFIX.length()))
                            != null) {
                row.columns().putIfAbsent("ismanaged", true);
            }
            nameIcon(row);
        }
        return rows;
    }

    private void place(Link link) {
        for (DataverseTable owner : OWNERS) {
            boolean isOne = link.one().table().equals(owner.logicalName());
            if (isOne || link.other().table().equals(owner.logicalName())) {
                End here = isOne ? link.one() : link.other();
                End there = isOne ? link.other() : link.one();
                @Nullable SourceRow row = byKey.get(Key.of(here.table(), here.value()));
                if (row == null) {
                    noteLink(link.relationship(), link.relationship() + "/" + here.value());
                } else {
                    expand(row.columns(), link.relationship(), Map.of(there.column(), there.value()));
                }
                return;
            }
        }
        noteLink(link.relationship(), link.relationship() + "/" + link.one().value());
    }

    private static void expand(Map<String, @Nullable Object> columns, String relationship, Map<String, String> end) {
        List<Object> ends = new ArrayList<>();
        if (columns.get(relationship) instanceof List<?> others) {
            ends.addAll(others);
        }
        ends.add(end);
        columns.put(relationship, ends);
    }

    private void nameIcon(SourceRow row) {
        if (row.columns().get("msdyn_sessionicon") instanceof Map<?, ?> icon
                && icon.get("webresourceid") instanceof String id
                && !icon.containsKey("name")) {
            @Nullable SourceRow resource = byKey.get(Key.of("webresource", guid(id)));
            if (resource != null) {
                row.columns().put("msdyn_sessionicon", resource.columns());
            }
        }
    }

    /** Returns a text, or an object for a lookup, whose children identify the row. */
    private static @Nullable Object value(XmlElement element) {
        @Nullable String localisable = element.attribute("default");
        if (localisable != null) {
            return localisable;
        }
        @Nullable XmlElement label = element.child("label");
        if (label != null) {
            return label.attribute("description");
        }
        if (element.children().isEmpty()
                && (element.attributes().isEmpty() || !element.text().isBlank())) {
            return element.text();
        }
        Map<String, @Nullable Object> lookup = new LinkedHashMap<>();
        lookup.putAll(element.attributes());
        for (XmlElement child : element.children()) {
            String text = child.text().strip();
            lookup.put(child.name(), child.name().endsWith("id") ? guid(text) : text);
        }
        return lookup;
    }

    private static @Nullable Object typed(String column, @Nullable Object value) {
        if (!(value instanceof String text)) {
            return value;
        }
        String stripped = text.strip();
        if (FLAGS.contains(column)) {
            return switch (stripped.toLowerCase(Locale.ROOT)) {
                case "1", "true" -> true;
                case "0", "false" -> false;
                case "" -> null;
                default -> text;
            };
        }
        boolean isNumber = !stripped.isEmpty()
                && stripped.length() <= 9
                && stripped.chars().allMatch(c -> c >= '0' && c <= '9');
        if (NUMBERS.contains(column) && isNumber) {
            return Integer.valueOf(stripped);
        }
        boolean isChoice = isNumber || (stripped.startsWith("-") && stripped.length() <= 10);
        return stripped.isEmpty() ? null : isChoice ? stripped : text;
    }

    /** Returns a GUID in lower case, without braces. */
    private static String guid(String text) {
        String stripped = text.strip().toLowerCase(Locale.ROOT);
        return stripped.startsWith("{") && stripped.endsWith("}")
                ? stripped.substring(1, stripped.length() - 1)
                : stripped;
    }
}
