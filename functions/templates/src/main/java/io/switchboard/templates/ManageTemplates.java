package io.switchboard.templates;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.identity.Permission;
import io.switchboard.template.BuiltInTemplates;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.catalog.AppProfiles;
import io.switchboard.template.catalog.TemplateCatalog;
import io.switchboard.template.store.DynamoDbTemplateStore;
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
    /** An agent's desk raises the toast: who may see sessions may render it. */
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

    private final TemplateStore store;

    /** The function as Lambda starts it. */
    public ManageTemplates() {
        this(System.getenv());
    }

    /** The function in this environment. */
    public ManageTemplates(Map<String, String> environment) {
        this(environment, BuiltInTemplates.load());
        registerForSnapshots();
    }

    private ManageTemplates(Map<String, String> environment, BuiltInTemplates builtIn) {
        this(
                new DynamoDbTemplateStore(
                        new DynamoDb(Wiring.client(environment)),
                        Wiring.required(environment, "TEMPLATES_TABLE"),
                        builtIn),
                builtIn,
                ApiSettings.of(environment),
                InstantSource.system());
    }

    ManageTemplates(TemplateStore store, BuiltInTemplates builtIn, ApiSettings settings, InstantSource clock) {
        super(routes(store, builtIn), settings, clock);
        this.store = store;
    }

    /** Reads a template that is not there. */
    @Override
    protected void prime() {
        store.read("rehearsal", TemplateKind.SESSION_TEMPLATE, "rehearsal", Instant.EPOCH);
    }

    private static RouteTable routes(TemplateStore store, BuiltInTemplates builtIn) {
        // Who manages templates wants them as they are: nothing is remembered here.
        TemplateCatalog catalog = new TemplateCatalog(store, builtIn, Duration.ZERO);
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
        AppProfileUserOperations users = new AppProfileUserOperations(store, catalog);
        routes.add(Route.of("GET", "/appProfiles/{uniqueName}/users", users::list, READERS));
        routes.add(Route.of("PUT", "/appProfiles/{uniqueName}/users/{userId}", users::assign, WRITERS));
        routes.add(Route.of("DELETE", "/appProfiles/{uniqueName}/users/{userId}", users::unassign, WRITERS));
        routes.add(Route.of("GET", "/templates/export", new TemplateExport(store, catalog)::export, READERS));
        routes.add(Route.of("POST", "/templates/import", new TemplateImport(store, catalog)::read, WRITERS));
        NotificationOperations notifications = new NotificationOperations(catalog);
        routes.add(Route.of("POST", "/notificationTemplates/{uniqueName}/render", notifications::render, NOTIFIERS));
        AppProfileOperations profiles = new AppProfileOperations(new AppProfiles(store, builtIn, Duration.ZERO));
        routes.add(Route.of("GET", "/me/appProfile", profiles::mine, USERS));
        return new RouteTable(routes);
    }
}
