package io.switchboard.sessions.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.session.Owner;
import io.switchboard.text.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushChannelTest {
    private static final String GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    @ParameterizedTest
    @CsvSource({
        "contoso, alice, /desk/Y29udG9zbw/YWxpY2U",
        "contoso, alice@contoso.example, /desk/Y29udG9zbw/YWxpY2VAY29udG9zby5leGFtcGxl",
        "a, a~b~, /desk/YQ/YX5ifg"
    })
    void segments_are_base64url_without_padding(String tenant, String user, String channel) {
        assertThat(PushChannel.of(new Owner(tenant, user))).contains(channel);
    }

    @Test
    void guids_and_up_to_37_bytes_fit() {
        assertThat(PushChannel.of(new Owner(GUID, GUID))).isPresent();
        assertThat(PushChannel.of(new Owner("t", "u".repeat(37)))).isPresent();
        assertThat(PushChannel.of(new Owner("t", "u".repeat(38)))).isEmpty();
        assertThat(PushChannel.of(new Owner("t".repeat(38), "u"))).isEmpty();
    }

    /** Their base64url has an underscore, ends with a hyphen, or depends on the encoding of the characters. */
    @ParameterizedTest
    @ValueSource(strings = {"ab?c", "ab~", "zoë", "\u00fc", "\ud83d\ude00"})
    void other_ids_have_no_channel(String id) {
        assertThat(PushChannel.of(new Owner("contoso", id))).isEmpty();
        assertThat(PushChannel.of(new Owner(id, "alice"))).isEmpty();
    }

    @Test
    void different_users_never_share_a_channel() {
        Random random = new Random(Seed.number("owners", 53));
        Map<String, Owner> owners = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Owner owner = new Owner(id(random), id(random));
            PushChannel.of(owner).ifPresent(channel -> {
                assertThat(channel).matches("/desk(/[A-Za-z0-9]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?){2}");
                assertThat(owners.merge(channel, owner, (first, second) -> first))
                        .as(channel)
                        .isEqualTo(owner);
            });
        }
        assertThat(owners).hasSizeGreaterThan(1_000);
    }

    private static String id(Random random) {
        StringBuilder id = new StringBuilder();
        int length = 1 + random.nextInt(3);
        for (int i = 0; i < length; i++) {
            id.append("ab/*-_?~=+ \u00e9".charAt(random.nextInt(12)));
        }
        return id.toString();
    }
}
