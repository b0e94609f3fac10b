package io.switchboard.callrecords.notifications;

import io.switchboard.text.PercentEncoding;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Where a subscriber is told. Whatever stands here is read once, and what was read is what is connected to: no other parser gets
 * to see the text.
 *
 * @param text as it was sent
 * @param uri absolute and in ASCII, with a host; without user info and fragment
 */
public record NotificationUrl(String text, URI uri) {
    /** In characters. */
    public static final int LONGEST = 2_048;

    private static final int LARGEST_PORT = 65_535;
    private static final Pattern LITERAL = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    /**
     * What some resolver or other takes for a number, and so the host for an address in disguise: 127.1, 0x7f000001,
     * 017700000001.
     */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    /** What a text turned out to be. */
    public sealed interface ParseResult {
        /** A URL that may be asked whether it wants to be told. */
        record Valid(NotificationUrl url) implements ParseResult {}

        /**
         * None.
         *
         * @param why what it must be, as the end of a sentence that begins with the member's name
         */
        record Invalid(String why) implements ParseResult {}
    }

    /**
     * Reads a text.
     *
     * @param arePrivateAllowed whether plain http and addresses inside a network will do
     */
    public static ParseResult read(String text, boolean arePrivateAllowed) {
        if (text.length() > LONGEST) {
            return new ParseResult.Invalid("has " + text.length() + " characters; at most " + LONGEST + " are allowed");
        }
        URI uri;
        try {
            // As it is sent: other letters than ASCII's are encoded from here on.
            uri = new URI(new URI(text).toASCIIString());
        } catch (URISyntaxException e) {
            return new ParseResult.Invalid("is not a URL. Send one such as https://example.com/notifications");
        }
        String scheme = String.valueOf(uri.getScheme());
        boolean isHttp = arePrivateAllowed && scheme.equalsIgnoreCase("http");
        if (!isHttp && !scheme.equalsIgnoreCase("https")) {
            return new ParseResult.Invalid("must begin with https://");
        }
        if (uri.getRawUserInfo() != null) {
            return new ParseResult.Invalid("must not name a user: remove the part before the @");
        }
        if (uri.getRawFragment() != null) {
            return new ParseResult.Invalid("must not have a fragment: remove the # and the part behind it");
        }
        if (uri.getHost() == null || isDisguised(uri.getHost())) {
            return new ParseResult.Invalid("must have a host name in ASCII letters, digits, hyphens and dots,"
                    + " or an IP address in its usual form");
        }
        if (uri.getPort() == 0 || uri.getPort() > LARGEST_PORT) {
            return new ParseResult.Invalid("must have a port from 1 to " + LARGEST_PORT + ", or none");
        }
        if (!arePrivateAllowed && isLiteral(uri.getHost()) && !isPublicLiteral(uri.getHost())) {
            return new ParseResult.Invalid("must have a public address: private, loopback, link-local, shared and other"
                    + " special-purpose ones are refused");
        }
        return new ParseResult.Valid(new NotificationUrl(text, uri));
    }

    private static boolean isDisguised(String host) {
        if (host.startsWith("[")) {
            // Which interface an address is behind is nobody's business but this machine's.
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
            // Asks nobody: it is an address already.
            return PublicAddress.is(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The same URL with one more query option, its value encoded. */
    URI with(String name, String value) {
        String before = uri.getRawQuery() == null ? "?" : uri.getRawQuery().isEmpty() ? "" : "&";
        return URI.create(uri + before + name + "=" + PercentEncoding.ofValue(value));
    }
}
