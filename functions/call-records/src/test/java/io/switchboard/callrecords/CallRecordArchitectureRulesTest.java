package io.switchboard.callrecords;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.switchboard.ArchitectureRules;
import io.switchboard.dynamodb.WriteLoop;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CallRecordArchitectureRulesTest extends ArchitectureRules {
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
    void model_store_and_notifications_do_not_depend_on_http_or_operations() {
        check(noClasses()
                .that()
                .resideInAnyPackage(MODEL, STORE, NOTIFICATIONS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(OPERATIONS, GRAPH, "io.switchboard.http"));
    }

    @Test
    void graph_does_not_depend_on_operations() {
        check(noClasses()
                .that()
                .resideInAPackage(GRAPH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(OPERATIONS, NOTIFICATIONS));
    }

    @Test
    void operations_do_not_depend_on_the_database() {
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
    void only_the_write_loop_repeats_attempts() {
        check(noClasses()
                .that()
                .resideInAPackage(OPERATIONS + "..")
                .and()
                .haveNameNotMatching(
                        ".*\\.(Batch|DynamoDbCallRecordStaging(\\$.*)?|DynamoDbTimeIndexes|DynamoDbCallRecordList)")
                .should()
                .callMethod(WriteLoop.class, "requireTime", String.class));
    }
}
