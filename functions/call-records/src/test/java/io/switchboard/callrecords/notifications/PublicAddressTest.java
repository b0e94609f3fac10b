package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.Seed;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PublicAddressTest {
    private static final int EMBEDDED = 20_000;

    /** First and last addresses of the IPv4 ranges that are not public, written independently of the product. */
    private static final List<long[]> NOT_PUBLIC = List.of(
            range("0.0.0.0", "0.255.255.255"),
            range("10.0.0.0", "10.255.255.255"),
            range("100.64.0.0", "100.127.255.255"),
            range("127.0.0.0", "127.255.255.255"),
            range("169.254.0.0", "169.254.255.255"),
            range("172.16.0.0", "172.31.255.255"),
            range("192.0.0.0", "192.0.0.255"),
            range("192.0.2.0", "192.0.2.255"),
            range("192.88.99.0", "192.88.99.255"),
            range("192.168.0.0", "192.168.255.255"),
            range("198.18.0.0", "198.19.255.255"),
            range("198.51.100.0", "198.51.100.255"),
            range("203.0.113.0", "203.0.113.255"),
            range("224.0.0.0", "239.255.255.255"),
            range("240.0.0.0", "255.255.255.255"));

    @ParameterizedTest
    @CsvSource({
        "unspecified, 0.0.0.0, 0.255.255.255",
        "private, 10.0.0.0, 10.255.255.255",
        "shared, 100.64.0.0, 100.127.255.255",
        "loopback, 127.0.0.1, 127.255.255.255",
        "link-local, 169.254.0.0, 169.254.255.255",
        "metadata of the host, 169.254.169.254, 169.254.170.2",
        "private, 172.16.0.0, 172.31.255.255",
        "protocols, 192.0.0.0, 192.0.0.255",
        "documentation 1, 192.0.2.0, 192.0.2.255",
        "relays, 192.88.99.0, 192.88.99.255",
        "private, 192.168.0.0, 192.168.255.255",
        "benchmarks, 198.18.0.0, 198.19.255.255",
        "documentation 2, 198.51.100.0, 198.51.100.255",
        "documentation 3, 203.0.113.0, 203.0.113.255",
        "multicast, 224.0.0.0, 239.255.255.255",
        "reserved, 240.0.0.0, 255.255.255.254",
        "broadcast, 255.255.255.255, 255.255.255.255",
        "unspecified, ::, ::",
        "loopback, ::1, ::1",
        "discard, 100::, 100::ffff:ffff:ffff:ffff",
        "local NAT64, 64:ff9b:1::, 64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
        "protocols, 2001:1::, 2001:1ff:ffff::",
        "benchmarks, 2001:2::, 2001:2:0:ffff::",
        "ORCHID, 2001:10::, 2001:2f:ffff::",
        "documentation, 2001:db8::, 2001:db8:ffff::",
        "documentation, 3fff::, 3fff:fff:ffff::",
        "segment routing, 5f00::, 5f00:ffff::",
        "unique local, fc00::, fdff:ffff::",
        "metadata of the host, fd00:ec2::254, fd00:ec2::23",
        "link-local, fe80::, febf:ffff::",
        "site-local, fec0::, feff:ffff::",
        "multicast, ff00::, ffff:ffff::",
        "unallocated, 4000::, dfff:ffff::"
    })
    void special_purpose_addresses_are_not_public(String kind, String first, String last) throws Exception {
        assertThat(PublicAddress.is(InetAddress.getByName(first))).as(kind).isFalse();
        assertThat(PublicAddress.is(InetAddress.getByName(last))).as(kind).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.0.3.0",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "2000::1",
                "2001:200::1",
                "2001:db7:ffff::1",
                "2001:db9::1",
                "2003::1",
                "2606:4700:4700::1111",
                "2a00:1450:4001:830::200e",
                "3ffe::1",
                "3fff:1000::1"
            })
    void addresses_next_to_special_purpose_ranges_are_public(String address) throws Exception {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void ipv4_address_outside_all_ranges_is_public() throws Exception {
        SplittableRandom random = Seed.random("PublicAddressTest.ipv4");
        for (int i = 0; i < EMBEDDED; i++) {
            byte[] four = four(random);
            assertThat(PublicAddress.is(InetAddress.getByAddress(four)))
                    .as("%s", InetAddress.getByAddress(four))
                    .isEqualTo(isPublic(four));
        }
    }

    /** Covers every form of embedding: mapped, translated, compatible, NAT64, 6to4, Teredo (two addresses), ISATAP. */
    @Test
    void embedded_ipv4_address_must_be_public() throws Exception {
        SplittableRandom random = Seed.random("PublicAddressTest.embedded");
        for (int i = 0; i < EMBEDDED; i++) {
            byte[] four = four(random);
            byte[] other = four(random);
            boolean isPublic = isPublic(four);
            assertEmbedded("00000000000000000000ffff", four, "", isPublic);
            assertEmbedded("0000000000000000ffff0000", four, "", isPublic);
            assertEmbedded("000000000000000000000000", four, "", isPublic);
            assertEmbedded("0064ff9b0000000000000000", four, "", isPublic);
            assertEmbedded("2002", four, hex(random, 10), isPublic);
            assertEmbedded("2a001450" + hex(random, 4) + "00005efe", four, "", isPublic);
            assertEmbedded("2a001450" + hex(random, 4) + "02005efe", four, "", isPublic);
            byte[] obscured = other.clone();
            for (int j = 0; j < obscured.length; j++) {
                obscured[j] ^= (byte) 0xFF;
            }
            assertEmbedded("20010000", four, hex(random, 4) + hex(obscured), isPublic && isPublic(other));
            // Addresses in private networks are not public, whatever they embed.
            assertEmbedded("0064ff9b00010000" + hex(random, 4), four, "", false);
            assertEmbedded("fd00" + hex(random, 6) + "00005efe", four, "", false);
        }
    }

    private static void assertEmbedded(String before, byte[] four, String behind, boolean isPublic)
            throws UnknownHostException {
        byte[] six = java.util.HexFormat.of().parseHex(before + hex(four) + behind);
        // By bytes, so that a mapped address is not converted to IPv4.
        InetAddress address = Inet6Address.getByAddress(null, six, -1);
        assertThat(PublicAddress.is(address)).as("%s", address).isEqualTo(isPublic);
        assertThat(PublicAddress.is(InetAddress.getByAddress(six)))
                .as("%s", address)
                .isEqualTo(isPublic);
    }

    /** Half of the addresses are from the rejected ranges, which are the smaller part of all addresses. */
    private static byte[] four(SplittableRandom random) {
        long value;
        if (random.nextBoolean()) {
            long[] range = NOT_PUBLIC.get(random.nextInt(NOT_PUBLIC.size()));
            value = random.nextLong(range[0], range[1] + 1);
        } else {
            value = random.nextLong(1L << 32);
        }
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    private static boolean isPublic(byte[] four) {
        long value = value(four);
        return NOT_PUBLIC.stream().noneMatch(range -> range[0] <= value && value <= range[1]);
    }

    private static long value(byte[] four) {
        long value = 0;
        for (byte each : four) {
            value = value << 8 | (each & 0xFF);
        }
        return value;
    }

    private static long[] range(String first, String last) {
        return new long[] {value(bytes(first)), value(bytes(last))};
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    private static String hex(SplittableRandom random, int bytes) {
        byte[] some = new byte[bytes];
        random.nextBytes(some);
        // These interface ids must not look like ISATAP.
        some[0] |= 0x40;
        return hex(some);
    }
}
