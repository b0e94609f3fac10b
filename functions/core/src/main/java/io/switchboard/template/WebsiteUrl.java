package io.switchboard.template;

/**
 * Addresses of third-party websites: https, with a literal host that no slug and no caller changes ({@code DESIGN.md} §4).
 */
final class WebsiteUrl {
    private static final String SCHEME = "https://";

    private WebsiteUrl() {}

    /** Whether a text begins with {@code https://} and a host, optionally with a port, and nothing else before the path. */
    static boolean hasLiteralHost(String url) {
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
        return host.chars().allMatch(c -> isLetterOrDigit(c) || c == '.' || c == '-')
                && port.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Whether both lead to the same host and port. */
    static boolean haveSameHost(String one, String other) {
        return hasLiteralHost(one) && hasLiteralHost(other) && authority(one).equalsIgnoreCase(authority(other));
    }

    /** Appends data to an address; where the address ends with its host, a slash keeps the data out of the host. */
    static String append(String url, String data) {
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

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
