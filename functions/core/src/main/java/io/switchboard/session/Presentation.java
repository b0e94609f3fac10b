package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * How a desk shows a session.
 *
 * @param title the resolved title
 * @param icon the path of its icon; null for none
 * @param communicationPanelMode {@code docked}, {@code minimized} or {@code hidden}
 * @param canClose whether the agent may close it
 */
public record Presentation(String title, @Nullable String icon, String communicationPanelMode, boolean canClose) {
    /** The same with another title. */
    public Presentation withTitle(String newTitle) {
        return new Presentation(newTitle, icon, communicationPanelMode, canClose);
    }

    /** The same with another icon; null for none. */
    public Presentation withIcon(@Nullable String newIcon) {
        return new Presentation(title, newIcon, communicationPanelMode, canClose);
    }

    /** The same, closable or not. */
    public Presentation withCanClose(boolean newCanClose) {
        return new Presentation(title, icon, communicationPanelMode, newCanClose);
    }
}
