package io.switchboard.sessions;

import io.switchboard.http.ObjectReader;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Violations;
import io.switchboard.template.SessionInput;
import io.switchboard.template.TabInput;
import io.switchboard.template.UniqueName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to open a tab, in CIF's form ({@code cif-apm.md} §A.4) or APM's (§B.1).
 *
 * @param templateTag the tag the template must carry; null for none
 * @param isFocused whether the session turns to the tab
 */
record TabRequest(String templateName, @Nullable String templateTag, TabInput input, boolean isFocused) {
    private static final String TEMPLATE_PARAMETERS = "templateParameters";
    private static final String APP_CONTEXT = "appContext";

    /**
     * Reads the body.
     *
     * @throws Refusal 400 naming every violation
     */
    static TabRequest parse(Request request) {
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(true), "", violations);
        String templateName = body.requiredText("templateName", UniqueName.MAXIMUM_LENGTH);
        @Nullable String templateTag = body.optionalText("templateTag", SessionRequest.LONGEST_TAG);
        boolean isFocused = body.bool("isFocused", true);
        SessionRequest.correlationId(body, request.header("x-correlation-id").orElse(null));
        TabInput input = input(body, violations);
        body.refuseUnknown();
        violations.refuseAny();
        return new TabRequest(templateName, templateTag, input, isFocused);
    }

    private static TabInput input(ObjectReader body, Violations violations) {
        boolean isCif = body.any(TEMPLATE_PARAMETERS) != null || body.any("templateTag") != null;
        boolean isApm = body.any(APP_CONTEXT) != null;
        if (isCif && isApm) {
            body.violation(
                    "bothForms",
                    APP_CONTEXT,
                    "templateTag and templateParameters are CIF's form, appContext is APM's: send one of them.");
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

    /** @param isNested whether a tab template's name may have values of its own, as it may where a session is created */
    private static void readValues(ObjectReader reader, String member, boolean isNested, Map<String, Object> values) {
        for (String name : reader.names()) {
            @Nullable Object value = reader.any(name);
            if (name.isEmpty()) {
                reader.violation("invalidValue", name, member + " has a value without a name: name it.");
            } else if (isNested && value instanceof Map<?, ?>) {
                Map<String, Object> own = new LinkedHashMap<>();
                @Nullable ObjectReader tab = reader.object(name);
                if (tab != null) {
                    SessionRequest.readScalars(tab, own);
                }
                values.put(name, own);
            } else {
                @Nullable Object scalar = reader.scalar(name, value);
                if (scalar != null) {
                    values.put(name, scalar);
                }
            }
        }
    }
}
