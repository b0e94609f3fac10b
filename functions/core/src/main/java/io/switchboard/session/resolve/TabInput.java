package io.switchboard.session.resolve;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a caller gives a further tab of an open session.
 *
 * @param form CIF: texts are resolved once, against raw values; else they are literal
 * @param values CIF's {@code templateParameters} or APM's {@code appContext}: scalars by name; in CIF's form also an object of
 *     scalars under the unique name of the tab's template, which goes before the others
 */
public record TabInput(SessionInput.Form form, Map<String, Object> values) {
    public TabInput {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** What the caller knows the values as. */
    String member() {
        return form == SessionInput.Form.APM ? "appContext" : "templateParameters";
    }
}
