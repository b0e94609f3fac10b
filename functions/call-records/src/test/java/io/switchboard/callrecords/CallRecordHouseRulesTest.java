package io.switchboard.callrecords;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.switchboard.HouseRules;
import io.switchboard.dynamodb.WriteLoop;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CallRecordHouseRulesTest extends HouseRules {
    private static final String OPERATIONS = "io.switchboard.callrecords";
    private static final String GRAPH = OPERATIONS + ".graph";
    private static final String MODEL = OPERATIONS + ".model";
    private static final String STORE = OPERATIONS + ".store";
    private static final String DATABASE = "io.switchboard.dynamodb";
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

    @Test
    void operations_know_no_database() {
        check(noClasses()
                .that()
                .resideInAPackage(OPERATIONS)
                .and()
                .doNotHaveSimpleName("CallRecordEnvironment")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DATABASE));
    }

    @Test
    void attempts_are_repeated_by_the_write_loop_only() {
        check(noClasses()
                .that()
                .resideInAPackage(OPERATIONS + "..")
                .and()
                .haveNameNotMatching(".*\\.(Batch|DynamoDbCallRecordStaging(\\$.*)?|DynamoDbCallRecordList)")
                .should()
                .callMethod(WriteLoop.class, "requireTime", String.class));
    }
}
