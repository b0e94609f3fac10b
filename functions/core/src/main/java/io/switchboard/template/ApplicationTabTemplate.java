package io.switchboard.template;

import io.switchboard.http.Guid;
import io.switchboard.http.ObjectReader;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An application tab template ({@code cif-apm.md} §D): a page type with its parameters.
 *
 * @param title may hold slugs; null: the name
 * @param canClose whether its tabs may be closed; the anchor never
 * @param parameters text, number or boolean by name; texts may hold slugs
 */
public record ApplicationTabTemplate(
        String uniqueName,
        String name,
        @Nullable String description,
        List<String> tags,
        Status status,
        @Nullable String title,
        PageType pageType,
        boolean canClose,
        Map<String, Object> parameters)
        implements Template {
    public ApplicationTabTemplate {
        tags = List.copyOf(tags);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    @Override
    public TemplateKind kind() {
        return TemplateKind.APPLICATION_TAB_TEMPLATE;
    }

    @Override
    public Set<String> references() {
        return Set.of();
    }

    /** Reads the writable members and notes every violation of the rules of {@code cif-apm.md} §D.2. */
    public static ApplicationTabTemplate read(ObjectReader reader) {
        Template.Common common = Template.readCommon(reader);
        @Nullable String title = reader.optionalText("title", MAXIMUM_TITLE);
        @Nullable PageType pageType = reader.requiredOneOf("pageType", PageType.BY_TEXT);
        boolean canClose = reader.bool("canClose", true);
        @Nullable ObjectReader parameters = reader.objectOrEmpty("parameters");
        // The rules of the parameters are those of the page type: without one there is nothing to hold them to.
        Map<String, Object> values =
                parameters == null || pageType == null ? Map.of() : readParameters(parameters, pageType);
        Template.ignoreReadOnly(reader);
        reader.refuseUnknown();
        return new ApplicationTabTemplate(
                common.uniqueName(),
                common.name(),
                common.description(),
                common.tags(),
                common.status(),
                title,
                pageType == null ? PageType.CONTROL : pageType,
                canClose,
                values);
    }

    private static Map<String, Object> readParameters(ObjectReader reader, PageType pageType) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (TabParameter parameter : pageType.parameters()) {
            @Nullable Object value = reader.any(parameter.name());
            boolean absent = value == null || (value instanceof String text && text.isBlank());
            if (absent) {
                if (parameter.isRequired()) {
                    reader.violation(
                            "required",
                            parameter.name(),
                            reader.target(parameter.name()) + " is required for the page type " + pageType.text()
                                    + ".");
                }
                continue;
            }
            @Nullable Object scalar = reader.scalar(parameter.name(), value);
            if (scalar != null && checks(reader, parameter, scalar)) {
                values.put(parameter.name(), scalar);
            }
        }
        reader.refuseUnknown();
        return values;
    }

    /** Values with slugs are known only once they are resolved: their form is not checked here. */
    private static boolean checks(ObjectReader reader, TabParameter parameter, Object value) {
        String name = parameter.name();
        String text = ObjectReader.textOf(value);
        if (text.length() > TabParameter.MAXIMUM_LENGTH) {
            reader.violation(
                    "tooLong",
                    name,
                    reader.target(name) + " has " + text.length() + " characters; at most "
                            + TabParameter.MAXIMUM_LENGTH + " are allowed.");
            return false;
        }
        @Nullable
        String wanted =
                switch (parameter.form()) {
                    case TEXT -> null;
                    case RECORD_DATA -> RecordData.wanted(value);
                    case BOOLEAN -> value instanceof Boolean ? null : "true or false";
                    case GUID ->
                        Guid.isGuid(text) || text.indexOf('{') >= 0
                                ? null
                                : "a GUID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301";
                    case SEARCH_TYPE ->
                        text.equals("0") || text.equals("1") ? null : "0 (relevance) or 1 (categorised)";
                    case URL ->
                        WebsiteUrl.hasLiteralHost(text)
                                ? null
                                : "an address that begins with https:// and names its host literally, without slugs before the path";
                };
        if (wanted != null) {
            reader.violation("invalidValue", name, reader.target(name) + " must be " + wanted + ".");
        }
        return wanted == null;
    }

    @Override
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = Template.commonJson(this);
        json.put("title", title);
        json.put("pageType", pageType.text());
        json.put("canClose", canClose);
        json.put("parameters", new LinkedHashMap<>(parameters));
        return json;
    }
}
