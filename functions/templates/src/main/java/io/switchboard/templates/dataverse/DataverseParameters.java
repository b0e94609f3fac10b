package io.switchboard.templates.dataverse;

import io.switchboard.http.Guid;
import io.switchboard.http.Json;
import io.switchboard.http.ObjectReader;
import io.switchboard.template.PageType;
import io.switchboard.template.TabParameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one application tab template: rows of {@code msdyn_templateparameter}, and behind them what only
 * {@code msdyn_templateparameters} holds, the JSON of the template's own row.
 */
final class DataverseParameters {
    private static final String JSON_COLUMN = "msdyn_templateparameters";

    private final DataverseRow tab;
    private final PageType pageType;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private DataverseParameters(DataverseRow tab, PageType pageType) {
        this.tab = tab;
        this.pageType = pageType;
    }

    /** The parameters of a template of this page type, by their name. */
    static Map<String, Object> of(DataverseRow tab, PageType pageType, List<DataverseRow> rows) {
        var parameters = new DataverseParameters(tab, pageType);
        for (DataverseRow row : rows) {
            parameters.readRow(row);
        }
        parameters.readJson();
        return parameters.values;
    }

    private void readRow(DataverseRow row) {
        if (!row.isPartInUse()) {
            return;
        }
        row.any("_msdyn_applicationtabtemplateid_value");
        row.any("msdyn_applicationtabtemplateid");
        @Nullable String name = row.text("msdyn_name");
        @Nullable String uniqueName = row.text("msdyn_uniquename");
        @Nullable String value = row.text("msdyn_value");
        row.noteTheRest();
        // Names can be translated; unique names, which end in the parameter's name by habit, cannot.
        @Nullable TabParameter parameter = parameter(name);
        if (parameter == null && uniqueName != null) {
            parameter = parameter(uniqueName.substring(uniqueName.lastIndexOf('_') + 1));
        }
        if (value == null) {
            return;
        }
        if (parameter == null) {
            row.note("A page of the type " + pageType.text() + " takes no parameter "
                    + (name == null ? uniqueName : name) + ". Put its value where it belongs.");
        } else if (values.containsKey(parameter.name())) {
            row.note("There is another row of the parameter " + parameter.name()
                    + ", which is carried. Keep one of them.");
        } else {
            values.put(parameter.name(), converted(parameter, value));
        }
    }

    private void readJson() {
        @Nullable String text = tab.text(JSON_COLUMN);
        if (text == null) {
            return;
        }
        @Nullable Object json;
        try {
            json = Json.read(text);
        } catch (Json.MalformedJson e) {
            json = null;
        }
        if (!(json instanceof Map<?, ?> object)) {
            tab.note(
                    JSON_COLUMN,
                    JSON_COLUMN
                            + " holds no JSON object of parameters. Send the template's rows of msdyn_templateparameters.");
            return;
        }
        for (var member : ObjectReader.members(object).entrySet()) {
            @Nullable Object value = member.getValue();
            if (value != null && !(value instanceof String blank && blank.isBlank())) {
                readMember(member.getKey(), value);
            }
        }
    }

    private void readMember(String name, Object value) {
        String column = JSON_COLUMN + "." + name;
        String text = ObjectReader.isScalar(value) ? ObjectReader.textOf(value) : Json.write(value);
        @Nullable TabParameter parameter = parameter(name);
        if (parameter == null) {
            tab.note(
                    column,
                    "A page of the type " + pageType.text() + " takes no parameter " + name
                            + ". Put its value where it belongs.");
            return;
        }
        Object converted = converted(parameter, text);
        @Nullable Object carried = values.putIfAbsent(parameter.name(), converted);
        if (carried != null && !carried.equals(converted)) {
            tab.note(column, "The row of the parameter " + parameter.name() + " says otherwise, and is carried.");
        }
    }

    private @Nullable TabParameter parameter(@Nullable String name) {
        if (name == null) {
            return null;
        }
        for (TabParameter parameter : pageType.parameters()) {
            if (parameter.name().equalsIgnoreCase(name.strip())) {
                return parameter;
            }
        }
        return null;
    }

    /** Dataverse holds texts only. A GUID in braces would be a slug here. */
    private static Object converted(TabParameter parameter, String text) {
        String value = text.strip();
        if (value.startsWith("{") && value.endsWith("}") && Guid.isGuid(value.substring(1, value.length() - 1))) {
            return value.substring(1, value.length() - 1);
        }
        return switch (parameter.form()) {
            case BOOLEAN ->
                switch (value.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> text;
                };
            case SEARCH_TYPE -> value.equals("0") || value.equals("1") ? Integer.valueOf(value) : text;
            case TEXT, RECORD_DATA, GUID, URL -> text;
        };
    }
}
