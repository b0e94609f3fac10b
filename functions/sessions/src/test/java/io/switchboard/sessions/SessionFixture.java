package io.switchboard.sessions;

import static java.util.Objects.requireNonNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.Refusal;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.storage.Precondition;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.template.store.DynamoDbProfileAssignments;
import io.switchboard.template.store.DynamoDbTemplateReader;
import io.switchboard.template.store.DynamoDbTemplateStore;
import io.switchboard.template.store.TemplateStore;
import io.switchboard.testing.EventBusServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;

/** Both functions on separate tables, with a unique user. */
final class SessionFixture {
    static final String CASE = "case_entity_session_default_template";
    static final String INCIDENT =
            "[[\"entityName\", \"incident\"], [\"entityId\", \"fac04293-1ab0-eb11-8236-000d3a5c49ed\"]]";
    static final Map<String, Object> CALL =
            Map.of("templateName", "CallSessionTemplate", "templateParameters", Map.of("customer", "Contoso"));

    /** Separates the data of two test classes that run in parallel, each in one thread. */
    private static final ThreadLocal<Tables> TABLES = ThreadLocal.withInitial(Tables::new);

    final Tables tables;
    final Map<String, String> environment;
    final CreateSession create;
    final ManageSessions manage;
    final String user = "user-" + UUID.randomUUID();
    final String tenant = "tenant-" + UUID.randomUUID();

    SessionFixture() {
        this(TABLES.get(), TABLES.get().environment());
    }

    /** Creates a fixture with one additional environment variable. */
    SessionFixture(String name, String value) {
        this(TABLES.get(), TABLES.get().environment(name, value));
    }

    /** Creates a fixture with this environment and one additional variable. */
    SessionFixture(Map<String, String> environment, String name, String value) {
        this(TABLES.get(), with(environment, name, value));
    }

    /** Creates a fixture that publishes on this bus, with one additional environment variable. */
    SessionFixture(EventBusServer bus, String name, String value) {
        this(TABLES.get(), with(with(bus.environment(), TABLES.get().environment()), name, value));
    }

    private static Map<String, String> with(Map<String, String> environment, Map<String, String> more) {
        Map<String, String> changed = new java.util.HashMap<>(environment);
        changed.putAll(more);
        return changed;
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> changed = new java.util.HashMap<>(environment);
        changed.put(name, value);
        return changed;
    }

    private SessionFixture(Tables tables, Map<String, String> environment) {
        this.tables = tables;
        this.environment = environment;
        create = new CreateSession(environment);
        manage = new ManageSessions(environment);
    }

    ApiEvent event(String method, String path) {
        return ApiEvent.of(method, path).user(user).claim("tid", tenant);
    }

    ApiEvent post(Object body) {
        return event("POST", "/sessions").body(body);
    }

    FunctionResponse create(Object body) {
        return post(body).sendTo(create);
    }

    /** Creates a session and returns its id. */
    String session() {
        return create(CALL).is(201).text("sessionId");
    }

    FunctionResponse get(String path) {
        return event("GET", path).sendTo(manage);
    }

    /** Creates a session in the background and returns its id. */
    String backgroundSession() {
        return create(Map.of("templateName", "CallSessionTemplate", "isFocused", false))
                .is(201)
                .text("sessionId");
    }

    /** Returns a request without a body. */
    FunctionResponse act(String path) {
        return event("POST", path).sendTo(manage);
    }

    FunctionResponse act(String path, Object body) {
        return event("POST", path).body(body).sendTo(manage);
    }

    /** A backend moves a session of the user to another user at once. */
    ApiEvent handOver(String id, String to) {
        return ApiEvent.of("POST", "/users/" + user + "/sessions/" + id + "/handOver")
                .backend("Sessions.ReadWrite.All")
                .claim("tid", tenant)
                .body(Map.of("userId", to, "immediate", true));
    }

    FunctionResponse patch(String path, Object body) {
        return event("PATCH", path).body(body).sendTo(manage);
    }

    FunctionResponse delete(String path) {
        return event("DELETE", path).sendTo(manage);
    }

    FunctionResponse close(String id) {
        return event("POST", "/sessions/" + id + "/close").sendTo(manage);
    }

    /** Returns a function with this clock and this cache time of templates. */
    CreateSession function(Duration cacheAge, InstantSource clock) {
        DynamoDbSessionStore store = new DynamoDbSessionStore(
                new DynamoDb(tables.client()),
                requireNonNull(environment.get("SESSIONS_TABLE")),
                new SessionLimits(100, Duration.ofHours(24), Duration.ofDays(30)));
        TemplateAccess access = new TemplateAccess(
                new DynamoDbTemplateReader(
                        new DynamoDb(tables.client()), requireNonNull(environment.get("TEMPLATES_TABLE"))),
                BuiltInTemplates.load(),
                cacheAge);
        return new CreateSession(
                new SessionFactory(access, store, store, RecordSources.NONE), ApiSettings.of(environment), clock, null);
    }

    TemplateStore templates() {
        return new DynamoDbTemplateStore(
                new DynamoDb(tables.client()),
                requireNonNull(environment.get("TEMPLATES_TABLE")),
                BuiltInTemplates.load());
    }

    void assign(String appProfile, String userId) {
        new DynamoDbProfileAssignments(
                        new DynamoDb(tables.client()), requireNonNull(environment.get("TEMPLATES_TABLE")))
                .assign(tenant, appProfile, userId, "administrator", Instant.now());
    }

    void store(TemplateKind kind, String json) {
        templates().create(tenant, template(kind, json), null, "administrator", Instant.now());
    }

    void replace(TemplateKind kind, String json) {
        templates().replace(tenant, template(kind, json), Precondition.NONE, "administrator", Instant.now());
    }

    void delete(TemplateKind kind, String uniqueName) {
        templates().delete(tenant, kind, uniqueName, Precondition.NONE, Instant.now());
    }

    private static Template template(TemplateKind kind, String json) {
        Violations violations = new Violations();
        Template template = TemplateJson.read(kind, new ObjectReader(Json.readOwn(json), "", violations));
        Refusal.ifAny(violations);
        return template;
    }
}
