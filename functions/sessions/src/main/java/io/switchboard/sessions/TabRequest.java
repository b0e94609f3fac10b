package io.switchboard.sessions;

import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.session.resolve.SessionInput;
import io.switchboard.session.resolve.TabInput;
import io.switchboard.slug.Warning;
import io.switchboard.template.UniqueName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to open a tab, in the CIF or the APM form. A null member counts as absent.
 *
 * @param templateTag the tag that the template must have; null if absent
 * @param isFocused whether the tab receives the focus
 * @param warnings the ignored properties
 */
record TabRequest(
        String templateName, @Nullable String templateTag, TabInput input, boolean isFocused, List<Warning> warnings) {
    private static final String TEMPLATE_PARAMETERS = "templateParameters";
    private static final String APP_CONTEXT = "appContext";

    /**
     * Parses the body.
     *
     * @throws Refusal 400 with every violation
     */
    static TabRequest parse(Request request) {
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(true), "", violations);
        String templateName = body.requiredText("templateName", UniqueName.MAXIMUM_LENGTH);
        @Nullable String templateTag = body.optionalText("templateTag", SessionRequest.LONGEST_TAG);
        boolean isFocused = body.bool("isFocused", true);
        List<Warning> warnings = new ArrayList<>();
        SessionRequest.correlationId(body, request, warnings);
        TabInput input = input(body, violations);
        body.rejectUnknown();
        Refusal.ifAny(violations);
        return new TabRequest(templateName, templateTag, input, isFocused, warnings);
    }

    private static TabInput input(ObjectReader body, Violations violations) {
        boolean isCif = body.any(TEMPLATE_PARAMETERS) != null || body.any("templateTag") != null;
        boolean isApm = body.any(APP_CONTEXT) != null;
        if (isCif && isApm) {
            body.violation(
                    "bothForms",
                    APP_CONTEXT,
                    "templateTag and templateParameters belong to the CIF form, appContext to the APM form."
                            + " Send only one of the two forms.");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        @Nullable ObjectReader parameters = body.object(TEMPLATE_PARAMETERS);
        if (parameters != null) {
            readValues(parameters, TEMPLATE_PARAMETERS, true, values);
        }
        @Nullable Map<String, @Nullable Object> members = SessionRequest.members(body, APP_CONTEXT);
        if (members != null) {
            readValues(new ObjectReader(members, APP_CONTEXT, violations), APP_CONTEXT, false, values);
        }
        return new TabInput(
                isCif ? SessionInput.Form.CIF : isApm ? SessionInput.Form.APM : SessionInput.Form.PLAIN, values);
    }

    /**
     * @param isNested whether a member may be an object with the values of one tab template, as in a request to create
     *     a session
     */
    private static void readValues(ObjectReader reader, String member, boolean isNested, Map<String, Object> values) {
        for (String name : reader.names()) {
            @Nullable Object value = reader.any(name);
            if (value == null || !SessionRequest.requireName(reader, "", member, name)) {
                continue;
            }
            if (isNested && value instanceof Map<?, ?>) {
                @Nullable ObjectReader tab = reader.object(name);
                values.put(name, tab == null ? Map.of() : scalars(tab));
            } else {
                @Nullable Object scalar = reader.scalar(name, value);
                if (scalar != null) {
                    values.put(name, scalar);
                }
            }
        }
    }

    private static Map<String, Object> scalars(ObjectReader reader) {
        Map<String, Object> scalars = new LinkedHashMap<>();
        for (String name : reader.names()) {
            @Nullable Object value = reader.any(name);
            @Nullable Object scalar = value == null ? null : reader.scalar(name, value);
            if (scalar != null) {
                scalars.put(name, scalar);
            }
        }
        return scalars;
    }
}
