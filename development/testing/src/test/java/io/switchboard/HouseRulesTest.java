package io.switchboard;

import java.util.Set;

final class HouseRulesTest extends HouseRules {
    @Override
    protected Set<String> ownPackages() {
        return Set.of(
                "io.switchboard.dynamodb",
                "io.switchboard.http",
                "io.switchboard.json",
                "io.switchboard.recordsource",
                "io.switchboard.runtime",
                "io.switchboard.session",
                "io.switchboard.session.resolve",
                "io.switchboard.session.store",
                "io.switchboard.slug",
                "io.switchboard.storage",
                "io.switchboard.template",
                "io.switchboard.template.builtin",
                "io.switchboard.template.catalog",
                "io.switchboard.template.json",
                "io.switchboard.template.store",
                "io.switchboard.text",
                "io.switchboard.identity");
    }
}
