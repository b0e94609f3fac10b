package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.runtime.RequestLog;
import io.switchboard.storage.Keys;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to one of Graph's routes, below one of the service roots, with its preferences and the warnings of its
 * body. Not thread-safe.
 */
public final class GraphRequest {
    /** The service roots: none, and Graph's two versions. All three behave the same. */
    public static final List<String> BASES = List.of("", "/v1.0", "/beta");

    /** The largest body of a call record or session, in bytes ({@code docs/reference/errors.md}). */
    public static final int MAXIMUM_BODY = 4 * 1_048_576;

    /** How much larger an entity can be with full metadata: most properties of a stream get a type. */
    private static final int FULL_TO_MINIMAL = 3;

    public static final String COMMUNICATIONS = "/communications";
    public static final String CALL_RECORDS = COMMUNICATIONS + "/callRecords";
    public static final String RECORD_ID = "callRecordId";

    /** The annotation with the warnings of a write. */
    private static final String WARNINGS = "@switchboard.warnings";

    private final Request request;
    private final Preferences preferences;
    private final ODataFormat format;
    private final String base;
    private final Map<String, Violation> warnings = new LinkedHashMap<>();
    private int otherWarnings;

    private GraphRequest(Request request, Preferences preferences, ODataFormat format, String base) {
        this.request = request;
        this.preferences = preferences;
        this.format = format;
        this.base = base;
    }

    public static GraphRequest of(Request request) {
        String base = "";
        for (String candidate : BASES) {
            if (request.path().startsWith(candidate + "/")) {
                base = candidate;
            }
        }
        return new GraphRequest(request, Preferences.of(request), ODataFormat.ofText(request), base);
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

    /** Returns the service root of the request, such as {@code /v1.0}. */
    public String base() {
        return base;
    }

    /**
     * Returns the tenant.
     *
     * @throws Refusal 400 if its id does not fit into a key
     */
    public String tenant() {
        String tenant = request.caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong",
                    "tenant",
                    "The tenant id must be Unicode text of at most " + Keys.LONGEST_PART + " bytes when encoded.");
        }
        return tenant;
    }

    /**
     * Returns the key of the call record in the path.
     *
     * @throws Refusal 400 if its id is too long
     */
    public CallRecordKey recordKey() {
        String id = PathId.id(request.pathParameter(RECORD_ID));
        requireFitting(RECORD_ID, id);
        return new CallRecordKey(tenant(), id);
    }

    /**
     * Checks that an id can be part of a key.
     *
     * @throws Refusal 400 {@code tooLong}
     */
    public static void requireFitting(String target, String id) {
        if (!CallRecordKey.fits(id)) {
            throw Refusal.invalid(
                    "tooLong",
                    target,
                    target + " must be Unicode text of at most " + CallRecordKey.LONGEST_ID
                            + " bytes when encoded. Send a shorter one.");
        }
    }

    /**
     * Returns the stored call record that the path names.
     *
     * @throws Refusal 404
     */
    public CallRecord record(CallRecordReader records) {
        CallRecordKey key = recordKey();
        return records.read(key, now()).orElseThrow(() -> recordNotFound(key.id()));
    }

    public static Refusal recordNotFound(String id) {
        return Refusal.notFound("The call record " + InputLimits.excerpt(id)
                + " does not exist. It was never stored, was deleted, or is past its retention period. To list the call"
                + " records, use GET " + CALL_RECORDS + ".");
    }

    /**
     * Returns the body of a create.
     *
     * @throws Refusal 400 if it is empty; the message explains how Graph's SDKs cause this
     */
    public Map<String, @Nullable Object> newBody() {
        Map<String, @Nullable Object> body = request.bodyObject(MAXIMUM_BODY);
        if (body.isEmpty()) {
            throw Refusal.invalid(
                    "required", "", "The body must not be an empty object. " + CallRecordTypes.BACKING_STORES);
        }
        return body;
    }

    /** Returns a collection of warnings for a lenient reader; null if the request is strict. */
    public @Nullable Violations newWarnings() {
        return preferences.isStrict() ? null : new Violations();
    }

    /** Adds warnings, each once: an attempt to change an entity can be repeated. Null adds none. */
    public void warn(@Nullable Violations added) {
        if (added == null || added.isEmpty()) {
            return;
        }
        for (Violation each : added.first()) {
            if (warnings.size() < InputLimits.VIOLATIONS) {
                warnings.putIfAbsent(each.code() + " " + each.target(), each);
            }
        }
        otherWarnings = Math.max(otherWarnings, added.others());
    }

    /** Returns the body of the response to a write, with the warnings, if any. */
    private Map<String, @Nullable Object> withWarnings(Map<String, @Nullable Object> body) {
        if (warnings.isEmpty()) {
            return body;
        }
        List<Map<String, String>> listed = new ArrayList<>();
        for (Violation each : warnings.values()) {
            listed.add(Map.of("code", each.code(), "message", each.message(), "target", each.target()));
        }
        Map<String, @Nullable Object> annotated = new LinkedHashMap<>(body);
        annotated.put(WARNINGS, listed);
        return annotated;
    }

    /** Logs the names in the warnings, never values, and counts them. */
    private void logWarnings() {
        if (!warnings.isEmpty()) {
            RequestLog.current().callRecordWarned(warnings.keySet(), warnings.size() + otherWarnings);
        }
    }

    /** Returns the encoded path of the call record, below the host. */
    public String recordPath(String id) {
        return base + CALL_RECORDS + "/" + PathId.segment(id);
    }

    /** Returns the absolute URL of a path that starts with {@link #recordPath}. */
    public String url(String path) {
        return request.url(path);
    }

    /** Returns an {@code @odata.context} with this fragment after {@code $metadata#}. */
    public String context(String fragment) {
        return request.url(base + "/$metadata#" + fragment);
    }

    /**
     * Returns the context of a resource under a call record, such as
     * {@code communications/callRecords('4711')/sessions}.
     */
    public String recordContext(String id, String below) {
        return context("communications/callRecords('" + PercentEncoding.ofValue(id) + "')" + below);
    }

    /**
     * Adds the addresses and the entity tag of an entity, if the response has full metadata.
     *
     * @param url the absolute URL of the entity
     * @param revision its stored revision
     */
    public void identify(Map<String, @Nullable Object> json, EntityType type, Shape shape, String url, long revision) {
        if (!format.isFull()) {
            return;
        }
        identify(json, url);
        json.put("@odata.etag", EntityTag.ofVersion(revision).toString());
        for (String navigation : type.navigations()) {
            if (shape.includes(navigation)) {
                json.put(navigation + "@odata.navigationLink", url + "/" + navigation);
            }
        }
    }

    /** Adds the addresses of an entity without an entity tag, if the response has full metadata. */
    public void identify(Map<String, @Nullable Object> json, String url) {
        if (format.isFull()) {
            json.put("@odata.id", url);
            json.put("@odata.editLink", url);
        }
    }

    /** Returns how much larger an entity in the response can be with the control information that is added later. */
    public int growth() {
        return format.isFull() ? FULL_TO_MINIMAL : 1;
    }

    /** Returns the response to a read. */
    public Response ok(Object body) {
        return preferences.applied(odata(Response.ok(body)), 0, false);
    }

    /** Returns the response with a page of a list. */
    public Response page(Object body, int largestPage) {
        return preferences.applied(odata(Response.ok(body)), largestPage, false);
    }

    /** Returns the response to a create: 201, or 204 for {@code return=minimal}. */
    public Response created(String location, @Nullable Map<String, @Nullable Object> body) {
        logWarnings();
        if (preferences.returnsMinimal() || body == null) {
            return preferences.applied(
                    odata(new Response(204, Map.of("Location", location, "OData-EntityId", location), null)), 0, true);
        }
        return preferences.applied(odata(Response.created(location, withWarnings(body))), 0, true);
    }

    /** Returns the response to a change: 200, or 204 for {@code return=minimal}. */
    public Response changed(Map<String, @Nullable Object> body) {
        logWarnings();
        return preferences.applied(
                odata(preferences.returnsMinimal() ? Response.noContent() : Response.ok(withWarnings(body))), 0, true);
    }

    /** Returns the response with a count, as text. */
    public static Response count(long count) {
        return odata(Response.text(Long.toString(count)));
    }

    public static Response odata(Response response) {
        return response.with("OData-Version", "4.0");
    }
}
