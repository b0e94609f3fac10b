package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.presence.PresenceContent;
import io.switchboard.template.BasicState;
import org.junit.jupiter.api.Test;

/** The documents of this release stay readable, and the same content has the same document. */
final class StoredPresenceDocumentTest {
    private static final String USUAL = "{\"schema\":1,\"basicState\":\"available\"}";
    private static final String WHOLE =
            "{\"schema\":1,\"basicState\":\"away\",\"state\":\"contoso_lunch\",\"text\":\"Back at one\"}";

    @Test
    void documents_are_written_like_the_examples_and_read_back() {
        PresenceContent usual = new PresenceContent(BasicState.AVAILABLE, null, null);
        PresenceContent whole = new PresenceContent(BasicState.AWAY, "contoso_lunch", "Back at one");

        assertThat(StoredPresenceDocument.write(usual)).isEqualTo(USUAL);
        assertThat(StoredPresenceDocument.write(whole)).isEqualTo(WHOLE);
        assertThat(StoredPresenceDocument.read(USUAL)).isEqualTo(usual);
        assertThat(StoredPresenceDocument.read(WHOLE)).isEqualTo(whole);
    }

    @Test
    void document_of_a_later_release_is_rejected() {
        assertThatThrownBy(() -> StoredPresenceDocument.read(USUAL.replace("1", "2")))
                .hasMessageContaining("schema");
    }
}
