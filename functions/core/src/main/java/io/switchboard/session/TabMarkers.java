package io.switchboard.session;

/**
 * The markers of a tab. Its page or a backend sets the first two.
 *
 * @param unsavedChanges whether the page has changes that a close would lose
 * @param highlighted whether the tab asks for attention. The focus ends it
 * @param hasState whether a state of the tab is stored, or was deleted
 */
public record TabMarkers(boolean unsavedChanges, boolean highlighted, boolean hasState) {
    /** The markers of a new tab. */
    public static final TabMarkers NONE = new TabMarkers(false, false, false);

    /** Returns a copy with or without unsaved changes. */
    public TabMarkers withUnsavedChanges(boolean value) {
        return new TabMarkers(value, highlighted, hasState);
    }

    /** Returns a copy that is highlighted or not. */
    public TabMarkers withHighlighted(boolean value) {
        return new TabMarkers(unsavedChanges, value, hasState);
    }

    /** Returns a copy for a tab with a state. */
    public TabMarkers withState() {
        return new TabMarkers(unsavedChanges, highlighted, true);
    }
}
