package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.Batch;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.ODataOperation;
import io.switchboard.callrecords.graph.ODataPath;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.store.CallSessionPoster;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.callrecords.store.LogRowStore;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.identity.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Graph's routes of call records, the same below each service root. */
final class CallRecordRoutes {
    static final Permission[] READERS = {Permission.CALL_RECORDS_READ_ALL, Permission.CALL_RECORDS_READ_WRITE_ALL};
    static final Permission[] WRITERS = {Permission.CALL_RECORDS_READ_WRITE_ALL};

    /** Callers that read rows of logs. */
    static final Permission[] LOG_READERS = {
        Permission.CALL_RECORD_PSTN_CALLS_READ_ALL,
        Permission.CALL_RECORDS_READ_ALL,
        Permission.CALL_RECORDS_READ_WRITE_ALL
    };

    private static final String ONE = GraphRequest.CALL_RECORDS + "/{" + GraphRequest.RECORD_ID + "}";
    private static final String DELTA = GraphRequest.CALL_RECORDS + "/" + CallRecordDeltaOperation.DELTA;
    private static final String SESSIONS = ONE + "/sessions";
    private static final String SESSION = SESSIONS + "/{" + CallRecordSessionOperations.SESSION_ID + "}";
    private static final String SEGMENTS = SESSION + "/segments";
    private static final String SEGMENT = SEGMENTS + "/{" + CallRecordSegmentOperations.SEGMENT_ID + "}";
    private static final String PARTICIPANTS = ONE + "/" + Shape.PARTICIPANTS;
    private static final String PARTICIPANT =
            PARTICIPANTS + "/{" + CallRecordParticipantOperations.PARTICIPANT_ID + "}";
    private static final String ORGANIZER = ONE + "/" + Shape.ORGANIZER;
    private static final String COUNT = "/$count";

    private CallRecordRoutes() {}

    /** Returns the routes that post sessions. */
    static RouteTable posting(CallSessionPoster poster) {
        List<Route> routes = new ArrayList<>();
        addPosting(routes, new PostSessionOperation(poster));
        routes.replaceAll(CallRecordRoutes::odata);
        return new RouteTable(routes, List.of(), new ODataPath());
    }

    private static void addPosting(List<Route> routes, PostSessionOperation post) {
        for (String base : GraphRequest.BASES) {
            routes.add(Route.of("POST", base + SESSIONS, post::create, WRITERS));
        }
    }

    /** Returns all other routes, and batches of all routes. */
    static RouteTable managing(DynamoDbCallRecordStore store, LogRowStore rows, SubscriptionOperations subscriptions) {
        List<Route> routes = new ArrayList<>();
        for (String base : GraphRequest.BASES) {
            add(routes, base, store);
            routes.add(Route.of("GET", base + "/subscriptions", subscriptions::list, READERS));
            routes.add(Route.of("POST", base + "/subscriptions", subscriptions::create, WRITERS));
            String subscription = base + "/subscriptions/{subscriptionId}";
            routes.add(Route.of("GET", subscription, subscriptions::read, READERS));
            routes.add(Route.of("PATCH", subscription, subscriptions::patch, WRITERS));
            routes.add(Route.of("DELETE", subscription, subscriptions::delete, WRITERS));
            routes.add(Route.of("POST", subscription + "/reauthorize", subscriptions::reauthorize, WRITERS));
        }
        // API Gateway sends other forms of the path here, such as callRecords('4711')/sessions.
        List<Route> posting = new ArrayList<>();
        addPosting(posting, new PostSessionOperation(store));
        posting.replaceAll(CallRecordRoutes::odata);
        routes.replaceAll(CallRecordRoutes::odata);
        for (String base : GraphRequest.BASES) {
            addLogs(routes, base, rows);
        }
        Batch batch = new Batch(new RouteTable(routes, posting, new ODataPath()));
        for (String base : GraphRequest.BASES) {
            routes.add(Route.servedElsewhere("POST", base + SESSIONS));
            if (!base.isEmpty()) {
                routes.add(Route.of("POST", base + "/$batch", ODataOperation.of(batch::serve), LOG_READERS));
                routes.add(Route.open("GET", base + "/$metadata", MetadataOperations::document));
                routes.add(Route.open(
                        "GET",
                        base + GraphRequest.COMMUNICATIONS,
                        ODataOperation.of(MetadataOperations::communications)));
            }
        }
        return new RouteTable(routes, posting, new ODataPath());
    }

    /** Returns a route with OData's forms of requests and responses. Its path shows the type of its entities. */
    private static Route odata(Route route) {
        Route.@Nullable Operation operation = route.operation();
        if (operation == null) {
            return route;
        }
        String pattern = route.pattern();
        @Nullable Supplier<EntityType> type = type(pattern.replaceFirst("/\\{[^/]*\\}$", ""));
        Route.Operation formed = pattern.endsWith(COUNT)
                ? ODataOperation.ofText(operation)
                : type == null ? ODataOperation.of(operation) : ODataOperation.on(type, operation);
        return new Route(route.method(), pattern, route.isOpen(), route.anyOf(), formed);
    }

    private static @Nullable Supplier<EntityType> type(String collection) {
        return switch (collection.substring(collection.lastIndexOf('/') + 1)) {
            case "callRecords", CallRecordDeltaOperation.DELTA -> CallRecordTypes::callRecord;
            case Shape.SESSIONS -> CallRecordTypes::session;
            case Shape.SEGMENTS -> CallRecordTypes::segment;
            case Shape.PARTICIPANTS -> CallRecordTypes::participant;
            case Shape.ORGANIZER -> CallRecordTypes::organizer;
            case "subscriptions" -> CallRecordTypes::subscription;
            default -> null;
        };
    }

    private static void addLogs(List<Route> routes, String base, LogRowStore rows) {
        for (LogRowKind kind : LogRowKind.values()) {
            LogRowOperations log = new LogRowOperations(kind, rows);
            String below = base + GraphRequest.CALL_RECORDS + "/";
            String call = kind.function() + "({" + LogRowOperations.RANGE + "})";
            routes.add(Route.of(
                    "POST", below + kind.collection(), ODataOperation.storing(kind::type, log::post), WRITERS));
            routes.add(Route.of("GET", below + call, ODataOperation.on(kind::type, log::list), LOG_READERS));
        }
    }

    private static void add(List<Route> routes, String base, DynamoDbCallRecordStore store) {
        CallRecordSessionOperations sessions = new CallRecordSessionOperations(store, store, store);
        CallRecordParticipantOperations participants = new CallRecordParticipantOperations(store, store);
        CallRecordDeltaOperation changes = new CallRecordDeltaOperation(store);
        CallRecordOperations records = new CallRecordOperations(store, sessions, participants);
        CallRecordOrganizerOperations organizers = new CallRecordOrganizerOperations(store, records);
        CallRecordSegmentOperations segments = new CallRecordSegmentOperations(store, store, sessions);
        routes.add(Route.of("GET", base + GraphRequest.CALL_RECORDS, records::list, READERS));
        routes.add(Route.of("POST", base + GraphRequest.CALL_RECORDS, records::create, WRITERS));
        routes.add(Route.of("GET", base + GraphRequest.CALL_RECORDS + COUNT, records::count, READERS));
        routes.add(Route.of("GET", base + DELTA, changes::delta, READERS));
        routes.add(Route.of("GET", base + ONE, records::read, READERS));
        routes.add(Route.of("PATCH", base + ONE, records::patch, WRITERS));
        routes.add(Route.of("DELETE", base + ONE, records::delete, WRITERS));
        routes.add(Route.of("GET", base + ORGANIZER, organizers::read, READERS));
        routes.add(Route.of("PATCH", base + ORGANIZER, organizers::patch, WRITERS));
        routes.add(Route.of("DELETE", base + ORGANIZER, organizers::delete, WRITERS));
        routes.add(Route.of("GET", base + PARTICIPANTS, participants::list, READERS));
        routes.add(Route.of("POST", base + PARTICIPANTS, participants::create, WRITERS));
        routes.add(Route.of("GET", base + PARTICIPANTS + COUNT, participants::count, READERS));
        routes.add(Route.of("GET", base + PARTICIPANT, participants::read, READERS));
        routes.add(Route.of("PATCH", base + PARTICIPANT, participants::patch, WRITERS));
        routes.add(Route.of("DELETE", base + PARTICIPANT, participants::delete, WRITERS));
        routes.add(Route.of("GET", base + SESSIONS, sessions::list, READERS));
        routes.add(Route.of("GET", base + SESSIONS + COUNT, sessions::count, READERS));
        routes.add(Route.of("GET", base + SESSION, sessions::read, READERS));
        routes.add(Route.of("PATCH", base + SESSION, sessions::patch, WRITERS));
        routes.add(Route.of("DELETE", base + SESSION, sessions::delete, WRITERS));
        routes.add(Route.of("GET", base + SEGMENTS, segments::list, READERS));
        routes.add(Route.of("POST", base + SEGMENTS, segments::create, WRITERS));
        routes.add(Route.of("GET", base + SEGMENTS + COUNT, segments::count, READERS));
        routes.add(Route.of("GET", base + SEGMENT, segments::read, READERS));
        routes.add(Route.of("PATCH", base + SEGMENT, segments::patch, WRITERS));
        routes.add(Route.of("DELETE", base + SEGMENT, segments::delete, WRITERS));
    }
}
