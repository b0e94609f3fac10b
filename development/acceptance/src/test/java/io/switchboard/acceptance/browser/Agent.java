package io.switchboard.acceptance.browser;

import java.util.List;
import java.util.UUID;

/**
 * Who sits at a window.
 *
 * @param provider the application the windows belong to
 * @param permissions of the token
 */
record Agent(String tenant, String user, String provider, List<String> permissions) {
    private static final List<String> ALL =
            List.of("Sessions.ReadWrite", "Templates.ReadWrite", "CallRecords.ReadWrite.All");

    /** Of a tenant that nobody else has. */
    static Agent any() {
        return new Agent("tenant-" + UUID.randomUUID(), "ada", "softphone", ALL);
    }

    Agent colleague(String name) {
        return new Agent(tenant, name, provider, permissions);
    }

    Agent with(String... others) {
        return new Agent(tenant, user, provider, List.of(others));
    }

    Agent of(String otherProvider) {
        return new Agent(tenant, user, otherProvider, permissions);
    }

    /** The fields of the issuer's form. */
    String form() {
        return "grant_type=client_credentials&tenant=%s&user=%s&provider=%s&scope=%s"
                .formatted(tenant, user, provider, String.join("+", permissions));
    }
}
