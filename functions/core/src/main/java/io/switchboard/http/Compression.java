package io.switchboard.http;

import io.switchboard.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses one response body as gzip in base64, which API Gateway requires for bytes. The result is null if the body
 * has at most {@link #LARGEST_UNCOMPRESSED} bytes, or if base64 is not smaller. So compression never makes a response
 * exceed Lambda's limit. Not thread-safe.
 */
final class Compression extends OutputStream {
    /** The largest response in bytes that is not compressed, even if the caller accepts gzip. */
    static final int LARGEST_UNCOMPRESSED = 1_024;

    /** The level for a response that is compressed for one caller: level 6 takes twice the time to save a tenth. */
    static final int FAST = 3;

    /** The level for a response that is cached. */
    static final int SMALL = 6;

    private final int level;
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private @Nullable OutputStream gzip;

    private Compression(int level) {
        this.level = level;
    }

    /** Compresses a body. */
    static byte @Nullable [] ofBytes(byte[] body, int level) {
        Compression compression = new Compression(level);
        compression.write(body, 0, body.length);
        return compression.base64(body.length);
    }

    /** Compresses a tree while it is written as JSON. */
    static byte @Nullable [] ofJson(@Nullable Object tree, int level) {
        Compression compression = new Compression(level);
        return compression.base64(Json.write(tree, compression));
    }

    @Override
    public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    /** The first write has the whole body, or enough of it to decide that it is compressed. */
    @Override
    public void write(byte[] body, int from, int count) {
        try {
            OutputStream into = gzip;
            if (into == null && count > LARGEST_UNCOMPRESSED) {
                into = new Gzip(compressed, level);
                gzip = into;
            }
            if (into != null) {
                into.write(body, from, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param size the size of the body */
    private byte @Nullable [] base64(int size) {
        if (gzip == null) {
            return null;
        }
        try {
            gzip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] base64 = Base64.getEncoder().encode(compressed.toByteArray());
        return base64.length < size ? base64 : null;
    }

    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream output, int level) throws IOException {
            super(output);
            def.setLevel(level);
        }
    }
}
