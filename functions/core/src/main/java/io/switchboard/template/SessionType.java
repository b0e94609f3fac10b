package io.switchboard.template;

import java.util.Map;

/** The type of a session ({@code docs/domain/channel-integration-framework.md}, "Sessions and tabs"). */
public enum SessionType implements JsonEnum {
    /** Has a configured anchor tab. Opened by channels and CIF. */
    GENERIC("generic"),
    /** Opened for a record, which is its anchor. */
    ENTITY("entity");

    /** The constants by their JSON text. */
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
