package io.switchboard.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a caller gives a session template.
 *
 * @param form which of the two APIs' forms it came in
 * @param context the caller's global values: CIF's scalars, or {@code sessionContext} without {@code parametersStr}
 * @param literals the names in {@code context} whose texts are literal even in the CIF form
 * @param perTab CIF's values for one tab, by the unique name of its application tab template
 * @param anchorPairs the pairs of {@code parametersStr}: the anchor tab's page input
 */
public record SessionInput(
        Form form,
        Map<String, Object> context,
        java.util.Set<String> literals,
        Map<String, Map<String, Object>> perTab,
        Map<String, Object> anchorPairs) {
    /** The form of a create. */
    public enum Form {
        /** {@code templateTag}, {@code templateParameters}: Generic templates only. */
        CIF,
        /** {@code sessionContext}. */
        APM,
        /** Neither: any template. */
        PLAIN
    }

    public SessionInput {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        literals = java.util.Set.copyOf(literals);
        perTab = Collections.unmodifiableMap(new LinkedHashMap<>(perTab));
        anchorPairs = Collections.unmodifiableMap(new LinkedHashMap<>(anchorPairs));
    }
}
