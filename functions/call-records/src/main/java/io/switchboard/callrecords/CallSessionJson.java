package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRefusals;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.Preferences;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.Projection;
import io.switchboard.callrecords.store.CallSession;
import io.switchboard.callrecords.store.Oversize;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Refusal;
import io.switchboard.http.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes sessions for responses. */
final class CallSessionJson {
    private static final String CONTEXT = "@odata.context";

    private CallSessionJson() {}

    /** Returns the response body for one session. */
    static Map<String, @Nullable Object> one(GraphRequest request, String record, CallSession session, Shape shape) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(CONTEXT, request.recordContext(record, "/sessions" + shape.context() + "/$entity"));
        body.putAll(json(request.preferences(), session, shape));
        return body;
    }

    /** Returns a session, with its segments if they are requested. */
    static Map<String, @Nullable Object> json(Preferences preferences, CallSession session, Shape shape) {
        Map<String, @Nullable Object> json =
                CallRecordTypes.session().show(session.content(), preferences.projection(shape));
        @Nullable Shape requested = shape.of(Shape.SEGMENTS);
        if (requested != null) {
            Projection projection = preferences.projection(requested);
            List<Map<String, @Nullable Object>> shown = new ArrayList<>();
            for (Map<String, @Nullable Object> segment : segments(session)) {
                shown.add(CallRecordTypes.segment().show(segment, projection));
            }
            json.put(Shape.SEGMENTS, shown);
        }
        return json;
    }

    /** Returns the segments that were read with a session. */
    static List<Map<String, @Nullable Object>> segments(CallSession session) {
        return GraphIds.objects(session.content().get(Shape.SEGMENTS));
    }

    /** Returns the absolute URL of this session; it names no other session. */
    static String url(GraphRequest request, String record, SessionKey key) {
        return request.url(request.recordPath(record) + "/sessions/" + key.pathSegment());
    }

    /** Returns the response with the session's entity tag. */
    static Response tagged(Response response, CallSession session) {
        return response.with("ETag", EntityTag.ofVersion(session.revision()).toString());
    }

    /** Returns the error for a session that is too large to be stored. */
    static Refusal tooLarge(Oversize oversize) {
        return GraphRefusals.tooLarge("The session", oversize);
    }
}
