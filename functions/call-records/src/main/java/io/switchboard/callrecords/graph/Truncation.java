package io.switchboard.callrecords.graph;

import io.switchboard.http.Refusal;
import io.switchboard.json.Violations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Call records of which only the first page of a collection was sent, as Graph returns it. Such a body has a link to
 * the next page. The record is stored with an annotation until the other pages arrive.
 */
public final class Truncation {
    /** The annotation of an incomplete record: the names of the collections that may lack elements. */
    static final String INCOMPLETE = "@switchboard.incomplete";

    private static final String NEXT_LINK = "@odata.nextLink";

    private Truncation() {}

    /**
     * Returns the collections of a body that have a further page, and adds a warning for each to the request.
     *
     * @throws Refusal 400 if the request is strict
     */
    public static List<String> of(GraphRequest request, Map<String, @Nullable Object> body) {
        Violations found = new Violations();
        Set<String> collections = new TreeSet<>();
        add(body, "", collections, found);
        List<Map<String, @Nullable Object>> sessions = GraphIds.objects(body.get(Shape.SESSIONS));
        for (int i = 0; i < sessions.size(); i++) {
            add(sessions.get(i), Shape.SESSIONS + "[" + i + "].", collections, found);
        }
        if (request.preferences().isStrict()) {
            Refusal.ifAny(found);
        }
        request.warn(found);
        return new ArrayList<>(collections);
    }

    private static void add(
            Map<String, @Nullable Object> entity, String path, Set<String> collections, Violations found) {
        for (String name : List.of(Shape.SESSIONS, Shape.PARTICIPANTS, Shape.SEGMENTS)) {
            if (entity.get(name + NEXT_LINK) != null) {
                collections.add(name);
                found.add(
                        "truncated",
                        path + name,
                        path + name + " has only the first page. Send the elements behind " + name + NEXT_LINK
                                + " to …/" + name + ", or in the same version of the call record.");
            }
        }
    }

    /** Returns the content of a record with the annotation, or without it if no collection is incomplete. */
    public static Map<String, @Nullable Object> marked(Map<String, @Nullable Object> content, List<?> collections) {
        Map<String, @Nullable Object> marked = new LinkedHashMap<>(content);
        marked.remove(INCOMPLETE);
        if (!collections.isEmpty()) {
            marked.put(INCOMPLETE, List.copyOf(collections));
        }
        return marked;
    }

    /** Returns the collections of a stored record that may lack elements; empty if it is complete. */
    public static List<?> incomplete(Map<String, @Nullable Object> content) {
        return content.get(INCOMPLETE) instanceof List<?> collections ? collections : List.of();
    }
}
