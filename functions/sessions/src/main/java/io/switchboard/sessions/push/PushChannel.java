package io.switchboard.sessions.push;

import io.switchboard.session.Owner;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The channel of a user, {@code /desk/<tenant>/<user>}. A segment is the base64url of an id, without padding.
 *
 * <p>AppSync allows 50 letters, digits and hyphens in a segment. A user with another segment has no channel and polls:
 * the program that admits subscribers has no hash function ({@code docs/decisions/0053-push-to-browsers.md}). So all
 * ids of ASCII characters up to 37 bytes fit, such as GUIDs, with very few exceptions.
 */
public final class PushChannel {
    /** The channel namespace in {@code push.yaml}. */
    public static final String NAMESPACE = "desk";

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?");

    private PushChannel() {}

    /** Returns the channel of a user; empty if an id does not fit into a segment. */
    public static Optional<String> of(Owner owner) {
        return segment(owner.tenant())
                .flatMap(tenant -> segment(owner.user()).map(user -> "/" + NAMESPACE + "/" + tenant + "/" + user));
    }

    private static Optional<String> segment(String id) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(id)) {
            return Optional.empty();
        }
        return Optional.of(
                        Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.US_ASCII)))
                .filter(SEGMENT.asMatchPredicate());
    }
}
