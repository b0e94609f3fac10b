package io.switchboard.templates;

import io.switchboard.HouseRules;
import java.util.Set;

final class TemplateHouseRulesTest extends HouseRules {
    @Override
    protected Set<String> ownPackages() {
        return Set.of("io.switchboard.templates");
    }
}
