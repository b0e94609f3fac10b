package io.switchboard.template;

import java.util.Map;

/**
 * The initial state of the communication panel ({@code docs/domain/session-templates.md}, "Session templates",
 * {@code msdyn_panelstate}).
 */
public enum CommunicationPanelMode implements JsonEnum {
    /** Next to the tabs. */
    DOCKED("docked"),
    /** Collapsed. */
    MINIMIZED("minimized"),
    /** Not shown. The only mode of Entity sessions. */
    HIDDEN("hidden");

    /** The constants by their JSON text. */
    public static final Map<String, CommunicationPanelMode> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    CommunicationPanelMode(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
