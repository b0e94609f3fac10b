package io.switchboard.template.rule;

import java.time.Instant;
import java.util.List;

/** The values of a request that the rules of an app profile compare. */
public interface Facts {
    /**
     * Returns the values of a path: texts, numbers and booleans; several for a list such as {@code roles}, none if the
     * request does not have it.
     */
    List<Object> values(String path);

    /** Returns the time of the request. */
    Instant now();
}
