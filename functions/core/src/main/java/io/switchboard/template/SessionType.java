package io.switchboard.template;

import java.util.Map;

/** What a session is opened for ({@code cif-apm.md} §0). */
public enum SessionType implements JsonEnum {
    /** Has a configured anchor tab; channels and CIF open it. */
    GENERIC("generic"),
    /** Its anchor is the record it is opened for. */
    ENTITY("entity");

    /** By text. */
    public static final Map<String, SessionType> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    SessionType(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
