package io.switchboard.callrecords.model;

import io.switchboard.json.Violations;
import org.jspecify.annotations.Nullable;

/**
 * The context of reading a body.
 *
 * <p>A lenient reader keeps what the description does not have, because a mirror of Graph must not fail when Graph
 * grows: properties, members of enums, and names of types. Null of a property that is not nullable is absent, unless
 * the property is required. Each of these is a warning. A strict reader reports them as violations.
 *
 * @param purpose the purpose
 * @param target the path of the entity in the body, such as {@code segments[0]}; empty for the body itself
 * @param violations collects all violations found
 * @param warnings collects the warnings of a lenient reader; null for a strict one
 */
public record ReadContext(
        Purpose purpose,
        String target,
        Violations violations,
        @Nullable Violations warnings) {
    /** Creates the context of a strict reader. */
    public ReadContext(Purpose purpose, String target, Violations violations) {
        this(purpose, target, violations, null);
    }
}
