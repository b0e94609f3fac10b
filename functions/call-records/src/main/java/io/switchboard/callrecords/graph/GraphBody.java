package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.model.Purpose;
import io.switchboard.callrecords.model.ReadContext;
import io.switchboard.callrecords.model.Reconciled;
import io.switchboard.http.Refusal;
import io.switchboard.json.ReadOnlyMembers;
import io.switchboard.json.Violations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of creates and patches against their entity type. */
public final class GraphBody {
    private static final String READ_ONLY_MEMBER = "readOnlyMember";

    private GraphBody() {}

    /**
     * Reads the body of a create, and adds its warnings to the request.
     *
     * @throws Refusal 400 naming every violation
     */
    public static Map<String, @Nullable Object> created(
            GraphRequest request, EntityType type, Map<String, @Nullable Object> body) {
        Violations violations = new Violations();
        @Nullable Violations warnings = request.newWarnings();
        Map<String, @Nullable Object> read = type.read(body, new ReadContext(Purpose.CREATE, "", violations, warnings));
        Refusal.ifAny(violations);
        request.warn(warnings);
        return read;
    }

    /**
     * Applies a patch to a stored entity and returns the result. Warnings are added to the request.
     *
     * @param navigations the navigation properties in the body, with the values that a read returns now; each is
     *     changed at its own path
     * @param url the URL of the entity
     * @throws Refusal 400 naming every violation, including a changed id or navigation property
     */
    public static Map<String, @Nullable Object> patched(
            GraphRequest request,
            EntityType type,
            Map<String, @Nullable Object> stored,
            Map<String, @Nullable Object> body,
            Map<String, @Nullable Object> navigations,
            String url) {
        Violations violations = new Violations();
        Map<String, @Nullable Object> own = new LinkedHashMap<>(body);
        for (String navigation : type.navigations()) {
            if (body.containsKey(navigation)
                    && !isSame(Shape.type(navigation), navigations.get(navigation), body.get(navigation))) {
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
        @Nullable Violations warnings = request.newWarnings();
        ReadContext context = new ReadContext(Purpose.PATCH, "", violations, warnings);
        Map<String, @Nullable Object> patch = type.read(own, context);
        Refusal.ifAny(violations);
        Map<String, @Nullable Object> patched = type.patch(stored, patch, context);
        Refusal.ifAny(violations);
        request.warn(warnings);
        return patched;
    }

    /**
     * Returns true if a navigation property would not change. Clients may read it with other preferences than they
     * send, so values of another notation, omitted nulls and empty collections are the same.
     */
    private static boolean isSame(EntityType type, @Nullable Object current, @Nullable Object sent) {
        if (ReadOnlyMembers.isSame(current, sent)) {
            return true;
        }
        if (current instanceof List<?> before && sent instanceof List<?> after) {
            boolean isSame = before.size() == after.size();
            for (int i = 0; isSame && i < before.size(); i++) {
                isSame = isSame(type, before.get(i), after.get(i));
            }
            return isSame;
        }
        Violations violations = new Violations();
        ReadContext context = new ReadContext(Purpose.CREATE, "", violations, new Violations());
        return current instanceof Map<?, ?>
                && sent instanceof Map<?, ?>
                && type.reconcile(
                                type.read(GraphIds.object(current), context), type.read(GraphIds.object(sent), context))
                        instanceof Reconciled.Same
                && violations.isEmpty();
    }
}
