package io.switchboard.http;

import io.switchboard.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON text that answers many requests. It is compressed once, when a caller first accepts that, and kept. Thread-safe. */
public final class KeptJson {
    private final String text;
    private volatile @Nullable Compressed compressed;

    /** @param gzip in base64; null where compression does not make the text smaller */
    private record Compressed(@Nullable String gzip) {}

    /** Keeps a tree as its text. */
    public KeptJson(@Nullable Object tree) {
        this.text = Json.write(tree);
    }

    @Nullable
    String gzipped() {
        // Two requests at once may compress it twice; both get the same.
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
