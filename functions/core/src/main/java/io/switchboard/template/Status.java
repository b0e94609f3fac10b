package io.switchboard.template;

import java.util.Map;

/** Whether a template may be used ({@code cif-apm.md} §C.1, {@code statecode}). */
public enum Status implements JsonEnum {
    /** It may. */
    ACTIVE("active"),
    /** It is kept, and may not be used for new sessions. */
    INACTIVE("inactive");

    /** By text. */
    public static final Map<String, Status> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    Status(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
