package io.switchboard.callrecords.notifications;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Recognises public internet addresses, after IANA's registries of special-purpose addresses (RFC 6890 and its
 * successors). If an IPv6 address embeds an IPv4 address, a router may forward to that address, so it must be public
 * too.
 */
final class PublicAddress {
    /**
     * IPv4 ranges that are not public: private, loopback, link-local, shared, documentation, benchmarks, relays,
     * multicast, reserved, broadcast.
     */
    private static final List<Range> NOT_PUBLIC = List.of(
            Range.of("0.0.0.0", 8),
            Range.of("10.0.0.0", 8),
            Range.of("100.64.0.0", 10),
            Range.of("127.0.0.0", 8),
            Range.of("169.254.0.0", 16),
            Range.of("172.16.0.0", 12),
            Range.of("192.0.0.0", 24),
            Range.of("192.0.2.0", 24),
            Range.of("192.88.99.0", 24),
            Range.of("192.168.0.0", 16),
            Range.of("198.18.0.0", 15),
            Range.of("198.51.100.0", 24),
            Range.of("203.0.113.0", 24),
            Range.of("224.0.0.0", 4),
            Range.of("240.0.0.0", 4));

    /**
     * The only IPv6 range that is allocated; unique local, site-local, link-local, multicast and other addresses are
     * outside it.
     */
    private static final Range GLOBAL_UNICAST = Range.of("2000::", 3);

    /**
     * Reserved ranges within it: IETF protocol assignments (benchmarks, ORCHID, …) and documentation. Teredo addresses
     * are judged by the IPv4 addresses they embed.
     */
    private static final List<Range> NOT_PUBLIC_UNICAST =
            List.of(Range.of("2001::", 23), Range.of("2001:db8::", 32), Range.of("3fff::", 20));

    private static final Range TEREDO = Range.of("2001::", 32);
    private static final Range SIX_TO_FOUR = Range.of("2002::", 16);
    private static final Range IPV4_MAPPED = Range.of("::ffff:0:0", 96);
    private static final Range IPV4_TRANSLATED = Range.of("::ffff:0:0:0", 96);
    private static final Range IPV4_COMPATIBLE = Range.of("::", 96);
    private static final Range NAT64 = Range.of("64:ff9b::", 96);

    private static final int TEREDO_SERVER = 4;
    private static final int SIX_TO_FOUR_ROUTER = 2;
    private static final int LAST = 12;
    /** The offset of an ISATAP interface id (RFC 5214), which embeds an IPv4 address in any network. */
    private static final int ISATAP = 8;

    private PublicAddress() {}

    /** Returns true if an address is public. */
    static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] bytes) {
        return NOT_PUBLIC.stream().noneMatch(range -> range.holds(bytes));
    }

    private static boolean isPublic6(byte[] bytes) {
        if (IPV4_MAPPED.holds(bytes) || IPV4_TRANSLATED.holds(bytes) || NAT64.holds(bytes)) {
            return isPublic4(embedded(bytes, LAST, 0));
        }
        if (IPV4_COMPATIBLE.holds(bytes)) {
            // This includes :: and ::1, whose embedded IPv4 addresses are in 0.0.0.0/8.
            return isPublic4(embedded(bytes, LAST, 0));
        }
        if (!GLOBAL_UNICAST.holds(bytes)) {
            return false;
        }
        if (TEREDO.holds(bytes)) {
            return isPublic4(embedded(bytes, TEREDO_SERVER, 0)) && isPublic4(embedded(bytes, LAST, 0xFF));
        }
        if (SIX_TO_FOUR.holds(bytes) && !isPublic4(embedded(bytes, SIX_TO_FOUR_ROUTER, 0))) {
            return false;
        }
        if (isIsatap(bytes) && !isPublic4(embedded(bytes, LAST, 0))) {
            return false;
        }
        return NOT_PUBLIC_UNICAST.stream().noneMatch(range -> range.holds(bytes));
    }

    private static boolean isIsatap(byte[] bytes) {
        // The second bit of the first byte marks a globally unique IPv4 address; both forms are ISATAP.
        return (bytes[ISATAP] & 0xFD) == 0
                && bytes[ISATAP + 1] == 0
                && bytes[ISATAP + 2] == 0x5E
                && (bytes[ISATAP + 3] & 0xFF) == 0xFE;
    }

    /**
     * Returns the IPv4 address inside an IPv6 address.
     *
     * @param mask each byte of the address is XORed with it
     */
    private static byte[] embedded(byte[] bytes, int offset, int mask) {
        byte[] found = new byte[4];
        for (int i = 0; i < found.length; i++) {
            found[i] = (byte) (bytes[offset + i] ^ mask);
        }
        return found;
    }

    /**
     * Addresses that begin with the same bits. {@code InetAddress} is not used to parse them, because it converts
     * mapped addresses to IPv4.
     *
     * @param first the first address, as unsigned bytes
     * @param bits the length of the prefix
     */
    private record Range(List<Integer> first, int bits) {
        static Range of(String address, int bits) {
            return new Range(address.contains(":") ? six(address) : four(address), bits);
        }

        private static List<Integer> four(String address) {
            return Arrays.stream(address.split("\\.", -1)).map(Integer::valueOf).toList();
        }

        private static List<Integer> six(String address) {
            List<Integer> bytes = new ArrayList<>();
            int gap = address.indexOf("::");
            List<Integer> before = groups(address.substring(0, gap));
            List<Integer> after = groups(address.substring(gap + 2));
            bytes.addAll(before);
            for (int i = before.size() + after.size(); i < 16; i++) {
                bytes.add(0);
            }
            bytes.addAll(after);
            return bytes;
        }

        private static List<Integer> groups(String text) {
            List<Integer> bytes = new ArrayList<>();
            for (String group : text.split(":", -1)) {
                if (!group.isEmpty()) {
                    int value = Integer.parseInt(group, 16);
                    bytes.add(value >> 8);
                    bytes.add(value & 0xFF);
                }
            }
            return bytes;
        }

        boolean holds(byte[] address) {
            if (address.length != first.size()) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (first.get(bit / 8) & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
