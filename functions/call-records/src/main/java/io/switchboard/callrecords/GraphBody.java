package io.switchboard.callrecords;

import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.model.Purpose;
import io.switchboard.callrecords.model.Reading;
import io.switchboard.http.Refusal;
import io.switchboard.http.Violations;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of creates and patches, read by the types' description. */
final class GraphBody {
    private GraphBody() {}

    /**
     * A new entity.
     *
     * @throws Refusal 400 naming every violation
     */
    static Map<String, @Nullable Object> created(EntityType type, Map<String, @Nullable Object> body) {
        Violations violations = new Violations();
        Map<String, @Nullable Object> read = type.read(body, new Reading(Purpose.CREATE, "", violations));
        violations.refuseAny();
        return read;
    }

    /**
     * What a patch makes of a stored entity.
     *
     * @param url of the entity, for what is changed at a path of its own
     * @throws Refusal 400 naming every violation, an id that would change among them
     */
    static Map<String, @Nullable Object> patched(
            EntityType type, Map<String, @Nullable Object> stored, Map<String, @Nullable Object> body, String url) {
        Violations violations = new Violations();
        for (String navigation : type.navigations()) {
            if (body.containsKey(navigation)) {
                violations.add(
                        "unknownProperty",
                        navigation,
                        navigation + " is changed at its own path, " + url + "/" + navigation + ": take it out here.");
            }
        }
        String id = GraphIds.id(stored);
        if (body.get(GraphIds.ID) != null && !id.equals(body.get(GraphIds.ID))) {
            violations.add("invalidValue", GraphIds.ID, "id cannot change: take it out, or send " + id + ".");
        }
        Reading reading = new Reading(Purpose.PATCH, "", violations);
        Map<String, @Nullable Object> patch = type.read(body, reading);
        violations.refuseAny();
        Map<String, @Nullable Object> patched = type.patch(stored, patch, reading);
        violations.refuseAny();
        return patched;
    }
}
