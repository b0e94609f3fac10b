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
 * A row of a Dataverse table as the Web API sends it. Knows afterwards which columns nobody asked for, so that none is lost
 * without a word. Not thread-safe.
 */
final class DataverseRow {
    /** Columns every table has, in which Dataverse keeps its books, and the same expanded. */
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
    private boolean isToldDeleted;

    /**
     * @param table null where its rows have no place here
     * @param target where the row is, such as {@code value[3]}; empty for the body itself
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

    /** The target of a column. */
    String target(String column) {
        return target.isEmpty() ? column : target + "." + column;
    }

    /** The column as it came; null where it is absent. */
    @Nullable
    Object any(String column) {
        read.add(column);
        return columns.get(column);
    }

    /** The column's text; null where it is absent or empty. */
    @Nullable
    String text(String column) {
        @Nullable Object value = any(column);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return text.isBlank() ? null : text;
        }
        violation("wrongType", column, "must be a text, as the Web API sends it. Correct the value.");
        return null;
    }

    /** A column of the type Yes/No; null where it is absent. */
    @Nullable
    Boolean flag(String column) {
        @Nullable Object value = any(column);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        violation("wrongType", column, "must be true or false, as the Web API sends it. Correct the value.");
        return null;
    }

    /** What the value of a choice column is called here; null where it is absent. */
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

    /** Gives the column's value to a member of a template, as it is: the template's own rules judge it. */
    void carry(String column, Map<String, @Nullable Object> template, String member) {
        @Nullable Object value = any(column);
        if (value != null && !(value instanceof String text && text.isBlank())) {
            template.put(member, value);
        }
    }

    /** The row's GUID in lower case; null where it was not asked for. */
    @Nullable
    String id() {
        return table == null ? null : guid(table.idColumn());
    }

    /** Whether Dataverse has deleted it, and only keeps the row. */
    boolean isDeleted() {
        @Nullable Object state = any(COMPONENT_STATE);
        boolean isDeleted = state != null
                && (state.toString().equals("2") || state.toString().equals("3"));
        if (isDeleted && !isToldDeleted) {
            isToldDeleted = true;
            noteRow("The row is deleted in Dataverse. Restore it there to import it.");
        }
        return isDeleted;
    }

    /** Whether its solution waits to be published. */
    boolean isUnpublished() {
        @Nullable Object state = any(COMPONENT_STATE);
        return state != null && state.toString().equals("1");
    }

    /** Whether a row that is part of a template counts; its lock and its state of publication are those of the template. */
    boolean isPartInUse() {
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

    /** A GUID in lower case; null where it is absent. */
    @Nullable
    String guid(String column) {
        @Nullable String text = text(column);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** The row a lookup points to, where it was expanded. */
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

    /** The rows of a relationship, where it was expanded. */
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
     * The Web API sends a link with every expanded relationship. Only one with a page token leads to further rows; and until
     * version 9.1 the rows of an empty array.
     */
    private void noteMissing(String navigation, List<DataverseRow> rows) {
        if (columns.get(navigation + "@odata.nextLink") instanceof String link
                && (link.contains("$skiptoken=")
                        || (rows.isEmpty() && (link.contains("/v9.0/") || link.contains("/v9.1/"))))) {
            note(
                    navigation,
                    "There are rows behind " + navigation
                            + "@odata.nextLink that were not sent. Get the link, put its rows into this array, and import again.");
        }
    }

    private DataverseRow nested(Map<?, ?> object, DataverseTable pointedTo, String nestedTarget) {
        return new DataverseRow(ObjectReader.members(object), pointedTo, nestedTarget, violations, notes);
    }

    /** Notes that a column is not carried. */
    void note(String column, String message) {
        note(column, message, message);
    }

    /**
     * Notes that a column is not carried.
     *
     * @param reason the same for all rows, if the message is not
     */
    void note(String column, String reason, String message) {
        read.add(column);
        notes.add(tableName() + '.' + withoutPositions(column), reason, target(column), message);
    }

    /** Notes that the whole row is not carried. */
    void noteRow(String message) {
        noteRow(message, message);
    }

    /** Notes that the whole row is not carried, for a reason that all rows of the entry share. */
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

    /** Notes that a column is not carried, unless it is empty. */
    void noteUnlessEmpty(String column, String message) {
        if (!isEmpty(columns.get(column))) {
            note(column, message);
        }
        read.add(column);
    }

    /** Notes what is wrong with a column; the message goes on where the column's name ends. */
    void violation(String code, String column, String message) {
        violations.add(code, target(column), target(column) + " " + message);
    }

    /** Names of the columns that hold something, without annotations, which have an {@code @} in their name. */
    List<String> filledColumns() {
        List<String> filled = new ArrayList<>();
        for (var column : columns.entrySet()) {
            if (column.getKey().indexOf('@') < 0 && !isEmpty(column.getValue())) {
                filled.add(column.getKey());
            }
        }
        return filled;
    }

    /** Notes every column that was not read. */
    void noteTheRest() {
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
                        "The column " + name + " is not imported. Keep its value where you need it.");
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
