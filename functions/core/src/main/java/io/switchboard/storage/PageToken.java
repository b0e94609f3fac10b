package io.switchboard.storage;

import io.switchboard.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The position where the next page of a list begins. It is opaque to callers, at most 1 KB, and bound to its query. It
 * contains a sort key only and never a partition, so a forged token stays within the caller's own partition. It is not
 * signed, so each list checks the position; see {@code docs/decisions/0022-limits-on-input.md}.
 */
public final class PageToken {
    private static final int LONGEST = 1_024;
    private static final int BINDING = 9;

    private PageToken() {}

    /**
     * Returns a token.
     *
     * @param query everything that determines the content of the list: tenant, user, path, filters
     * @param position the sort key of the last item of the page
     */
    public static String of(String query, String position) {
        byte[] key = position.getBytes(StandardCharsets.UTF_8);
        byte[] token = Arrays.copyOf(binding(query), BINDING + key.length);
        System.arraycopy(key, 0, token, BINDING, key.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /**
     * Returns the position in a token.
     *
     * @param form the form of the positions of the list
     * @throws InvalidPosition for anything but a token of this query
     */
    public static String position(String query, String token, PositionForm form) {
        @Nullable String position = token.length() > LONGEST ? null : positionOrNull(query, token);
        if (position == null || !form.fits(position)) {
            throw new InvalidPosition();
        }
        return position;
    }

    private static @Nullable String positionOrNull(String query, String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            if (bytes.length <= BINDING || !Arrays.equals(bytes, 0, BINDING, binding(query), 0, BINDING)) {
                return null;
            }
            String position = new String(bytes, BINDING, bytes.length - BINDING, StandardCharsets.UTF_8);
            // Rejects malformed UTF-8 and other Base64 encodings of the same bytes.
            return of(query, position).equals(token) ? position : null;
        } catch (IllegalArgumentException e) {
            // The token is not Base64.
            return null;
        }
    }

    private static byte[] binding(String query) {
        return Arrays.copyOf(Sha256.of(query), BINDING);
    }
}
