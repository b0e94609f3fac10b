package io.switchboard.storage;

import io.switchboard.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page of a list begins: opaque to callers, at most 1 KB, bound to the query it came from. It carries a
 * sort key only, never a partition: whatever a caller makes of it, it stays within the caller's own partition. It is not signed, so
 * each list checks the position; see {@code docs/decisions/0022-limits-on-input.md}.
 */
public final class PageToken {
    private static final int LONGEST = 1_024;
    private static final int BINDING = 9;

    private PageToken() {}

    /**
     * Makes a token.
     *
     * @param query everything that decides what the list holds: tenant, user, path, filters
     * @param position the sort key of the last item seen
     */
    public static String of(String query, String position) {
        byte[] key = position.getBytes(StandardCharsets.UTF_8);
        byte[] token = Arrays.copyOf(binding(query), BINDING + key.length);
        System.arraycopy(key, 0, token, BINDING, key.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /**
     * The position a token names.
     *
     * @param form of the positions that the list issues
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
            // Neither malformed UTF-8 nor another spelling of the same bytes comes from here.
            return of(query, position).equals(token) ? position : null;
        } catch (IllegalArgumentException e) {
            // Not even Base64.
            return null;
        }
    }

    private static byte[] binding(String query) {
        return Arrays.copyOf(Sha256.of(query), BINDING);
    }
}
