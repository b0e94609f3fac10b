package io.switchboard.templates;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.PrimingRequest;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.identity.Permission;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.catalog.TemplateCatalog;
import io.switchboard.template.store.DynamoDbImportStore;
import io.switchboard.template.store.DynamoDbProfileAssignments;
import io.switchboard.template.store.DynamoDbTemplateReader;
import io.switchboard.template.store.DynamoDbTemplateStore;
import io.switchboard.template.store.SessionTemplateReader;
import io.switchboard.template.store.TemplateReader;
import io.switchboard.template.store.TemplateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Creates, reads, lists, replaces and deletes templates of every kind. */
public final class ManageTemplates extends ApiFunction {
    private static final Permission[] READERS = {Permission.TEMPLATES_READ, Permission.TEMPLATES_READ_WRITE};
    /** An agent's desk shows the notification, so every permission to read sessions includes rendering. */
    private static final Permission[] NOTIFIERS = {
        Permission.TEMPLATES_READ,
        Permission.TEMPLATES_READ_WRITE,
        Permission.SESSIONS_READ,
        Permission.SESSIONS_READ_WRITE,
        Permission.SESSIONS_READ_WRITE_PROVIDER,
        Permission.SESSIONS_READ_WRITE_ALL
    };

    private static final Permission[] USERS = {
        Permission.SESSIONS_READ,
        Permission.SESSIONS_READ_WRITE,
        Permission.SESSIONS_READ_WRITE_PROVIDER,
        Permission.SESSIONS_READ_WRITE_ALL
    };

    private static final Permission[] WRITERS = {Permission.TEMPLATES_READ_WRITE};

    private static final String USER = "priming";
    private static final int PRIMING_TEMPLATES = 20;

    private final TemplateReader reader;
    private final Map<String, String> environment;
    private final String table;
    private final BuiltInTemplates builtIn;

    /** Creates the function in the environment of Lambda. */
    public ManageTemplates() {
        this(System.getenv());
    }

    /** Creates the function with these environment variables. */
    public ManageTemplates(Map<String, String> environment) {
        this(
                environment,
                new DynamoDb(Wiring.client(environment)),
                Wiring.required(environment, "TEMPLATES_TABLE"),
                BuiltInTemplates.load());
        registerForSnapshots(environment);
    }

    private ManageTemplates(
            Map<String, String> environment, DynamoDb dynamoDb, String table, BuiltInTemplates builtIn) {
        super(routes(dynamoDb, table, builtIn), ApiSettings.of(environment), InstantSource.system());
        this.reader = new DynamoDbTemplateReader(dynamoDb, table);
        this.environment = Map.copyOf(environment);
        this.table = table;
        this.builtIn = builtIn;
    }

    /**
     * Loads and compiles the code of the most frequent requests, with templates that are not stored. A read of the real
     * table opens the connection.
     */
    @Override
    protected void prime() {
        ManageTemplates notStored =
                new ManageTemplates(environment, new DynamoDb(Wiring.primingClient(environment)), table, builtIn);
        for (int round = 0; round < PRIMING_ROUNDS; round++) {
            String name = "priming_" + round % PRIMING_TEMPLATES;
            String template = """
                    {"uniqueName":"%s","name":"Priming","type":"generic","title":"{customer}",
                    "communicationPanelMode":"docked","anchorTab":"msdyn_omnichannel_kbsearch",
                    "parameterDefinitions":[{"name":"customer","type":"string"}]}""".formatted(name);
            prime(notStored, new PrimingRequest(USER, "POST", "/sessionTemplates", template));
            prime(notStored, new PrimingRequest(USER, "GET", "/sessionTemplates?$top=100", ""));
            prime(notStored, new PrimingRequest(USER, "GET", "/sessionTemplates?$top=1", ""));
            prime(notStored, new PrimingRequest(USER, "GET", "/sessionTemplates/" + name, ""));
        }
        reader.read("priming", TemplateKind.SESSION_TEMPLATE, "priming", Instant.EPOCH);
    }

    private static RouteTable routes(DynamoDb dynamoDb, String table, BuiltInTemplates builtIn) {
        TemplateStore store = new DynamoDbTemplateStore(dynamoDb, table, builtIn);
        SessionTemplateReader reader = new DynamoDbTemplateReader(dynamoDb, table);
        TemplateCatalog catalog = new TemplateCatalog(reader, builtIn);
        List<Route> routes = new ArrayList<>();
        for (TemplateKind kind : TemplateKind.values()) {
            TemplateOperations operations = new TemplateOperations(kind, store, catalog);
            String collection = "/" + kind.collection();
            String one = collection + "/{uniqueName}";
            routes.add(Route.of("GET", collection, operations::list, READERS));
            routes.add(Route.of("POST", collection, operations::create, WRITERS));
            routes.add(Route.of("GET", one, operations::read, READERS));
            routes.add(Route.of("PUT", one, operations::replace, WRITERS));
            routes.add(Route.of("PATCH", one, operations::patch, WRITERS));
            routes.add(Route.of("DELETE", one, operations::delete, WRITERS));
            routes.add(Route.of("POST", one + "/clone", operations::copy, WRITERS));
            routes.add(Route.of("GET", one + "/versions", operations::versions, READERS));
            routes.add(Route.of("GET", one + "/versions/{version}", operations::version, READERS));
            routes.add(Route.of("POST", one + "/versions/{version}/restore", operations::restore, WRITERS));
        }
        AppProfileUserOperations users =
                new AppProfileUserOperations(new DynamoDbProfileAssignments(dynamoDb, table), catalog);
        routes.add(Route.of("GET", "/appProfiles/{uniqueName}/users", users::list, READERS));
        routes.add(Route.of("PUT", "/appProfiles/{uniqueName}/users/{userId}", users::assign, WRITERS));
        routes.add(Route.of("DELETE", "/appProfiles/{uniqueName}/users/{userId}", users::unassign, WRITERS));
        TemplateExport export = new TemplateExport(reader, builtIn);
        routes.add(Route.of("GET", "/templates/export", export::export, READERS));
        TemplateImport imports = new TemplateImport(new DynamoDbImportStore(dynamoDb, table, builtIn), builtIn);
        routes.add(Route.of("POST", "/templates/import", imports::importTemplates, WRITERS));
        NotificationOperations notifications = new NotificationOperations(catalog);
        routes.add(Route.of("POST", "/notificationTemplates/{uniqueName}/render", notifications::render, NOTIFIERS));
        // Not cached, so that administrators see the effect of their changes at once.
        AppProfileOperations profiles = new AppProfileOperations(new TemplateAccess(reader, builtIn, Duration.ZERO));
        routes.add(Route.of("GET", "/me/appProfile", profiles::mine, USERS));
        return new RouteTable(routes);
    }
}
