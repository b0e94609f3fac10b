package io.switchboard.acceptance.browser;

import java.util.List;
import java.util.UUID;

/**
 * The user of a window.
 *
 * @param provider the application that owns the windows
 * @param permissions the permissions of the token
 */
record Agent(String tenant, String user, String provider, List<String> permissions) {
    private static final List<String> ALL =
            List.of("Sessions.ReadWrite", "Templates.ReadWrite", "CallRecords.ReadWrite.All");

    /** Returns an agent of a new tenant, whose id is a GUID and so fits into a channel of push. */
    static Agent any() {
        return new Agent(UUID.randomUUID().toString(), "ada", "softphone", ALL);
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

    /** Returns the form fields for the issuer. */
    String form() {
        return "grant_type=client_credentials&tenant=%s&user=%s&provider=%s&scope=%s"
                .formatted(tenant, user, provider, String.join("+", permissions));
    }
}
