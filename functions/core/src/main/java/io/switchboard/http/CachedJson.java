package io.switchboard.http;

import io.switchboard.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON text that is the body of many responses. It is compressed once, for the first caller that accepts gzip.
 * Thread-safe.
 */
public final class CachedJson {
    private final String text;
    private volatile @Nullable Compressed compressed;

    /** @param gzip the text as gzip in base64; empty if compression does not make it smaller */
    private record Compressed(Optional<byte[]> gzip) {}

    /** Caches a tree as text. */
    public CachedJson(@Nullable Object tree) {
        this.text = Json.write(tree);
    }

    /** Returns the text as gzip in base64, which the caller must not change; null if it would not be smaller. */
    byte @Nullable [] gzipped() {
        // Two concurrent requests may compress it twice; the result is the same.
        @Nullable Compressed known = compressed;
        if (known == null) {
            known = new Compressed(
                    Optional.ofNullable(Compression.ofBytes(text.getBytes(StandardCharsets.UTF_8), Compression.SMALL)));
            compressed = known;
        }
        return known.gzip().orElse(null);
    }

    @Override
    public String toString() {
        return text;
    }
}
