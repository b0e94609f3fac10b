package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRefusals;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.PathId;
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
        body.putAll(identified(request, record, session, shape));
        return body;
    }

    /** Returns a session like {@link #json}, with its addresses if the response has full metadata. */
    static Map<String, @Nullable Object> identified(
            GraphRequest request, String record, CallSession session, Shape shape) {
        Map<String, @Nullable Object> json = json(request.preferences(), session, shape);
        String url = url(request, record, session.key());
        request.identify(json, CallRecordTypes.session(), shape, url, session.revision());
        @Nullable Shape requested = shape.of(Shape.SEGMENTS);
        if (requested != null) {
            List<Map<String, @Nullable Object>> shown = GraphIds.objects(json.get(Shape.SEGMENTS));
            List<Map<String, @Nullable Object>> segments = segments(session);
            for (int i = 0; i < shown.size(); i++) {
                identifySegment(request, shown.get(i), segments.get(i), requested, url, session);
            }
        }
        return json;
    }

    /** @param shown the segment in the response, which may lack its id */
    private static void identifySegment(
            GraphRequest request,
            Map<String, @Nullable Object> shown,
            Map<String, @Nullable Object> segment,
            Shape shape,
            String url,
            CallSession session) {
        request.identify(
                shown,
                CallRecordTypes.segment(),
                shape,
                url + "/" + Shape.SEGMENTS + "/" + PathId.segment(GraphIds.id(segment)),
                session.revision());
    }

    /** Returns a segment of a session. */
    static Map<String, @Nullable Object> segment(
            GraphRequest request,
            String record,
            CallSession session,
            Map<String, @Nullable Object> segment,
            Shape shape) {
        Map<String, @Nullable Object> shown =
                CallRecordTypes.segment().show(segment, request.preferences().projection(shape));
        identifySegment(request, shown, segment, shape, url(request, record, session.key()), session);
        return shown;
    }

    /** Returns a session, with its segments if they are requested. */
    static Map<String, @Nullable Object> json(Preferences preferences, CallSession session, Shape shape) {
        Map<String, @Nullable Object> json =
                CallRecordTypes.session().show(session.content(), preferences.projection(shape));
        @Nullable Shape requested = shape.of(Shape.SEGMENTS);
        if (requested != null) {
            Projection projection = preferences.projection(requested);
            List<Map<String, @Nullable Object>> shown = new ArrayList<>();
            List<Map<String, @Nullable Object>> segments = segments(session);
            if (requested.counts()) {
                json.put(Shape.SEGMENTS + "@odata.count", segments.size());
            }
            for (int i = 0; i < Math.min(segments.size(), requested.top()); i++) {
                shown.add(CallRecordTypes.segment().show(segments.get(i), projection));
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
