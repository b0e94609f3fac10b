package io.switchboard.template.rule;

/**
 * A rule of an app profile ({@code docs/decisions/0059-selection-rules.md}). The first rule that matches selects the
 * session template of a request that names none.
 *
 * @param name unique in its profile
 * @param when the condition
 * @param then the unique name of a session template
 */
public record SelectionRule(String name, Condition when, String then) {
    /** The most rules of a profile. */
    public static final int MOST = 50;

    /** The longest name, in characters. */
    public static final int LONGEST_NAME = 100;
}
