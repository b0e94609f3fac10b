package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * The appearance of a session on a desk.
 *
 * @param title the resolved title
 * @param icon the path of its icon; null for none
 * @param communicationPanelMode {@code docked}, {@code minimized} or {@code hidden}
 * @param communicationPanelWidth the width of the panel in CSS pixels; null for the width of the desk
 * @param canClose whether the agent can close it
 */
public record Presentation(
        String title,
        @Nullable String icon,
        String communicationPanelMode,
        @Nullable Integer communicationPanelWidth,
        boolean canClose) {
    /** The greatest width of the panel. */
    public static final int GREATEST_PANEL_WIDTH = 10_000;

    /** Creates the appearance of a session whose panel has the width of the desk. */
    public Presentation(String title, @Nullable String icon, String communicationPanelMode, boolean canClose) {
        this(title, icon, communicationPanelMode, null, canClose);
    }

    /** Returns a copy with this title. */
    public Presentation withTitle(String newTitle) {
        return new Presentation(newTitle, icon, communicationPanelMode, communicationPanelWidth, canClose);
    }

    /** Returns a copy with this icon; null for none. */
    public Presentation withIcon(@Nullable String newIcon) {
        return new Presentation(title, newIcon, communicationPanelMode, communicationPanelWidth, canClose);
    }

    /** Returns a copy that can be closed or not. */
    public Presentation withCanClose(boolean newCanClose) {
        return new Presentation(title, icon, communicationPanelMode, communicationPanelWidth, newCanClose);
    }

    /** Returns a copy whose panel has this mode. */
    public Presentation withCommunicationPanelMode(String newMode) {
        return new Presentation(title, icon, newMode, communicationPanelWidth, canClose);
    }

    /** Returns a copy whose panel has this width; null for the width of the desk. */
    public Presentation withCommunicationPanelWidth(@Nullable Integer newWidth) {
        return new Presentation(title, icon, communicationPanelMode, newWidth, canClose);
    }
}
