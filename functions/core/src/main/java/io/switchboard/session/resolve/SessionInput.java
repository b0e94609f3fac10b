package io.switchboard.session.resolve;

import io.switchboard.json.ObjectReader;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The values of a caller for a session template.
 *
 * @param form the form of the request
 * @param context the caller's values, in the order they were sent: CIF's {@code templateParameters}, or
 *     {@code sessionContext} without {@code parametersStr}. Any JSON except null. In the CIF form, an object or array
 *     is for one tab if its name is the unique name of that tab's template, unless it is one of the literals
 * @param literals the names in {@code context} whose values are not resolved, even in the CIF form
 * @param anchorPairs the pairs of {@code parametersStr}: the page input of the anchor tab
 */
public record SessionInput(
        Form form, Map<String, Object> context, Set<String> literals, Map<String, Object> anchorPairs) {
    /** The form of a create request. */
    public enum Form {
        /** {@code templateTag}, {@code templateParameters}: Generic templates only. */
        CIF,
        /** {@code sessionContext}. */
        APM,
        /** Neither of both. Any template. */
        PLAIN
    }

    public SessionInput {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        literals = Set.copyOf(literals);
        anchorPairs = Collections.unmodifiableMap(new LinkedHashMap<>(anchorPairs));
    }

    /** Returns true if the value of this name can be for a single tab. */
    boolean mayBePerTab(String name, Object value) {
        return form == Form.CIF && !ObjectReader.isScalar(value) && !literals.contains(name);
    }
}
