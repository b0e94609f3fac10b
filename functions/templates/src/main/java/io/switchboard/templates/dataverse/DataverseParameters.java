package io.switchboard.templates.dataverse;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.slug.WebsiteUrl;
import io.switchboard.template.PageType;
import io.switchboard.template.TabParameter;
import io.switchboard.text.Guid;
import io.switchboard.text.InputLimits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one application tab template: its rows of {@code msdyn_templateparameter} or, if it has none, its
 * column {@code msdyn_templateparameters}, a JSON text such as {@code {"entityName":{"value":"account"}}}. Not
 * thread-safe.
 */
final class DataverseParameters {
    private static final String COLUMN = "msdyn_templateparameters";
    private static final String WRAPPED = "value";
    private static final String URL = "url";
    private static final String DATA = "data";
    private static final String WEB_RESOURCE_NAME = "webresourceName";

    private final DataverseRow tab;
    private final PageType pageType;
    private final @Nullable String tabName;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private DataverseParameters(DataverseRow tab, PageType pageType) {
        this.tab = tab;
        this.pageType = pageType;
        this.tabName = tab.text("msdyn_uniquename");
    }

    /** Returns the parameters of a template of this page type, by name. */
    static Map<String, Object> of(DataverseRow tab, PageType pageType, List<DataverseRow> rows) {
        var parameters = new DataverseParameters(tab, pageType);
        for (DataverseRow row : rows) {
            parameters.readRow(row);
        }
        parameters.readColumn(!rows.isEmpty());
        if (pageType == PageType.THIRD_PARTY_WEBSITE) {
            parameters.restoreAddress();
        }
        return parameters.values;
    }

    private void readRow(DataverseRow row) {
        if (!row.isImported()) {
            return;
        }
        row.any("_msdyn_applicationtabtemplateid_value");
        row.any("msdyn_applicationtabtemplateid");
        // The label of the parameter in the form of Dynamics 365.
        row.any("msdyn_title");
        @Nullable String name = row.text("msdyn_name");
        @Nullable String uniqueName = row.text("msdyn_uniquename");
        @Nullable String value = row.text("msdyn_value");
        row.noteUnreadColumns();
        if (value == null) {
            return;
        }
        @Nullable TabParameter parameter = parameter(name, uniqueName);
        String shown = InputLimits.excerpt(String.valueOf(name == null ? uniqueName : name));
        if (parameter == null) {
            if (!isContainerName(shown)) {
                row.noteRow("unknownParameter", unknown(shown));
            }
        } else if (values.containsKey(parameter.name())) {
            row.noteRow(
                    "repeatedParameter",
                    "Another row of the parameter " + parameter.name() + " is imported. Keep only one of them.");
        } else {
            @Nullable Object converted = converted(parameter, value);
            if (converted == null) {
                row.noteRow("invalidParameter " + parameter.name(), invalid(parameter, value));
            } else {
                values.put(parameter.name(), converted);
            }
        }
    }

    /** Reads the column. A template with rows has the same values in the column; only different values are noted. */
    private void readColumn(boolean hasRows) {
        @Nullable String text = tab.text(COLUMN);
        if (text == null || (hasRows && pageType == PageType.THIRD_PARTY_WEBSITE)) {
            return;
        }
        @Nullable Object json;
        try {
            json = Json.read(text);
        } catch (Json.MalformedJson e) {
            json = null;
        }
        if (!(json instanceof Map<?, ?> object)) {
            if (!hasRows) {
                tab.note(
                        COLUMN,
                        COLUMN + " does not contain a JSON object of parameters. Send the template's rows of"
                                + " msdyn_templateparameter.");
            }
            return;
        }
        for (var member : ObjectReader.members(object).entrySet()) {
            readMember(member.getKey(), member.getValue(), hasRows);
        }
    }

    private void readMember(String name, @Nullable Object held, boolean hasRows) {
        String shown = InputLimits.excerpt(name);
        String column = COLUMN + "." + shown;
        @Nullable Object value = held;
        if (held instanceof Map<?, ?> wrapper && wrapper.size() == 1 && wrapper.containsKey(WRAPPED)) {
            value = wrapper.get(WRAPPED);
        }
        if (value == null || (value instanceof String blank && blank.isBlank())) {
            return;
        }
        @Nullable TabParameter parameter = parameterNamed(name, false);
        if (!ObjectReader.isScalar(value)) {
            if (!hasRows) {
                tab.note(
                        column,
                        "parameterForm",
                        "The parameter " + shown
                                + " must have the form {\"value\": …} with a string, a number, a boolean or"
                                + " null. Set its value in the template here.");
            }
            return;
        }
        if (parameter == null) {
            if (!isContainerName(name)) {
                tab.note(column, "unknownParameter", unknown(shown));
            }
            return;
        }
        @Nullable Object converted = converted(parameter, ObjectReader.textOf(value));
        if (hasRows) {
            if (converted != null && !converted.equals(values.get(parameter.name()))) {
                tab.note(
                        column,
                        "otherThanRow",
                        "The rows of the parameters are imported, but the row of " + parameter.name()
                                + " has a different value. Check the value.");
            }
        } else if (converted == null) {
            tab.note(column, "invalidParameter", invalid(parameter, ObjectReader.textOf(value)));
        } else {
            values.put(parameter.name(), converted);
        }
    }

    private String unknown(String name) {
        return "A page of the type " + pageType.text() + " does not accept the parameter " + name
                + ". Move its value to an accepted parameter.";
    }

    private static String invalid(TabParameter parameter, String value) {
        return "The parameter " + parameter.name() + " has the value " + InputLimits.excerpt(value) + " but must be "
                + parameter.requirement(value) + ". Set it in the template here.";
    }

    /** Returns true if a parameter is the web resource that frames a compiled website. */
    private boolean isContainerName(String parameter) {
        return pageType == PageType.THIRD_PARTY_WEBSITE && WEB_RESOURCE_NAME.equalsIgnoreCase(parameter);
    }

    private @Nullable TabParameter parameter(@Nullable String name, @Nullable String uniqueName) {
        @Nullable TabParameter parameter = parameterNamed(name, true);
        if (parameter == null && uniqueName != null && tabName != null && uniqueName.startsWith(tabName + "_")) {
            parameter = parameterNamed(uniqueName.substring(tabName.length() + 1), false);
        }
        if (parameter == null) {
            parameter = parameterNamed(name, false);
        }
        // Names can be translated. Unique names, which usually end in the parameter's name, cannot.
        return parameter == null && uniqueName != null
                ? parameterNamed(uniqueName.substring(uniqueName.lastIndexOf('_') + 1), false)
                : parameter;
    }

    private @Nullable TabParameter parameterNamed(@Nullable String name, boolean isExact) {
        if (name == null) {
            return null;
        }
        for (TabParameter parameter : pageType.parameters()) {
            if (isExact ? parameter.name().equals(name) : parameter.name().equalsIgnoreCase(name.strip())) {
                return parameter;
            }
        }
        return null;
    }

    /**
     * Converts a text of Dataverse. Null if the parameter rejects the value; the identity of a page is validated later.
     */
    private static @Nullable Object converted(TabParameter parameter, String text) {
        Object value = typed(parameter, text);
        boolean isChecked = parameter.needed() != TabParameter.Needed.IN_TEMPLATE;
        return isChecked && parameter.requirement(value) != null ? null : value;
    }

    /** Converts a text to the type of the parameter. Removes the braces of a GUID, which would be a slug here. */
    private static Object typed(TabParameter parameter, String text) {
        String value = text.strip();
        if (value.startsWith("{") && value.endsWith("}") && Guid.isGuid(value.substring(1, value.length() - 1))) {
            return value.substring(1, value.length() - 1);
        }
        return switch (parameter.form()) {
            case BOOLEAN ->
                switch (value.toLowerCase(Locale.ROOT)) {
                    case "true", "1" -> true;
                    case "false", "0" -> false;
                    default -> text;
                };
            case SEARCH_TYPE -> value.equals("0") || value.equals("1") ? Integer.valueOf(value) : text;
            case GUID, URL -> value;
            case TEXT, RECORD_DATA -> text;
        };
    }

    /**
     * Restores the original address of a website. Dynamics 365 stores a container page, whose {@code data} is a prefix
     * and the percent-encoded address with the original slugs.
     */
    private void restoreAddress() {
        if (values.get(DATA) instanceof String data && WebsiteUrl.isCompiled(data)) {
            values.remove(DATA);
            String stripped = data.strip();
            if (!values.containsKey(URL)
                    && stripped.regionMatches(true, 0, WebsiteUrl.COMPILED, 0, WebsiteUrl.COMPILED.length())) {
                values.put(URL, decoded(stripped.substring(WebsiteUrl.COMPILED.length())));
            }
        }
    }

    /** Decodes percent escapes. Keeps other percent signs, and the whole text if the escapes are not valid UTF-8. */
    private static String decoded(String encoded) {
        byte[] source = encoded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(source.length);
        for (int i = 0; i < source.length; i++) {
            boolean isEscape = source[i] == '%'
                    && i + 2 < source.length
                    && HexFormat.isHexDigit(source[i + 1])
                    && HexFormat.isHexDigit(source[i + 2]);
            bytes.put(
                    isEscape
                            ? (byte)
                                    (HexFormat.fromHexDigit(source[i + 1]) << 4 | HexFormat.fromHexDigit(source[i + 2]))
                            : source[i]);
            i += isEscape ? 2 : 0;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return encoded;
        }
    }
}
