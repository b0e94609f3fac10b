package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.storage.Keys;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request on one of Graph's routes, below one of its service roots, with what its headers prefer. */
public final class GraphRequest {
    /** The service roots: bare, and Graph's two versions, which are the same here. */
    public static final List<String> BASES = List.of("", "/v1.0", "/beta");

    /** The largest body of a call record or session, in bytes ({@code API.md} §3). */
    public static final int MAXIMUM_BODY = 4 * 1_048_576;

    public static final String CALL_RECORDS = "/communications/callRecords";
    public static final String RECORD_ID = "callRecordId";

    private final Request request;
    private final Preferences preferences;
    private final String base;

    private GraphRequest(Request request, Preferences preferences, String base) {
        this.request = request;
        this.preferences = preferences;
        this.base = base;
    }

    public static GraphRequest of(Request request) {
        String base = "";
        for (String candidate : BASES) {
            if (request.path().startsWith(candidate + "/")) {
                base = candidate;
            }
        }
        return new GraphRequest(request, Preferences.of(request), base);
    }

    public Request request() {
        return request;
    }

    public Preferences preferences() {
        return preferences;
    }

    public Instant now() {
        return request.now();
    }

    /** The path below the service root's own, such as {@code /v1.0}. */
    String base() {
        return base;
    }

    /**
     * The tenant.
     *
     * @throws Refusal 400 where its name does not fit into a key
     */
    public String tenant() {
        String tenant = request.caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong",
                    "tenant",
                    "The tenant's id is longer than " + Keys.LONGEST_PART + " bytes once encoded, or no text.");
        }
        return tenant;
    }

    /**
     * The call record that the path names.
     *
     * @throws Refusal 400 where its id is too long
     */
    public CallRecordKey recordKey() {
        String id = PathId.id(request.pathParameter(RECORD_ID));
        requireFitting(RECORD_ID, id);
        return new CallRecordKey(tenant(), id);
    }

    /**
     * Demands an id that can be part of a key.
     *
     * @throws Refusal 400 {@code tooLong}
     */
    public static void requireFitting(String target, String id) {
        if (!CallRecordKey.fits(id)) {
            throw Refusal.invalid(
                    "tooLong",
                    target,
                    target + " is longer than " + CallRecordKey.LONGEST_ID
                            + " bytes once encoded, or no text: send a shorter one.");
        }
    }

    /**
     * The call record that the path names, as it is stored.
     *
     * @throws Refusal 404
     */
    public CallRecord record(CallRecordReader records) {
        CallRecordKey key = recordKey();
        return records.read(key, now()).orElseThrow(() -> noRecord(key.id()));
    }

    public static Refusal noRecord(String id) {
        return Refusal.notFound("There is no call record " + InputLimits.excerpt(id)
                + ": it was never stored, was deleted, or is older than call records are kept. GET "
                + CALL_RECORDS + " lists those that are there.");
    }

    /**
     * The body of a create.
     *
     * @throws Refusal 400 where it is empty, with what Graph's client for Java has to do with it
     */
    public Map<String, @Nullable Object> newBody() {
        Map<String, @Nullable Object> body = request.bodyObject(MAXIMUM_BODY);
        if (body.isEmpty()) {
            throw Refusal.invalid(
                    "required",
                    "",
                    "The body is an empty object. Graph's clients send of an object that they read or sent before only what has changed"
                            + " since: make a new one, or call getBackingStore().setIsInitializationCompleted(false) on it first.");
        }
        return body;
    }

    /** The path of the call record, encoded, below the host. */
    public String recordPath(String id) {
        return base + CALL_RECORDS + "/" + PathId.segment(id);
    }

    /** The absolute URL of a path that {@link #recordPath} begins. */
    public String url(String path) {
        return request.url(path);
    }

    /** An {@code @odata.context}: what follows {@code $metadata#}. */
    public String context(String fragment) {
        return request.url(base + "/$metadata#" + fragment);
    }

    /** The context of what lies under a call record, such as {@code communications/callRecords('4711')/sessions}. */
    public String recordContext(String id, String below) {
        return context("communications/callRecords('" + PercentEncoding.ofValue(id) + "')" + below);
    }

    /** What a read answers. */
    public Response ok(Object body) {
        return preferences.applied(odata(Response.ok(body)), 0, false);
    }

    /** A page of a list. */
    public Response page(Object body, int largestPage) {
        return preferences.applied(odata(Response.ok(body)), largestPage, false);
    }

    /** What a create answers: 201, or 204 to {@code return=minimal}. */
    public Response created(String location, @Nullable Map<String, @Nullable Object> body) {
        if (preferences.returnsMinimal() || body == null) {
            return preferences.applied(
                    odata(new Response(204, Map.of("Location", location, "OData-EntityId", location), null)), 0, true);
        }
        return preferences.applied(odata(Response.created(location, body)), 0, true);
    }

    /** What a change answers: 200, or 204 to {@code return=minimal}. */
    public Response changed(Map<String, @Nullable Object> body) {
        return preferences.applied(
                odata(preferences.returnsMinimal() ? Response.noContent() : Response.ok(body)), 0, true);
    }

    /** A count, as text. */
    public static Response count(long count) {
        return odata(Response.text(Long.toString(count)));
    }

    public static Response odata(Response response) {
        return response.with("OData-Version", "4.0");
    }
}
