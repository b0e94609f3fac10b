package io.switchboard;

import java.util.Set;

final class HouseRulesTest extends HouseRules {
    @Override
    protected Set<String> ownPackages() {
        return Set.of(
                "io.switchboard.dynamodb",
                "io.switchboard.http",
                "io.switchboard.identity",
                "io.switchboard.session",
                "io.switchboard.template");
    }
}
