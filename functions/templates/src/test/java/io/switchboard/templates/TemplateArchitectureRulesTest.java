package io.switchboard.templates;

import io.switchboard.ArchitectureRules;
import java.util.Set;

final class TemplateArchitectureRulesTest extends ArchitectureRules {
    @Override
    protected Set<String> ownPackages() {
        return Set.of("io.switchboard.templates");
    }
}
