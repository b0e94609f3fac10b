package io.switchboard.template;

import java.util.Map;

/** How the communication panel starts ({@code cif-apm.md} §C.1, {@code msdyn_panelstate}). */
public enum CommunicationPanelMode implements JsonEnum {
    /** Beside the tabs. */
    DOCKED("docked"),
    /** Folded. */
    MINIMIZED("minimized"),
    /** Not shown: the only mode of Entity sessions. */
    HIDDEN("hidden");

    /** By text. */
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
