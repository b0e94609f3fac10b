package io.switchboard.templates.dataverse;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of a Dataverse table as the Web API sends it. Records which columns were read, so that every other column is
 * reported as not carried. Not thread-safe.
 */
final class DataverseRow {
    /** The system columns of every table, also in expanded form. */
    private static final Set<String> BOOKKEEPING = Set.of(
            "componentidunique",
            "createdby",
            "_createdby_value",
            "createdon",
            "createdonbehalfby",
            "_createdonbehalfby_value",
            "importsequencenumber",
            "iscustomizable",
            "modifiedby",
            "_modifiedby_value",
            "modifiedon",
            "modifiedonbehalfby",
            "_modifiedonbehalfby_value",
            "overriddencreatedon",
            "overwritetime",
            "ownerid",
            "_ownerid_value",
            "owneridname",
            "owneridtype",
            "owneridyominame",
            "owningbusinessunit",
            "_owningbusinessunit_value",
            "owningteam",
            "_owningteam_value",
            "owninguser",
            "_owninguser_value",
            "solutionid",
            "_solutionid_value",
            "supportingsolutionid",
            "timezoneruleversionnumber",
            "utcconversiontimezonecode",
            "versionnumber");

    private static final String COMPONENT_STATE = "componentstate";

    private final Map<String, @Nullable Object> columns;
    private final @Nullable DataverseTable table;
    private final String target;
    private final Violations violations;
    private final DataverseNotes notes;
    private final Set<String> read = new HashSet<>();
    private boolean isDeletionNoted;

    /**
     * @param table null for a table that is not imported
     * @param target the position of the row, such as {@code value[3]}; empty for the body itself
     */
    DataverseRow(
            Map<String, @Nullable Object> columns,
            @Nullable DataverseTable table,
            String target,
            Violations violations,
            DataverseNotes notes) {
        this.columns = columns;
        this.table = table;
        this.target = target;
        this.violations = violations;
        this.notes = notes;
    }

    @Nullable
    DataverseTable table() {
        return table;
    }

    String target() {
        return target;
    }

    /** Returns the target of a column. */
    String target(String column) {
        return target.isEmpty() ? column : target + "." + column;
    }

    /** Returns the value of a column as it was sent; null if it is absent. */
    @Nullable
    Object any(String column) {
        read.add(column);
        return columns.get(column);
    }

    /** Returns the text of a column; null if it is absent or empty. */
    @Nullable
    String text(String column) {
        @Nullable Object value = any(column);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return text.isBlank() ? null : text;
        }
        violation("wrongType", column, "must be a string, as the Web API sends it. Correct the value.");
        return null;
    }

    /** Returns the value of a Yes/No column; null if it is absent. */
    @Nullable
    Boolean flag(String column) {
        @Nullable Object value = any(column);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        violation("wrongType", column, "must be true or false, as the Web API sends it. Correct the value.");
        return null;
    }

    /** Returns the value of this API for a choice column; null if it is absent. */
    @Nullable
    String option(String column, List<DataverseOption> options) {
        @Nullable Object value = any(column);
        if (value == null) {
            return null;
        }
        List<String> known = new ArrayList<>();
        for (DataverseOption option : options) {
            if (option.number().equals(value.toString())) {
                return option.text();
            }
            known.add(option.number() + " (" + option.text() + ")");
        }
        violation("invalidValue", column, "must be one of: " + String.join(", ", known) + ".");
        return null;
    }

    /**
     * Copies the value of a column to a member of a template without validation. The rules of the template apply later.
     */
    void carry(String column, Map<String, @Nullable Object> template, String member) {
        @Nullable Object value = any(column);
        if (value != null && !(value instanceof String text && text.isBlank())) {
            template.put(member, value);
        }
    }

    /** Returns the GUID of the row in lower case; null if it was not sent. */
    @Nullable
    String id() {
        return table == null ? null : guid(table.idColumn());
    }

    /** Returns true if the row is deleted in Dataverse. */
    boolean isDeleted() {
        @Nullable Object state = any(COMPONENT_STATE);
        boolean isDeleted = state != null
                && (state.toString().equals("2") || state.toString().equals("3"));
        if (isDeleted && !isDeletionNoted) {
            isDeletionNoted = true;
            noteRow("The row is deleted in Dataverse. Restore it there to import it.");
        }
        return isDeleted;
    }

    /** Returns true if the row is not published yet. */
    boolean isUnpublished() {
        @Nullable Object state = any(COMPONENT_STATE);
        return state != null && state.toString().equals("1");
    }

    /**
     * Returns true if a row that is part of a template is imported. Lock and publication state are those of the
     * template.
     */
    boolean isImported() {
        any("ismanaged");
        any("statuscode");
        if (isDeleted()) {
            return false;
        }
        if ("inactive".equals(option("statecode", DataverseOption.STATE))) {
            noteRow("The row is inactive. Activate it in Dataverse, or add it to the template here.");
            return false;
        }
        return true;
    }

    /** Returns a GUID in lower case; null if it is absent. */
    @Nullable
    String guid(String column) {
        @Nullable String text = text(column);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** Returns the row that a lookup refers to; null if it was not expanded. */
    @Nullable
    DataverseRow expanded(String navigation, DataverseTable pointedTo) {
        @Nullable Object value = any(navigation);
        if (value == null) {
            return null;
        }
        if (value instanceof Map<?, ?> object) {
            return nested(object, pointedTo, target(navigation));
        }
        violation("wrongType", navigation, "must be an object, as $expand sends it.");
        return null;
    }

    /** Returns the rows of a relationship; empty if it was not expanded. */
    List<DataverseRow> expandedAll(String navigation, DataverseTable pointedTo) {
        List<DataverseRow> rows = new ArrayList<>();
        @Nullable Object value = any(navigation);
        if (value != null && !(value instanceof List)) {
            violation("wrongType", navigation, "must be an array, as $expand sends it.");
        } else if (value instanceof List<?> elements) {
            for (int i = 0; i < elements.size(); i++) {
                String element = navigation + "[" + i + "]";
                if (elements.get(i) instanceof Map<?, ?> object) {
                    rows.add(nested(object, pointedTo, target(element)));
                } else {
                    violation("wrongType", element, "must be an object, as $expand sends it.");
                }
            }
        }
        noteMissing(navigation, rows);
        return rows;
    }

    /**
     * Adds a note for rows that were not sent. The Web API sends a link with every expanded relationship, but only a
     * link with a page token leads to further rows; until version 9.1, also the link of an empty array.
     */
    private void noteMissing(String navigation, List<DataverseRow> rows) {
        if (columns.get(navigation + "@odata.nextLink") instanceof String link
                && (link.contains("$skiptoken=")
                        || (rows.isEmpty() && (link.contains("/v9.0/") || link.contains("/v9.1/"))))) {
            note(
                    navigation,
                    "The rows behind " + navigation
                            + "@odata.nextLink were not sent. Request the link, add its rows to this array and import"
                            + " again.");
        }
    }

    private DataverseRow nested(Map<?, ?> object, DataverseTable pointedTo, String nestedTarget) {
        return new DataverseRow(ObjectReader.members(object), pointedTo, nestedTarget, violations, notes);
    }

    /** Adds a note that a column is not carried. */
    void note(String column, String message) {
        note(column, message, message);
    }

    /**
     * Adds a note that a column is not carried.
     *
     * @param reason the part of the message that is the same for all rows
     */
    void note(String column, String reason, String message) {
        read.add(column);
        notes.add(tableName() + '.' + withoutPositions(column), reason, target(column), message);
    }

    /** Adds a note that the whole row is not carried. */
    void noteRow(String message) {
        noteRow(message, message);
    }

    /** Adds a note that the whole row is not carried, for a reason that all rows of the entry share. */
    void noteRow(String reason, String message) {
        notes.add(tableName(), reason, target.isEmpty() ? "value" : target, message);
    }

    private String tableName() {
        return table == null ? "" : table.logicalName();
    }

    private static String withoutPositions(String column) {
        int bracket = column.indexOf('[');
        return bracket < 0 ? column : column.substring(0, bracket);
    }

    /** Adds a note that a column is not carried, unless it is empty. */
    void noteUnlessEmpty(String column, String message) {
        if (!isEmpty(columns.get(column))) {
            note(column, message);
        }
        read.add(column);
    }

    /** Adds a violation of a column. The message is appended to the name of the column. */
    void violation(String code, String column, String message) {
        violations.add(code, target(column), target(column) + " " + message);
    }

    /** Returns the names of the columns that are not empty, without annotations, whose names contain {@code @}. */
    List<String> filledColumns() {
        List<String> filled = new ArrayList<>();
        for (var column : columns.entrySet()) {
            if (column.getKey().indexOf('@') < 0 && !isEmpty(column.getValue())) {
                filled.add(column.getKey());
            }
        }
        return filled;
    }

    /** Adds a note for every column that was not read. */
    void noteUnreadColumns() {
        Set<String> kept = new LinkedHashSet<>();
        for (String column : filledColumns()) {
            boolean isId = table != null && column.equals(table.idColumn());
            if (isId || (BOOKKEEPING.contains(column) && !read.contains(column))) {
                kept.add(column);
            } else if (!read.contains(column)) {
                String name = InputLimits.excerpt(column);
                note(
                        name,
                        "unknownColumn",
                        "The column " + name + " is not imported. Store its value elsewhere if you need it.");
            }
        }
        notes.addBookkeeping(target.isEmpty() ? "value" : target, kept);
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null
                || Boolean.FALSE.equals(value)
                || (value instanceof String text && text.isBlank())
                || (value instanceof List<?> array && array.isEmpty())
                || (value instanceof Map<?, ?> object && object.isEmpty());
    }
}
