package io.switchboard.callrecords.notifications;

import io.switchboard.text.PercentEncoding;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * The URL of a subscriber's endpoint. The text is parsed once and the client connects to the parsed URI, so that no
 * second parser can read the text differently.
 *
 * @param text the URL as it was sent
 * @param uri absolute and in ASCII, with a host; without user info and fragment
 */
public record NotificationUrl(String text, URI uri) {
    /** The longest URL, in characters. */
    public static final int LONGEST = 2_048;

    private static final int LARGEST_PORT = 65_535;
    private static final Pattern LITERAL = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    /**
     * A label that some resolvers treat as a number, and so the host as a disguised address: 127.1, 0x7f000001,
     * 017700000001.
     */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    /** The result of parsing. */
    public sealed interface ParseResult {
        /** A URL that may be validated. */
        record Valid(NotificationUrl url) implements ParseResult {}

        /**
         * The text is not a permitted URL.
         *
         * @param why the reason, as the end of a sentence that begins with the property's name
         */
        record Invalid(String why) implements ParseResult {}
    }

    /**
     * Parses a URL.
     *
     * @param arePrivateAllowed whether plain http and private addresses are allowed
     */
    public static ParseResult read(String text, boolean arePrivateAllowed) {
        if (text.length() > LONGEST) {
            return new ParseResult.Invalid("has " + text.length() + " characters; at most " + LONGEST + " are allowed");
        }
        URI uri;
        try {
            // From here on the URI is in ASCII, as it is sent: other characters are encoded.
            uri = new URI(new URI(text).toASCIIString());
        } catch (URISyntaxException e) {
            return new ParseResult.Invalid("must be a URL, such as https://example.com/notifications");
        }
        String scheme = String.valueOf(uri.getScheme());
        boolean isHttp = arePrivateAllowed && scheme.equalsIgnoreCase("http");
        if (!isHttp && !scheme.equalsIgnoreCase("https")) {
            return new ParseResult.Invalid("must begin with https://");
        }
        if (uri.getRawUserInfo() != null) {
            return new ParseResult.Invalid("must not contain a user. Remove the part before the @");
        }
        if (uri.getRawFragment() != null) {
            return new ParseResult.Invalid("must not have a fragment. Remove the # and the part after it");
        }
        if (uri.getHost() == null || isDisguised(uri.getHost())) {
            return new ParseResult.Invalid("must have a host name in ASCII letters, digits, hyphens and dots,"
                    + " or an IP address in its usual form");
        }
        if (uri.getPort() == 0 || uri.getPort() > LARGEST_PORT) {
            return new ParseResult.Invalid("must have a port from 1 to " + LARGEST_PORT + ", or none");
        }
        if (!arePrivateAllowed && isLiteral(uri.getHost()) && !isPublicLiteral(uri.getHost())) {
            return new ParseResult.Invalid("must have a public address. Private, loopback, link-local, shared and other"
                    + " special-purpose addresses are rejected");
        }
        return new ParseResult.Valid(new NotificationUrl(text, uri));
    }

    private static boolean isDisguised(String host) {
        if (host.startsWith("[")) {
            // A zone id selects a network interface of this machine; callers must not select one.
            return host.contains("%");
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return NUMBER.matcher(name.substring(name.lastIndexOf('.') + 1)).matches()
                && !LITERAL.matcher(host).matches();
    }

    private static boolean isLiteral(String host) {
        return host.startsWith("[") || LITERAL.matcher(host).matches();
    }

    private static boolean isPublicLiteral(String host) {
        try {
            // No lookup: the host is already an address.
            return PublicAddress.is(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Returns the URL with one more query option, whose value is encoded. */
    URI with(String name, String value) {
        String before = uri.getRawQuery() == null ? "?" : uri.getRawQuery().isEmpty() ? "" : "&";
        return URI.create(uri + before + name + "=" + PercentEncoding.ofValue(value));
    }
}
