package io.switchboard.slug;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Validates addresses of third-party websites: https, with a literal host without slugs. A caller's address must lead
 * to a host that the template allows ({@code docs/reference/templates.md}).
 */
public final class WebsiteUrl {
    /** The prefix that Dynamics 365 adds to the percent-encoded address when it stores the page of a tab. */
    public static final String COMPILED = "cif_thirdpartyurl";

    /** The longest host with a port, in characters. */
    public static final int MAXIMUM_AUTHORITY = 259;

    private static final String SCHEME = "https://";
    private static final int MAXIMUM_HOST = 253;
    private static final int MAXIMUM_LABEL = 63;
    private static final int MAXIMUM_PORT = 65_535;
    private static final int MAXIMUM_PORT_DIGITS = 5;
    private static final String PUNYCODE = "xn--";

    private WebsiteUrl() {}

    /**
     * Returns the requirement that an address with a literal host violates, as the end of a sentence; null for none.
     */
    public static @Nullable String requirement(String url) {
        if (isCompiled(url)) {
            return "the original address of the website, not the one that Dynamics 365 compiles from it";
        }
        return isAuthority(authority(url))
                ? null
                : "an address that a browser can open: a host name with labels of 1 to " + MAXIMUM_LABEL
                        + " characters or an IPv4 address such as 192.0.2.1, and a port from 1 to " + MAXIMUM_PORT;
    }

    /** Returns true if a text contains the prefix of an address compiled by Dynamics 365. */
    public static boolean isCompiled(String text) {
        for (int i = 0; i + COMPILED.length() <= text.length(); i++) {
            if (text.regionMatches(true, i, COMPILED, 0, COMPILED.length())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns true if a text begins with {@code https://} and a host, optionally with a port, and nothing else before
     * the path. Also accepts stored addresses from before the validation by {@link #requirement}.
     */
    public static boolean hasLiteralHost(String url) {
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        String authority = authority(url);
        int colon = authority.indexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        String port = colon < 0 ? "" : authority.substring(colon + 1);
        if (host.isEmpty() || host.startsWith(".") || host.startsWith("-") || (colon >= 0 && port.isEmpty())) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return isDigits(port);
    }

    /**
     * Returns true if a browser can open this host, optionally with a port: a DNS name (RFC 1123) or a dotted IPv4
     * address.
     */
    public static boolean isAuthority(String authority) {
        int colon = authority.indexOf(':');
        return colon < 0
                ? isHost(authority)
                : isHost(authority.substring(0, colon)) && isPort(authority.substring(colon + 1));
    }

    private static boolean isPort(String port) {
        if (port.isEmpty() || port.length() > MAXIMUM_PORT_DIGITS || !isDigits(port)) {
            return false;
        }
        int number = Integer.parseInt(port);
        return number >= 1 && number <= MAXIMUM_PORT;
    }

    private static boolean isHost(String host) {
        if (host.length() > MAXIMUM_HOST) {
            return false;
        }
        // A trailing dot marks a fully qualified name.
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        int begin = 0;
        int labels = 0;
        String last = "";
        while (begin <= name.length()) {
            int dot = name.indexOf('.', begin);
            int end = dot < 0 ? name.length() : dot;
            last = name.substring(begin, end);
            if (!isLabel(last)) {
                return false;
            }
            labels++;
            begin = end + 1;
        }
        // Browsers read a host whose last label is a number as an IPv4 address
        // (https://url.spec.whatwg.org/#ends-in-a-number-checker).
        return !isNumber(last) || (labels == 4 && !host.endsWith(".") && isDottedAddress(name));
    }

    private static boolean isLabel(String label) {
        if (label.isEmpty() || label.length() > MAXIMUM_LABEL || label.startsWith("-") || label.endsWith("-")) {
            return false;
        }
        for (int i = 0; i < label.length(); i++) {
            if (!isLetterOrDigit(label.charAt(i)) && label.charAt(i) != '-') {
                return false;
            }
        }
        // An encoded label (RFC 5891) is longer than its prefix.
        return !label.equalsIgnoreCase(PUNYCODE);
    }

    /**
     * Returns true if a label is decimal digits, or {@code 0x} and any number of hexadecimal digits, including none.
     */
    private static boolean isNumber(String label) {
        if (!label.startsWith("0x") && !label.startsWith("0X")) {
            return isDigits(label);
        }
        for (int i = 2; i < label.length(); i++) {
            if (Character.digit(label.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns true if a name is four numbers from 0 to 255. Leading zeros are rejected, because browsers read them as
     * octal.
     */
    private static boolean isDottedAddress(String name) {
        for (String part : List.of(name.split("\\.", -1))) {
            if (part.length() > 3
                    || !isDigits(part)
                    || (part.length() > 1 && part.charAt(0) == '0')
                    || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** Returns true if both addresses lead to the same host and port. */
    public static boolean haveSameHost(String one, String other) {
        return hasLiteralHost(one) && hasLiteralHost(other) && authority(one).equalsIgnoreCase(authority(other));
    }

    /** Returns true if an address leads to one of these hosts. */
    public static boolean isOnOneOf(List<String> authorities, String url) {
        if (!hasLiteralHost(url)) {
            return false;
        }
        for (String authority : authorities) {
            if (withoutDefaultPort(authority).equalsIgnoreCase(withoutDefaultPort(authority(url)))) {
                return true;
            }
        }
        return false;
    }

    private static String withoutDefaultPort(String authority) {
        return authority.endsWith(":443") ? authority.substring(0, authority.length() - ":443".length()) : authority;
    }

    /** Returns true if a browser can open a resolved address. */
    public static boolean isOpenable(String url) {
        return hasLiteralHost(url) && isAuthority(authority(url));
    }

    /** Appends data to an address. If the address ends with its host, a slash separates the data from the host. */
    public static String append(String url, String data) {
        boolean endsWithHost = url.length() == SCHEME.length() + authority(url).length();
        return endsWithHost && !data.isEmpty() && !data.startsWith("/") ? url + "/" + data : url + data;
    }

    private static String authority(String url) {
        int end = SCHEME.length();
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return url.substring(Math.min(SCHEME.length(), url.length()), end);
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
