package io.switchboard.sessions;

import io.switchboard.HouseRules;
import java.util.Set;

final class SessionHouseRulesTest extends HouseRules {
    @Override
    protected Set<String> ownPackages() {
        return Set.of("io.switchboard.sessions", "io.switchboard.sessions.recordsource");
    }
}
