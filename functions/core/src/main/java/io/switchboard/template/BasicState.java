package io.switchboard.template;

import java.util.Map;

/** The part of a presence that routers understand, whatever names a tenant gives to its presence states. */
public enum BasicState implements JsonEnum {
    /** The user can take work. */
    AVAILABLE("available"),
    /** The user works. */
    BUSY("busy"),
    /** The user is not at the desk. */
    AWAY("away"),
    /** The user does not work, or has not renewed the presence. */
    OFFLINE("offline");

    /** The constants by their JSON text. */
    public static final Map<String, BasicState> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    BasicState(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
