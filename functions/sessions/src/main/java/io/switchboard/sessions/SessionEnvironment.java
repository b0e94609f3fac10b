package io.switchboard.sessions;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.eventbus.EventBridge;
import io.switchboard.http.ApiSettings;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbOfferStore;
import io.switchboard.session.store.DynamoDbPresenceStore;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.session.store.DynamoDbTabStates;
import io.switchboard.session.store.DynamoDbTabStates.TabId;
import io.switchboard.session.store.OfferDeadlines;
import io.switchboard.session.store.OfferStore;
import io.switchboard.session.store.SessionLimitSettings;
import io.switchboard.session.store.SessionStore;
import io.switchboard.session.store.TabStateStore;
import io.switchboard.sessions.push.PushEndpoints;
import io.switchboard.sessions.recordsource.ODataRecordSources;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.catalog.ApplicationTabTemplates;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.catalog.TemplatesOfKind;
import io.switchboard.template.store.DynamoDbTemplateReader;
import io.switchboard.template.store.SessionTemplateReader;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Creates the dependencies of the functions of this module from environment variables. */
final class SessionEnvironment {
    private static final int TEMPLATE_CACHE_SECONDS = 30;

    private final Map<String, String> environment;
    private final DynamoDb dynamoDb;
    private @Nullable EventBridge bus;

    SessionEnvironment(Map<String, String> environment) {
        this(environment, Wiring.client(environment));
    }

    private SessionEnvironment(Map<String, String> environment, DynamoDbClient client) {
        this.environment = environment;
        this.dynamoDb = new DynamoDb(client);
    }

    /** Returns the same environment with a store that remembers writes in memory only, for priming. */
    SessionEnvironment priming() {
        return new SessionEnvironment(environment, Wiring.primingClient(environment));
    }

    /** Returns the same environment with a store that rejects every write. */
    SessionEnvironment rejectingWrites() {
        return new SessionEnvironment(environment, Wiring.rejectingClient(environment));
    }

    /** Returns the bus of the stack. Its client is created when it is first requested. */
    EventBridge eventBus() {
        synchronized (this) {
            EventBridge created = bus == null ? EventBridge.of(environment) : bus;
            bus = created;
            return created;
        }
    }

    /** Returns the endpoints of push; empty if the stack has none. */
    Optional<PushEndpoints> pushEndpoints() {
        return PushEndpoints.of(environment);
    }

    ApiSettings apiSettings() {
        return ApiSettings.of(environment);
    }

    SessionStore sessionStore() {
        return new DynamoDbSessionStore(dynamoDb, Wiring.required(environment, "SESSIONS_TABLE"), sessionLimits());
    }

    OfferStore offerStore() {
        return new DynamoDbOfferStore(dynamoDb, Wiring.required(environment, "SESSIONS_TABLE"), sessionLimits());
    }

    TabStateStore tabStates() {
        return new DynamoDbTabStates(dynamoDb, Wiring.required(environment, "SESSIONS_TABLE"), sessionLimits());
    }

    /** Returns the removal of the states of tabs that have ended. */
    Consumer<Set<TabId>> removalOfTabStates() {
        String table = Wiring.required(environment, "SESSIONS_TABLE");
        return ended -> DynamoDbTabStates.remove(dynamoDb, table, ended);
    }

    private SessionLimits sessionLimits() {
        return SessionLimitSettings.of(environment);
    }

    /**
     * Returns the record sources for slugs that need a record; each request uses {@link RecordSources#of} its tenant.
     */
    RecordSources recordSources() {
        return ODataRecordSources.of(environment);
    }

    PresenceOperations presenceOperations() {
        return new PresenceOperations(
                new DynamoDbPresenceStore(dynamoDb, Wiring.required(environment, "SESSIONS_TABLE"), sessionLimits()),
                TemplatesOfKind.presenceStates(templateReader(), cacheAge()),
                templateAccess());
    }

    private TemplateAccess templateAccess() {
        return new TemplateAccess(templateReader(), BuiltInTemplates.loadForSessions(), cacheAge());
    }

    SessionFactory sessionFactory() {
        SessionStore store = sessionStore();
        return new SessionFactory(templateAccess(), store, store, recordSources());
    }

    OfferFactory offerFactory() {
        return new OfferFactory(TemplatesOfKind.notifications(templateReader(), cacheAge()), sessionFactory());
    }

    /** Returns the deadlines of offers, with the sessions of those that are accepted automatically. */
    OfferDeadlines automaticAccepts() {
        OfferStore store = offerStore();
        OfferFactory factory = offerFactory();
        return (tenant, id, now) -> store.resolve(tenant, id, factory.automatic(now), now);
    }

    /** Returns the application tab templates for tabs that are opened in existing sessions. */
    ApplicationTabTemplates applicationTabTemplates() {
        return new ApplicationTabTemplates(templateReader(), BuiltInTemplates.loadForSessions(), cacheAge());
    }

    private SessionTemplateReader templateReader() {
        return new DynamoDbTemplateReader(dynamoDb, Wiring.required(environment, "TEMPLATES_TABLE"));
    }

    private Duration cacheAge() {
        return Duration.ofSeconds(Wiring.number(environment, "TEMPLATE_CACHE_SECONDS", TEMPLATE_CACHE_SECONDS));
    }
}
