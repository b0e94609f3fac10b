package io.switchboard.callrecords.notifications;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves host names and checks every address. The client resolves a name once per connection and connects to the
 * checked addresses, so a name cannot resolve to one address for the check and to another for the connection.
 * Thread-safe.
 */
final class CheckedHosts implements DnsResolver {
    private final Lookup lookup;
    private final Predicate<InetAddress> isAllowed;

    CheckedHosts(Lookup lookup, Predicate<InetAddress> isAllowed) {
        this.lookup = lookup;
        this.isAllowed = isAllowed;
    }

    /** Looks up the addresses of host names. */
    @FunctionalInterface
    interface Lookup {
        /**
         * Returns the addresses of a host.
         *
         * @throws UnknownHostException if it has none
         */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.addresses(host);
        for (InetAddress address : addresses) {
            if (!isAllowed.test(address)) {
                throw new ForbiddenAddress();
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        // The canonical name is not needed, so it is not looked up.
        return host;
    }

    /** At least one address of a name is not allowed. */
    static final class ForbiddenAddress extends UnknownHostException {
        private static final long serialVersionUID = 1L;
    }
}
