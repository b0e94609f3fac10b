package io.switchboard.callrecords;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.switchboard.HouseRules;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CallRecordHouseRulesTest extends HouseRules {
    private static final String OPERATIONS = "io.switchboard.callrecords";
    private static final String GRAPH = OPERATIONS + ".graph";
    private static final String MODEL = OPERATIONS + ".model";
    private static final String STORE = OPERATIONS + ".store";
    private static final String NOTIFICATIONS = OPERATIONS + ".notifications";

    @Override
    protected Set<String> ownPackages() {
        return Set.of(OPERATIONS, GRAPH, MODEL, STORE, NOTIFICATIONS);
    }

    @Test
    void model_store_and_notifications_know_neither_http_nor_operations() {
        check(noClasses()
                .that()
                .resideInAnyPackage(MODEL, STORE, NOTIFICATIONS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(OPERATIONS, GRAPH, "io.switchboard.http"));
    }

    @Test
    void graph_knows_no_operations() {
        check(noClasses()
                .that()
                .resideInAPackage(GRAPH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(OPERATIONS, NOTIFICATIONS));
    }
}
