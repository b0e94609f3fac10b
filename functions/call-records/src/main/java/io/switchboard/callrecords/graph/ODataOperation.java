package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.ControlInformation;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.Route;
import io.switchboard.json.ObjectReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An operation of one of Graph's routes with the form of its request and response: names of query options, the media
 * type of the body, and control information. Thread-safe.
 */
public final class ODataOperation implements Route.Operation {
    private static final Set<String> OPTIONS = Set.of(
            "apply",
            "compute",
            "count",
            "deltatoken",
            "expand",
            "filter",
            "format",
            "levels",
            "orderby",
            "search",
            "select",
            "skip",
            "skiptoken",
            "top");

    private static final String COUNT = "@odata.count";
    private static final String VALUE = "value";
    private static final int SUCCESSFUL = 200;
    private static final int FIRST_NOT_SUCCESSFUL = 300;

    private final Route.Operation operation;
    /** The type of the entities in the request and the response; null if there are none. */
    private final @Nullable Supplier<EntityType> type;

    private final Content content;

    /** The content of the response. */
    private enum Content {
        ENTITIES,
        /** Other members, and the warnings about the entities of the request. */
        OTHER,
        TEXT
    }

    private ODataOperation(Route.Operation operation, @Nullable Supplier<EntityType> type, Content content) {
        this.operation = operation;
        this.type = type;
        this.content = content;
    }

    /** Returns an operation on entities of a type, which is read at the first use. */
    public static Route.Operation on(Supplier<EntityType> type, Route.Operation operation) {
        return new ODataOperation(operation, type, Content.ENTITIES);
    }

    /**
     * Returns an operation that stores entities of a type, one or a list like that of a response. Its response has
     * none.
     */
    public static Route.Operation storing(Supplier<EntityType> type, Route.Operation operation) {
        return new ODataOperation(operation, type, Content.OTHER);
    }

    /** Returns an operation whose response has no entities. */
    public static Route.Operation of(Route.Operation operation) {
        return new ODataOperation(operation, null, Content.OTHER);
    }

    /** Returns an operation whose response is plain text. */
    public static Route.Operation ofText(Route.Operation operation) {
        return new ODataOperation(operation, null, Content.TEXT);
    }

    /**
     * Returns the name of a query option. System options may be written without {@code $} and in any case, as Graph's
     * beta accepts them.
     */
    static String optionName(String sent) {
        String name = (sent.startsWith("$") ? sent.substring(1) : sent).toLowerCase(Locale.ROOT);
        return OPTIONS.contains(name) ? "$" + name : sent;
    }

    /**
     * Serves the request.
     *
     * @throws Refusal 406 or 400 before the operation begins, or an error of the operation
     */
    @Override
    public Response serve(Request request) {
        boolean isText = content == Content.TEXT;
        ODataFormat format = isText ? ODataFormat.ofText(request) : ODataFormat.of(request);
        Request named = request.withOptionNames(ODataOperation::optionName);
        @Nullable Supplier<EntityType> entities = type;
        boolean hasStrings =
                request.contentType().filter(ODataFormat::isIeee754Compatible).isPresent();
        Response response = operation.serve(
                entities != null && hasStrings ? named.withBodyForm(body -> numbers(entities.get(), body)) : named);
        return isText ? response : formatted(response, format);
    }

    private Response formatted(Response response, ODataFormat format) {
        boolean isSuccessful = response.status() >= SUCCESSFUL && response.status() < FIRST_NOT_SUCCESSFUL;
        if (!isSuccessful || response.body() == null) {
            return response;
        }
        Response typed = response.with(Response.CONTENT_TYPE, format.contentType());
        if (format.metadata() == ODataFormat.Metadata.MINIMAL && !format.isIeee754Compatible()) {
            return typed;
        }
        if (type == null || !(response.body() instanceof Map<?, ?> tree)) {
            return typed;
        }
        Map<String, @Nullable Object> body = ObjectReader.members(tree);
        if (content == Content.ENTITIES) {
            body = shown(body, new ControlInformation(format.isFull(), format.isIeee754Compatible()), type.get());
        }
        return new Response(
                typed.status(),
                typed.headers(),
                format.metadata() == ODataFormat.Metadata.NONE ? ControlInformation.removed(body) : body);
    }

    /** Returns an entity or a list of entities in the form. */
    private static Map<String, @Nullable Object> shown(
            Map<String, @Nullable Object> body, ControlInformation information, EntityType type) {
        if (!(body.get(VALUE) instanceof List<?> entities)) {
            return information.of(type, body);
        }
        Map<String, @Nullable Object> list = new LinkedHashMap<>(body);
        list.computeIfPresent(COUNT, (name, count) -> information.count(count));
        list.put(VALUE, each(entities, entity -> information.of(type, entity)));
        return list;
    }

    /** Returns the body of a request with strings for numbers of 64 bits and decimal numbers, with the numbers. */
    private Map<String, @Nullable Object> numbers(EntityType entity, Map<String, @Nullable Object> body) {
        if (content == Content.ENTITIES || !(body.get(VALUE) instanceof List<?> entities)) {
            return ControlInformation.numbers(entity, body);
        }
        Map<String, @Nullable Object> list = new LinkedHashMap<>(body);
        list.put(VALUE, each(entities, each -> ControlInformation.numbers(entity, each)));
        return list;
    }

    private static List<@Nullable Object> each(List<?> entities, UnaryOperator<Map<String, @Nullable Object>> changed) {
        List<@Nullable Object> all = new ArrayList<>(entities.size());
        for (Object entity : entities) {
            all.add(entity instanceof Map<?, ?> object ? changed.apply(ObjectReader.members(object)) : entity);
        }
        return all;
    }
}
