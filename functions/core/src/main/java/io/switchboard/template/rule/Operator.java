package io.switchboard.template.rule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The comparisons of a rule. */
public enum Operator {
    /** A value is equal. */
    EQ("eq"),
    /** No value is equal, also if the request has none. */
    NE("ne"),
    /** A value is one of several. */
    IN("in"),
    /** A value is in the list, or a text contains the text. */
    CONTAINS("contains"),
    /** A text starts with the text. */
    STARTS_WITH("startsWith"),
    /** A value is greater, or the time of day is later. */
    GT("gt"),
    /** A value is less, or the time of day is earlier. */
    LT("lt"),
    /** The request has a value, or has none if the rule's value is false. */
    EXISTS("exists"),
    /** A value is between two others, both included. The end of a time of day is not included. */
    BETWEEN("between");

    /** The operators by their text. */
    public static final Map<String, Operator> BY_TEXT = byText();

    private final String text;

    Operator(String text) {
        this.text = text;
    }

    private static Map<String, Operator> byText() {
        Map<String, Operator> byText = new LinkedHashMap<>();
        for (Operator operator : values()) {
            byText.put(operator.text, operator);
        }
        return Collections.unmodifiableMap(byText);
    }

    /** Returns the text in JSON. */
    public String text() {
        return text;
    }
}
