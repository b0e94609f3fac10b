package io.switchboard.template;

/**
 * A parameter a page type takes ({@code cif-apm.md} §D.2).
 *
 * @param name its name
 * @param form what it accepts
 * @param isRequired whether a template must have it
 * @param isIdentity whether it says what the page is: then callers change it per tab only ({@code DESIGN.md} §4)
 */
public record TabParameter(String name, Form form, boolean isRequired, boolean isIdentity) {
    /** The longest value, in characters ({@code cif-apm.md} §0). */
    public static final int MAXIMUM_LENGTH = 2_048;

    /** What a parameter accepts. */
    public enum Form {
        /** Any text, number or boolean. */
        TEXT,
        /** True or false. */
        BOOLEAN,
        /** A text holding a JSON object of a record's columns, or one slug. */
        RECORD_DATA,
        /** A GUID. */
        GUID,
        /** 0 relevance, 1 categorised. */
        SEARCH_TYPE,
        /** An https address with a literal host. */
        URL
    }

    static TabParameter text(String name) {
        return new TabParameter(name, Form.TEXT, false, false);
    }

    static TabParameter required(String name) {
        return new TabParameter(name, Form.TEXT, true, false);
    }

    static TabParameter requiredIdentity(String name) {
        return new TabParameter(name, Form.TEXT, true, true);
    }

    static TabParameter bool(String name) {
        return new TabParameter(name, Form.BOOLEAN, false, false);
    }

    static TabParameter recordData(String name) {
        return new TabParameter(name, Form.RECORD_DATA, false, false);
    }

    static TabParameter dashboardId(String name) {
        return new TabParameter(name, Form.GUID, true, true);
    }

    static TabParameter searchType(String name) {
        return new TabParameter(name, Form.SEARCH_TYPE, false, false);
    }

    static TabParameter url(String name) {
        return new TabParameter(name, Form.URL, true, true);
    }
}
