package io.switchboard.http;

import io.switchboard.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * JSON text that is the body of many responses. It is compressed once, for the first caller that accepts gzip.
 * Thread-safe.
 */
public final class CachedJson {
    private final String text;
    private volatile @Nullable Compressed compressed;

    /** @param gzip the text as gzip in base64; null if compression does not make it smaller */
    private record Compressed(@Nullable String gzip) {}

    /** Caches a tree as text. */
    public CachedJson(@Nullable Object tree) {
        this.text = Json.write(tree);
    }

    @Nullable
    String gzipped() {
        // Two concurrent requests may compress it twice; the result is the same.
        @Nullable Compressed known = compressed;
        if (known == null) {
            known = new Compressed(ContentCoding.gzipped(text.getBytes(StandardCharsets.UTF_8), ContentCoding.SMALL));
            compressed = known;
        }
        return known.gzip();
    }

    @Override
    public String toString() {
        return text;
    }
}
