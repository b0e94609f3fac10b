package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.json.Json;
import io.switchboard.text.DerivedId;
import io.switchboard.text.Sha256;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Ids and keys of posted entities. An id that was not sent is derived from the content, so that a client's automatic
 * retry does not create a duplicate.
 */
public final class GraphIds {
    public static final String ID = "id";

    private static final String NONE = "-";

    private GraphIds() {}

    /**
     * Returns the content with an id: the id sent, otherwise one derived from the content. Equal content always gets
     * the same id.
     *
     * @param where distinguishes equal content in different places: tenant, call record, …
     */
    public static Map<String, @Nullable Object> identified(
            EntityType type, Map<String, @Nullable Object> content, String... where) {
        if (content.get(ID) != null) {
            return content;
        }
        List<String> parts = new ArrayList<>(List.of(where));
        parts.add(type.name());
        parts.add(Json.write(type.normal(content)));
        return withId(content, DerivedId.of(parts.toArray(String[]::new)));
    }

    public static Map<String, @Nullable Object> withId(Map<String, @Nullable Object> content, String id) {
        Map<String, @Nullable Object> identified = new LinkedHashMap<>();
        identified.put(ID, id);
        identified.putAll(content);
        identified.put(ID, id);
        return identified;
    }

    /** Returns the natural key of a session whose content has an id and a valid start. */
    public static SessionKey sessionKey(Map<String, @Nullable Object> content) {
        Map<String, @Nullable Object> callee = object(content.get("callee"));
        String serving = endpoint(callee);
        String caller = nameOf(object(content.get("caller")));
        String name = serving.equals(NONE) ? nameOf(callee) : NONE;
        return new SessionKey(
                id(content),
                instant(content, "startDateTime").key(),
                serving,
                caller.equals(NONE) && name.equals(NONE) ? "" : digest(caller, name));
    }

    /** Returns the digest of a participant's identity; empty if it adds nothing to the participant's id. */
    public static String participantDigest(Map<String, @Nullable Object> content) {
        @Nullable String identity = firstId(object(content.get("identity")));
        return identity == null || identity.equals(id(content)) ? "" : digest(identity);
    }

    /** Returns the digest of an entity that shares its key with another one of the same body. */
    public static String contentDigest(EntityType type, Map<String, @Nullable Object> content) {
        return digest(Json.write(type.normal(content)));
    }

    private static String digest(String... parts) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Sha256.of(parts))
                .substring(0, CallRecordKey.DIGEST);
    }

    public static String id(Map<String, @Nullable Object> content) {
        return String.valueOf(content.get(ID));
    }

    /** Returns an instant of content that was read without violations. */
    public static GraphInstant instant(Map<String, @Nullable Object> content, String property) {
        return GraphInstant.of(String.valueOf(content.get(property))).orElseThrow();
    }

    /** Returns what {@link #endpoint} returns, or the name of an endpoint that has nothing else. */
    private static String nameOf(Map<String, @Nullable Object> endpoint) {
        String identified = endpoint(endpoint);
        @Nullable String name = identified.equals(NONE) ? text(endpoint, "name") : null;
        return name == null ? identified : name;
    }

    /** Returns the identity's id, otherwise the role of the user agent, otherwise {@code -}. */
    private static String endpoint(Map<String, @Nullable Object> endpoint) {
        @Nullable String associated = text(object(endpoint.get("associatedIdentity")), ID);
        if (associated != null) {
            return associated;
        }
        @Nullable String identity = firstId(object(endpoint.get("identity")));
        if (identity != null) {
            return identity;
        }
        @Nullable String role = text(object(endpoint.get("userAgent")), "role");
        return role == null ? NONE : role;
    }

    /**
     * Returns the id of the first identity that has one, in order of name. The order in which the set was sent does not
     * matter.
     */
    public static @Nullable String firstId(Map<String, @Nullable Object> identitySet) {
        for (@Nullable Object identity : new TreeMap<>(identitySet).values()) {
            @Nullable String id = text(object(identity), ID);
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    private static @Nullable String text(Map<String, @Nullable Object> object, String name) {
        return object.get(name) instanceof String text && !text.isEmpty() ? text : null;
    }

    /** Returns an object of content, which the caller must not change; empty if the value is not an object. */
    @SuppressWarnings("unchecked") // JSON object names are text
    public static Map<String, @Nullable Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> object ? (Map<String, @Nullable Object>) object : Map.of();
    }

    /** Returns the elements of a collection of objects, which the caller must not change; empty if it is absent. */
    public static List<Map<String, @Nullable Object>> objects(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(GraphIds::object).toList()
                : List.of();
    }
}
