package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * The appearance of a session on a desk.
 *
 * @param title the resolved title
 * @param icon the path of its icon; null for none
 * @param communicationPanelMode {@code docked}, {@code minimized} or {@code hidden}
 * @param canClose whether the agent can close it
 */
public record Presentation(String title, @Nullable String icon, String communicationPanelMode, boolean canClose) {
    /** Returns a copy with this title. */
    public Presentation withTitle(String newTitle) {
        return new Presentation(newTitle, icon, communicationPanelMode, canClose);
    }

    /** Returns a copy with this icon; null for none. */
    public Presentation withIcon(@Nullable String newIcon) {
        return new Presentation(title, newIcon, communicationPanelMode, canClose);
    }

    /** Returns a copy that can be closed or not. */
    public Presentation withCanClose(boolean newCanClose) {
        return new Presentation(title, icon, communicationPanelMode, newCanClose);
    }
}
