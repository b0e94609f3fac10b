package io.switchboard.sessions;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.switchboard.ArchitectureRules;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.session.store.SessionStore;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SessionArchitectureRulesTest extends ArchitectureRules {
    @Override
    protected Set<String> ownPackages() {
        return Set.of(
                "io.switchboard.sessions", "io.switchboard.sessions.push", "io.switchboard.sessions.recordsource");
    }

    /** The IAM statement of a function also has only these permissions. */
    @Test
    void operations_receive_only_the_part_of_the_store_that_they_use() {
        noClasses()
                .that()
                .resideInAPackage("io.switchboard.sessions")
                .and()
                .doNotBelongToAnyOf(ManageSessions.class, SessionEnvironment.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(SessionStore.class, DynamoDbSessionStore.class)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.switchboard.sessions"));
    }
}
