package io.switchboard.template;

import java.util.Map;

/**
 * The status of a template: active templates can be used ({@code docs/domain/session-templates.md}, "Session
 * templates", {@code statecode}).
 */
public enum Status implements JsonEnum {
    /** The template can be used. */
    ACTIVE("active"),
    /** The template is stored but cannot be used for new sessions. */
    INACTIVE("inactive");

    /** The constants by their JSON text. */
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
