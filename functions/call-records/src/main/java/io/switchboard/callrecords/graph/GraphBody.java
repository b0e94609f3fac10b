package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.model.Purpose;
import io.switchboard.callrecords.model.ReadContext;
import io.switchboard.http.Refusal;
import io.switchboard.json.ReadOnlyMembers;
import io.switchboard.json.Violations;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of creates and patches against their entity type. */
public final class GraphBody {
    private static final String READ_ONLY_MEMBER = "readOnlyMember";

    private GraphBody() {}

    /**
     * Reads the body of a create.
     *
     * @throws Refusal 400 naming every violation
     */
    public static Map<String, @Nullable Object> created(EntityType type, Map<String, @Nullable Object> body) {
        Violations violations = new Violations();
        Map<String, @Nullable Object> read = type.read(body, new ReadContext(Purpose.CREATE, "", violations));
        Refusal.ifAny(violations);
        return read;
    }

    /**
     * Applies a patch to a stored entity and returns the result.
     *
     * @param navigations the navigation properties in the body, with the values that a read returns now; each is
     *     changed at its own path
     * @param url the URL of the entity
     * @throws Refusal 400 naming every violation, including a changed id or navigation property
     */
    public static Map<String, @Nullable Object> patched(
            EntityType type,
            Map<String, @Nullable Object> stored,
            Map<String, @Nullable Object> body,
            Map<String, @Nullable Object> navigations,
            String url) {
        Violations violations = new Violations();
        Map<String, @Nullable Object> own = new LinkedHashMap<>(body);
        for (String navigation : type.navigations()) {
            if (body.containsKey(navigation)
                    && !ReadOnlyMembers.isSame(navigations.get(navigation), body.get(navigation))) {
                violations.add(
                        READ_ONLY_MEMBER,
                        navigation,
                        navigation + " is read-only here, and the value sent is not the current one. Change it at "
                                + url + "/" + navigation + ".");
            }
            own.remove(navigation);
        }
        String id = GraphIds.id(stored);
        if (body.get(GraphIds.ID) != null && !id.equals(body.get(GraphIds.ID))) {
            violations.add(
                    READ_ONLY_MEMBER,
                    GraphIds.ID,
                    "id is read-only, and the value sent is not the current one."
                            + " To create an entity with another id, use POST.");
        }
        ReadContext context = new ReadContext(Purpose.PATCH, "", violations);
        Map<String, @Nullable Object> patch = type.read(own, context);
        Refusal.ifAny(violations);
        Map<String, @Nullable Object> patched = type.patch(stored, patch, context);
        Refusal.ifAny(violations);
        return patched;
    }
}
