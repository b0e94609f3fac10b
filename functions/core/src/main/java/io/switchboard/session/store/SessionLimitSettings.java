package io.switchboard.session.store;

import io.switchboard.dynamodb.Wiring;
import io.switchboard.session.SessionLimits;
import java.time.Duration;
import java.util.Map;

/** Reads the limits on sessions from the environment of a function. */
public final class SessionLimitSettings {
    private static final int SESSION_LIMIT = 10;
    private static final int SESSION_IDLE_HOURS = 24;
    private static final int CLOSED_SESSION_DAYS = 30;

    private SessionLimitSettings() {}

    /** Returns the limits. */
    public static SessionLimits of(Map<String, String> environment) {
        return new SessionLimits(
                Wiring.number(environment, "SESSION_LIMIT", SESSION_LIMIT),
                Duration.ofHours(Wiring.number(environment, "SESSION_IDLE_HOURS", SESSION_IDLE_HOURS)),
                Duration.ofDays(Wiring.number(environment, "CLOSED_SESSION_DAYS", CLOSED_SESSION_DAYS)),
                !"false".equals(environment.get("WRAP_UP_COUNTS")));
    }
}
