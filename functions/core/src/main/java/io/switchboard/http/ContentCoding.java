package io.switchboard.http;

import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Content codings (RFC 9110 §8.4): {@code gzip} and {@code deflate} for request bodies, and whether a response may be
 * compressed. The classes of {@code java.util.zip} are loaded with the first message that uses them.
 */
final class ContentCoding {
    /** The header in which a 415 lists the supported codings. */
    static final String ACCEPT_ENCODING = "Accept-Encoding";

    /** The supported codings of a request body. */
    static final String ACCEPTED = "gzip, deflate, identity";

    private static final String GZIP = "gzip";
    private static final String DEFLATE = "deflate";
    private static final String IDENTITY = "identity";
    private static final int FULL_QUALITY = 1_000;
    private static final int NOT_LISTED = -1;

    private ContentCoding() {}

    /**
     * Returns a request body without its content coding.
     *
     * <p>The first bytes decide whether the body is compressed, because a gateway may have decompressed it and left the
     * header. A body that begins like JSON, XML or a zip archive, and not like compressed data, is returned as it is.
     *
     * @param codings the header {@code Content-Encoding}; empty if it was not sent
     * @param maximum the largest body in bytes; decompression stops there
     * @throws Refusal 415 for another coding or more than one, 413 beyond the maximum, 400 for truncated or corrupt
     *     data
     */
    static byte[] decoded(byte[] sent, String codings, int maximum) {
        if (codings.isEmpty() || sent.length == 0) {
            return sent;
        }
        String coding = coding(codings);
        if (coding.equals(IDENTITY)) {
            return sent;
        }
        try {
            return new Inflation(sent, maximum).of(coding.equals(GZIP));
        } catch (DataFormatException e) {
            throw Refusal.invalid(
                    "invalidContentEncoding",
                    "Content-Encoding",
                    "The body is not valid " + coding + " data: " + e.getMessage()
                            + ". Compress it again, or send it without Content-Encoding.");
        }
    }

    /** Returns the coding that the header specifies; {@code identity} is ignored. */
    private static String coding(String codings) {
        String found = IDENTITY;
        for (String name : elements(codings)) {
            String coding = name.equals("x-gzip") ? GZIP : name;
            if (coding.equals(IDENTITY)) {
                continue;
            }
            if (!coding.equals(GZIP) && !coding.equals(DEFLATE)) {
                throw unsupported("Content-Encoding " + InputLimits.excerpt(name) + " is not supported.");
            }
            if (!found.equals(IDENTITY)) {
                throw unsupported("Content-Encoding lists more than one coding.");
            }
            found = coding;
        }
        return found;
    }

    /** Returns 415 with the supported codings. */
    private static Refusal unsupported(String problem) {
        return Refusal.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, problem + " Use one of: " + ACCEPTED + ".")
                .withHeader(ACCEPT_ENCODING, ACCEPTED);
    }

    /** Returns whether a header {@code Content-Encoding} has no effect: it is empty, or lists {@code identity} only. */
    static boolean isIdentity(String codings) {
        for (String name : elements(codings)) {
            if (!name.equals(IDENTITY)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether the header {@code Accept-Encoding} accepts gzip (RFC 9110 §12.5.3). An element with a malformed
     * weight is not accepted. If a coding is listed twice, the lower weight applies.
     */
    static boolean acceptsGzip(String accepted) {
        int gzip = NOT_LISTED;
        int identity = NOT_LISTED;
        int any = NOT_LISTED;
        for (String element : elements(accepted)) {
            int semicolon = element.indexOf(';');
            int weight = semicolon < 0 ? FULL_QUALITY : weight(element.substring(semicolon + 1));
            switch (semicolon < 0 ? element : element.substring(0, semicolon).strip()) {
                case GZIP, "x-gzip" -> gzip = lower(gzip, weight);
                case IDENTITY -> identity = lower(identity, weight);
                case "*" -> any = lower(any, weight);
                default -> {}
            }
        }
        int of = gzip == NOT_LISTED ? any : gzip;
        return of > 0 && of >= identity;
    }

    private static int lower(int before, int weight) {
        return before == NOT_LISTED ? weight : Math.min(before, weight);
    }

    /** Returns a weight such as {@code q=0.5} in thousandths; 0 if it is malformed. */
    private static int weight(String parameter) {
        String text = parameter.strip();
        if (!text.startsWith("q=") || text.length() < 3 || text.length() > "q=0.123".length()) {
            return 0;
        }
        char whole = text.charAt(2);
        int weight = whole == '1' ? FULL_QUALITY : 0;
        if ((whole != '0' && whole != '1') || (text.length() > 3 && text.charAt(3) != '.')) {
            return 0;
        }
        int unit = FULL_QUALITY / 10;
        for (int i = 4; i < text.length(); i++, unit /= 10) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return 0;
            }
            weight += (digit - '0') * unit;
        }
        return weight > FULL_QUALITY ? 0 : weight;
    }

    /** Returns the elements of a list in lower case, without empty elements. */
    private static List<String> elements(String list) {
        List<String> elements = new ArrayList<>();
        for (String element : list.toLowerCase(Locale.ROOT).split(",", -1)) {
            String text = element.strip();
            if (!text.isEmpty()) {
                elements.add(text);
            }
        }
        return elements;
    }

    /** Decompresses one body. */
    private static final class Inflation {
        private static final int GZIP_HEADER = 10;
        private static final int GZIP_TRAILER = 8;
        private static final int HAS_HEADER_CHECKSUM = 2;
        private static final int HAS_EXTRA = 4;
        private static final int HAS_NAME = 8;
        private static final int HAS_COMMENT = 16;
        private static final int RESERVED = 0xE0;
        private static final String TRUNCATED = "the data is truncated";

        private final byte[] sent;
        private final int maximum;
        private byte[] plain;
        private int length;

        Inflation(byte[] sent, int maximum) {
            this.sent = sent;
            this.maximum = maximum;
            this.plain = new byte[(int) Math.min(maximum, Math.max(256L, 4L * sent.length))];
        }

        byte[] of(boolean isGzip) throws DataFormatException {
            if (isGzip) {
                if (!isGzipHeader(0) && isPlain()) {
                    return sent;
                }
                gzip();
            } else if (isZlibHeader()) {
                deflate(false);
            } else if (isPlain()) {
                return rawUnlessPlain();
            } else {
                deflate(true);
            }
            return Arrays.copyOf(plain, length);
        }

        /**
         * Few raw deflate streams begin with the same byte as a document. A stream that begins with a brace or a
         * bracket does not contain a document, because its content would begin with a non-ASCII character.
         */
        private byte[] rawUnlessPlain() {
            if (sent[0] == '{' || sent[0] == '[') {
                return sent;
            }
            try {
                deflate(true);
                return Arrays.copyOf(plain, length);
            } catch (DataFormatException e) {
                return sent;
            }
        }

        /** Returns whether the body begins like JSON, XML or a zip archive. */
        private boolean isPlain() {
            int at = sent.length > 2 && at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF ? 3 : 0;
            while (at < sent.length && " \t\r\n".indexOf(at(at)) >= 0) {
                at++;
            }
            if (at == sent.length) {
                return true;
            }
            return "{[\"<-0123456789tfn".indexOf(at(at)) >= 0 || (sent.length > 1 && at(0) == 'P' && at(1) == 'K');
        }

        private boolean isGzipHeader(int from) {
            return from + 1 < sent.length && at(from) == 0x1F && at(from + 1) == 0x8B;
        }

        /** RFC 1950 §2.2: method 8, a window of at most 32 KiB, and a check of both bytes. */
        private boolean isZlibHeader() {
            return sent.length > 1 && (at(0) & 0x0F) == 8 && at(0) >> 4 <= 7 && ((at(0) << 8) + at(1)) % 31 == 0;
        }

        private void deflate(boolean isRaw) throws DataFormatException {
            Inflater inflater = new Inflater(isRaw);
            try {
                if (inflate(inflater, 0) < sent.length) {
                    throw new DataFormatException("extra data follows the end");
                }
            } finally {
                inflater.end();
            }
        }

        /** Decompresses each gzip member (RFC 1952 §2.2). */
        private void gzip() throws DataFormatException {
            Inflater inflater = new Inflater(true);
            try {
                int from = 0;
                while (from < sent.length) {
                    if (!isGzipHeader(from)) {
                        throw new DataFormatException(
                                from == 0 ? "the gzip header is missing" : "extra data follows the end");
                    }
                    int begin = length;
                    inflater.reset();
                    int end = inflate(inflater, afterHeader(from));
                    if (sent.length - end < GZIP_TRAILER) {
                        throw new DataFormatException(TRUNCATED);
                    }
                    CRC32 checksum = new CRC32();
                    checksum.update(plain, begin, length - begin);
                    if (number(end) != (int) checksum.getValue() || number(end + 4) != length - begin) {
                        throw new DataFormatException("the checksum does not match");
                    }
                    from = end + GZIP_TRAILER;
                }
            } finally {
                inflater.end();
            }
        }

        private int afterHeader(int from) throws DataFormatException {
            if (sent.length - from < GZIP_HEADER) {
                throw new DataFormatException(TRUNCATED);
            }
            int flags = at(from + 3);
            if (at(from + 2) != 8 || (flags & RESERVED) != 0) {
                throw new DataFormatException("the gzip header is invalid");
            }
            int at = from + GZIP_HEADER;
            if ((flags & HAS_EXTRA) != 0) {
                at = within(at + 2);
                at = within(at + at(at - 2) + (at(at - 1) << 8));
            }
            if ((flags & HAS_NAME) != 0) {
                at = afterZero(at);
            }
            if ((flags & HAS_COMMENT) != 0) {
                at = afterZero(at);
            }
            return (flags & HAS_HEADER_CHECKSUM) == 0 ? at : within(at + 2);
        }

        private int within(int at) throws DataFormatException {
            if (at > sent.length) {
                throw new DataFormatException(TRUNCATED);
            }
            return at;
        }

        private int afterZero(int from) throws DataFormatException {
            int at = from;
            while (at < sent.length && sent[at] != 0) {
                at++;
            }
            return within(at + 1);
        }

        /** Appends the decompressed data, and returns the index where the compressed data ends. */
        private int inflate(Inflater inflater, int from) throws DataFormatException {
            inflater.setInput(sent, from, sent.length - from);
            while (!inflater.finished()) {
                // A full body may be complete, but only another call of the inflater finds its end.
                boolean isFull = length == maximum;
                byte[] into = isFull ? new byte[1] : plainWithRoom();
                int read = inflater.inflate(into, isFull ? 0 : length, isFull ? 1 : into.length - length);
                if (isFull && read > 0) {
                    throw Refusal.of(
                            ErrorCode.CONTENT_TOO_LARGE,
                            "The decompressed body has more than " + maximum + " bytes. Send at most " + maximum
                                    + " bytes.");
                }
                length += read;
                if (read == 0 && !inflater.finished()) {
                    throw new DataFormatException(inflater.needsDictionary() ? "it requires a dictionary" : TRUNCATED);
                }
            }
            return sent.length - inflater.getRemaining();
        }

        private byte[] plainWithRoom() {
            if (length == plain.length) {
                plain = Arrays.copyOf(plain, (int) Math.min(maximum, 2L * plain.length));
            }
            return plain;
        }

        private int number(int from) {
            return at(from) | at(from + 1) << 8 | at(from + 2) << 16 | at(from + 3) << 24;
        }

        private int at(int index) {
            return sent[index] & 0xFF;
        }
    }
}
