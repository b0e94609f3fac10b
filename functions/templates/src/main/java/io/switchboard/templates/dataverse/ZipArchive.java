package io.switchboard.templates.dataverse;

import io.switchboard.http.Refusal;
import io.switchboard.text.InputLimits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip archive in memory (<a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE</a>). All
 * entries are checked when it is opened: paths outside the archive, duplicates, overlaps, encryption and unknown
 * methods are rejected. An entry is inflated only on request, within limits that do not rely on the sizes in its
 * headers. Not thread-safe.
 */
final class ZipArchive {
    private static final int MAXIMUM_ENTRIES = 10_000;
    private static final int MAXIMUM_NAME = 1_024;
    /** The largest inflated entry, in bytes. */
    private static final int MAXIMUM_ENTRY = 24 * 1_048_576;
    /** The largest total of inflated entries, in bytes. */
    private static final int MAXIMUM_TOTAL = 48 * 1_048_576;
    /** The largest ratio of inflated to compressed size, for entries of more than {@link #RATIO_APPLIES} bytes. */
    private static final int MAXIMUM_RATIO = 200;

    private static final int RATIO_APPLIES = 1_048_576;

    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_SIZE = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_SIZE = 30;
    private static final int ENCRYPTED = 0x2041;
    private static final int UNICODE = 0x0800;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private final ByteBuffer bytes;
    private final List<Entry> entries = new ArrayList<>();
    private int inflated;

    /**
     * A file of the archive.
     *
     * @param name its path
     * @param begin the offset of its header
     * @param data the offset of its data
     */
    record Entry(String name, int method, int crc, int begin, int data, int compressed) {
        int end() {
            return data + compressed;
        }
    }

    private ZipArchive(byte[] archive) {
        this.bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Opens an archive.
     *
     * @throws Refusal 400 {@code malformedArchive} if the archive is damaged, unsafe or not supported
     */
    static ZipArchive open(byte[] archive) {
        ZipArchive zip = new ZipArchive(archive);
        try {
            zip.readDirectory();
        } catch (IndexOutOfBoundsException e) {
            throw damaged("its directory extends beyond the archive");
        }
        return zip;
    }

    /** Returns the files, in the order of the archive's directory. */
    List<Entry> entries() {
        return entries;
    }

    private void readDirectory() {
        int end = findEnd();
        int count = unsignedShort(end + 10);
        long size = unsignedInt(end + 12);
        long offset = unsignedInt(end + 16);
        if (unsignedShort(end + 4) != 0 || unsignedShort(end + 6) != 0 || unsignedShort(end + 8) != count) {
            throw malformed("The archive is split into several files. Send one zip file.");
        }
        if (count == 0xFFFF || size == 0xFFFFFFFFL || offset == 0xFFFFFFFFL) {
            throw malformed("The archive has the Zip64 format, which is not supported. Send an ordinary zip file.");
        }
        if (count > MAXIMUM_ENTRIES) {
            throw malformed("The archive has " + count + " entries; at most " + MAXIMUM_ENTRIES
                    + " are allowed. Export fewer components.");
        }
        if (offset + size > end) {
            throw damaged("its directory extends beyond the archive");
        }
        int at = (int) offset;
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            at = readEntry(at, (int) offset, names);
        }
        if (at != offset + size) {
            throw damaged("the size of its directory is incorrect");
        }
        rejectOverlaps();
    }

    /** Returns the offset of the end record, which is the last record. Only its own comment follows. */
    private int findEnd() {
        int length = bytes.capacity();
        for (int at = length - END_SIZE; at >= 0 && at >= length - END_SIZE - 0xFFFF; at--) {
            if (bytes.getInt(at) == END && at + END_SIZE + unsignedShort(at + 20) == length) {
                return at;
            }
        }
        throw damaged("its end record is missing");
    }

    private int readEntry(int at, int directory, Set<String> names) {
        if (bytes.getInt(at) != CENTRAL) {
            throw damaged("its directory has an unknown record");
        }
        int flags = unsignedShort(at + 8);
        int method = unsignedShort(at + 10);
        int nameLength = unsignedShort(at + 28);
        String name = name(at + CENTRAL_SIZE, nameLength, flags);
        String shown = InputLimits.excerpt(name);
        rejectUnsafe(name, shown);
        if (!names.add(name.toLowerCase(Locale.ROOT))) {
            throw malformed("The archive contains the entry " + shown + " more than once. Send each file once.");
        }
        long compressed = unsignedInt(at + 20);
        long begin = unsignedInt(at + 42);
        if ((flags & ENCRYPTED) != 0) {
            throw malformed("The entry " + shown + " is encrypted. Send an archive without a password.");
        }
        if (method != STORED && method != DEFLATED) {
            throw malformed(
                    "The entry " + shown + " uses compression method " + method + ". Use Deflate or no compression.");
        }
        if (begin + LOCAL_SIZE > directory || bytes.getInt((int) begin) != LOCAL) {
            throw damaged("the header of the entry " + shown + " is missing");
        }
        int local = (int) begin;
        int localName = unsignedShort(local + 26);
        long data = begin + LOCAL_SIZE + localName + unsignedShort(local + 28);
        if (data + compressed > directory
                || unsignedShort(local + 8) != method
                || !name(local + LOCAL_SIZE, localName, flags).equals(name)) {
            throw damaged("the header of the entry " + shown + " differs from the directory");
        }
        if (method == STORED && compressed != unsignedInt(at + 24)) {
            throw damaged("the entry " + shown + " has two different sizes");
        }
        entries.add(new Entry(name, method, bytes.getInt(at + 16), local, (int) data, (int) compressed));
        return at + CENTRAL_SIZE + nameLength + unsignedShort(at + 30) + unsignedShort(at + 32);
    }

    /** Reads a name. A name that is not UTF-8 is decoded as Latin-1, because the names of exports are ASCII. */
    private String name(int at, int length, int flags) {
        byte[] name = new byte[length];
        bytes.get(at, name);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            if ((flags & UNICODE) != 0) {
                throw damaged("the name of an entry is not UTF-8");
            }
            return new String(name, StandardCharsets.ISO_8859_1);
        }
    }

    private static void rejectUnsafe(String name, String shown) {
        boolean isUnsafe = name.isEmpty()
                || name.length() > MAXIMUM_NAME
                || name.startsWith("/")
                || name.indexOf('\\') >= 0
                || (name.length() > 1 && name.charAt(1) == ':');
        for (String segment : name.split("/", -1)) {
            isUnsafe |= segment.equals("..");
        }
        for (int i = 0; i < name.length(); i++) {
            isUnsafe |= Character.isISOControl(name.charAt(i));
        }
        if (isUnsafe) {
            throw malformed("The archive has an entry whose path may leave the archive: " + shown
                    + ". Use relative paths with slashes.");
        }
    }

    private void rejectOverlaps() {
        List<Entry> inOrder = new ArrayList<>(entries);
        inOrder.sort(Comparator.comparingInt(Entry::begin));
        for (int i = 1; i < inOrder.size(); i++) {
            if (inOrder.get(i).begin() < inOrder.get(i - 1).end()) {
                throw damaged("the entry " + InputLimits.excerpt(inOrder.get(i).name()) + " overlaps another one");
            }
        }
    }

    /**
     * Returns the content of an entry.
     *
     * @throws Refusal 400 {@code malformedArchive} if the entry is damaged or exceeds the limits
     */
    byte[] content(Entry entry) {
        byte[] content = entry.method() == STORED ? stored(entry) : inflate(entry);
        CRC32 crc = new CRC32();
        crc.update(content);
        if ((int) crc.getValue() != entry.crc()) {
            throw damaged("the checksum of the entry " + InputLimits.excerpt(entry.name()) + " is incorrect");
        }
        inflated += content.length;
        return content;
    }

    private byte[] stored(Entry entry) {
        byte[] content = new byte[entry.compressed()];
        bytes.get(entry.data(), content);
        return content;
    }

    private byte[] inflate(Entry entry) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes.array(), entry.data(), entry.compressed());
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            byte[] buffer = new byte[16_384];
            while (!inflater.finished()) {
                int length = inflater.inflate(buffer);
                if (length == 0 && !inflater.finished()) {
                    throw damaged("the entry " + InputLimits.excerpt(entry.name()) + " is truncated");
                }
                content.write(buffer, 0, length);
                rejectTooLarge(entry, content.size());
            }
            return content.toByteArray();
        } catch (DataFormatException e) {
            throw damaged("the entry " + InputLimits.excerpt(entry.name()) + " cannot be inflated");
        } finally {
            inflater.end();
        }
    }

    private void rejectTooLarge(Entry entry, int size) {
        boolean isBomb = size > RATIO_APPLIES && size > (long) MAXIMUM_RATIO * entry.compressed();
        if (isBomb || size > MAXIMUM_ENTRY || inflated + size > MAXIMUM_TOTAL) {
            throw malformed("The entry " + InputLimits.excerpt(entry.name()) + " is too large when inflated: at most "
                    + MAXIMUM_ENTRY + " bytes, " + MAXIMUM_RATIO + " times its compressed size and " + MAXIMUM_TOTAL
                    + " bytes of all entries together are allowed. Export fewer components.");
        }
    }

    private int unsignedShort(int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private long unsignedInt(int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }

    private static Refusal damaged(String reason) {
        return malformed("The archive is damaged: " + reason + ". Export it and send it again.");
    }

    private static Refusal malformed(String message) {
        return Refusal.invalid("malformedArchive", "", message);
    }
}
