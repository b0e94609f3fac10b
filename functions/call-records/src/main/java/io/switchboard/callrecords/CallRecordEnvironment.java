package io.switchboard.callrecords;

import io.switchboard.callrecords.notifications.DynamoDbSubscriptionStore;
import io.switchboard.callrecords.notifications.NotificationSender;
import io.switchboard.callrecords.notifications.SubscriptionStore;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.callrecords.store.DynamoDbLogRows;
import io.switchboard.callrecords.store.LogRowStore;
import io.switchboard.callrecords.store.RecordLimits;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.http.ApiSettings;
import io.switchboard.session.store.DynamoDbOfferStore;
import io.switchboard.session.store.DynamoDbPresenceStore;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.session.store.OfferDeadlines;
import io.switchboard.session.store.PresenceDeadlines;
import io.switchboard.session.store.SessionLimitSettings;
import io.switchboard.session.store.WrapUpDeadlines;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Creates the parts of this module's functions from their environment. */
final class CallRecordEnvironment {
    private static final int CALL_RECORD_DAYS = 30;

    private final Map<String, String> environment;
    private final DynamoDb dynamoDb;

    CallRecordEnvironment(Map<String, String> environment) {
        this(environment, Wiring.client(environment));
    }

    private CallRecordEnvironment(Map<String, String> environment, DynamoDbClient client) {
        this.environment = environment;
        this.dynamoDb = new DynamoDb(client);
    }

    /** Returns the same environment with a store that remembers writes in memory only, for priming. */
    CallRecordEnvironment priming() {
        return new CallRecordEnvironment(environment, Wiring.primingClient(environment));
    }

    ApiSettings apiSettings() {
        return ApiSettings.of(environment);
    }

    DynamoDbCallRecordStore callRecordStore() {
        return new DynamoDbCallRecordStore(dynamoDb, table(), limits());
    }

    LogRowStore logRowStore() {
        return new DynamoDbLogRows(dynamoDb, table(), limits());
    }

    private RecordLimits limits() {
        return new RecordLimits(
                Duration.ofDays(Wiring.number(environment, "CALL_RECORD_DAYS", CALL_RECORD_DAYS)),
                "true".equals(environment.get("CALL_RECORD_MUST_EXIST")));
    }

    SubscriptionOperations subscriptionOperations() {
        return new SubscriptionOperations(subscriptionStore(), NotificationSender.of(environment));
    }

    /** Returns the deadlines of offers to users, in the table of sessions. */
    OfferDeadlines offerDeadlines() {
        return DynamoDbOfferStore.deadlines(dynamoDb, Wiring.required(environment, "SESSIONS_TABLE"));
    }

    /** Returns the deadlines of the presence of users, in the table of sessions. */
    PresenceDeadlines presenceDeadlines() {
        return DynamoDbPresenceStore.deadlines(dynamoDb, Wiring.required(environment, "SESSIONS_TABLE"));
    }

    /** Returns the deadlines of sessions in wrap-up. */
    WrapUpDeadlines wrapUpDeadlines() {
        return new DynamoDbSessionStore(
                dynamoDb, Wiring.required(environment, "SESSIONS_TABLE"), SessionLimitSettings.of(environment));
    }

    SubscriptionStore subscriptionStore() {
        return new DynamoDbSubscriptionStore(dynamoDb, table());
    }

    private String table() {
        return Wiring.required(environment, "CALL_RECORDS_TABLE");
    }
}
