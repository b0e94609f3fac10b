package io.switchboard.session.resolve;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values of a caller for a further tab of an open session.
 *
 * @param form the form of the request; in the CIF form texts are resolved once, against raw values, otherwise they are
 *     literal
 * @param values CIF's {@code templateParameters} or APM's {@code appContext}: scalars by name; in the CIF form also an
 *     object of scalars under the unique name of the tab's template, which takes precedence
 */
public record TabInput(SessionInput.Form form, Map<String, Object> values) {
    public TabInput {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Returns the name of the request member that contains the values. */
    String member() {
        return form == SessionInput.Form.APM ? "appContext" : "templateParameters";
    }
}
