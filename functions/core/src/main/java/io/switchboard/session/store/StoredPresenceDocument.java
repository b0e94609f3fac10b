package io.switchboard.session.store;

import io.switchboard.json.StoredDocument;
import io.switchboard.presence.PresenceContent;
import io.switchboard.template.BasicState;

/**
 * Reads and writes the stored documents of presences. No other class does. The same content has the same document, so
 * that a write can require it.
 */
public final class StoredPresenceDocument {
    private static final int SCHEMA = 1;
    private static final String KIND = "presence";

    private static final String BASIC_STATE = "basicState";
    private static final String STATE = "state";
    private static final String TEXT = "text";

    private StoredPresenceDocument() {}

    /** Returns the document of a presence. */
    static String write(PresenceContent content) {
        return StoredDocument.ofSchema(SCHEMA, KIND)
                .put(BASIC_STATE, content.basicState().text())
                .put(STATE, content.state(), null)
                .put(TEXT, content.text(), null)
                .write();
    }

    /**
     * Returns the content of a document of this or an earlier release.
     *
     * @throws RuntimeException if the document is invalid or was written by a later release
     */
    static PresenceContent read(String text) {
        StoredDocument document = StoredDocument.read(text, SCHEMA, KIND);
        return new PresenceContent(
                document.oneOf(BASIC_STATE, BasicState.BY_TEXT), document.textOrNull(STATE), document.textOrNull(TEXT));
    }
}
