package io.switchboard.callrecords.notifications;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Names to addresses, each of them looked at: what comes out is what the client connects to, and it asks once for each
 * connection. So a name that says one address to whoever checks and another to whoever connects gets nowhere. Thread-safe.
 */
final class CheckedHosts implements DnsResolver {
    private final Lookup lookup;
    private final Predicate<InetAddress> isAllowed;

    CheckedHosts(Lookup lookup, Predicate<InetAddress> isAllowed) {
        this.lookup = lookup;
        this.isAllowed = isAllowed;
    }

    /** The addresses of a name. */
    @FunctionalInterface
    interface Lookup {
        /**
         * Looks it up.
         *
         * @throws UnknownHostException where it has none
         */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.addresses(host);
        for (InetAddress address : addresses) {
            if (!isAllowed.test(address)) {
                throw new RefusedAddress();
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        // What a name is called elsewhere is of no use here, and not worth a second question.
        return host;
    }

    /** A name has an address that is not allowed, be it beside others. */
    static final class RefusedAddress extends UnknownHostException {
        private static final long serialVersionUID = 1L;
    }
}
