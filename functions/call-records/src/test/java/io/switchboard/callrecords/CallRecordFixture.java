package io.switchboard.callrecords;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Both functions of the API on their own table, with a tenant that no other test uses. */
final class CallRecordFixture {
    static final String RECORDS = "/v1.0/communications/callRecords";

    final Map<String, String> environment = new HashMap<>();
    final CreateCallRecordSession create;
    final ManageCallRecords manage;
    final String tenant = "tenant-" + UUID.randomUUID();

    CallRecordFixture(String... settings) {
        environment.putAll(TestTables.environment(EmbeddedDynamoDb.sharedEndpoint()));
        environment.put("CALL_RECORDS_TABLE", TestTables.callRecords(Wiring.client(environment)));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        create = new CreateCallRecordSession(environment);
        manage = new ManageCallRecords(environment);
    }

    /** Returns a request of a backend of the tenant. */
    ApiEvent event(String method, String path) {
        return as(ApiEvent.of(method, path));
    }

    private ApiEvent as(ApiEvent event) {
        return event.backend("CallRecords.ReadWrite.All").claim("tid", tenant);
    }

    /** Sends the request to the function that API Gateway would choose. */
    FunctionResponse send(ApiEvent event, String method, String path) {
        boolean posts =
                method.equals("POST") && path.matches("(/v1.0|/beta)?/communications/callRecords/[^/]+/sessions");
        return event.sendTo(posts ? create : manage);
    }

    FunctionResponse send(String method, String path) {
        return send(event(method, path), method, path);
    }

    FunctionResponse send(String method, String path, Map<String, ?> body) {
        return send(event(method, path).body(body), method, path);
    }

    FunctionResponse get(String path, String... options) {
        ApiEvent event = event("GET", path);
        for (int i = 0; i < options.length; i += 2) {
            event.query(options[i], options[i + 1]);
        }
        return send(event, "GET", path);
    }

    /** Follows a link that this API returned. */
    FunctionResponse follow(String link) {
        return as(ApiEvent.follow(link)).sendTo(manage);
    }

    /** Returns the path of a URL that this API returned. */
    static String path(@Nullable String url) {
        return URI.create(String.valueOf(url)).getPath();
    }

    /** Returns a session with one segment, both with this id. */
    static Map<String, Object> session(String id) {
        Map<String, Object> session = new LinkedHashMap<>(bare(id));
        session.put("segments", List.of(segment(id)));
        return session;
    }

    static Map<String, Object> segment(String id) {
        return Map.of(
                "id",
                id,
                "startDateTime",
                "2026-03-04T09:15:02.441Z",
                "endDateTime",
                "2026-03-04T09:21:47.093Z",
                "media",
                List.of(Map.of(
                        "label",
                        "main-audio",
                        "streams",
                        List.of(Map.of("averageJitter", "PT0.006S", "streamDirection", "callerToCallee")))));
    }

    /** Returns a session without segments. */
    static Map<String, Object> bare(String id) {
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("id", id);
        session.put("modalities", List.of("audio"));
        session.put("startDateTime", "2026-03-04T09:15:02.441Z");
        session.put("endDateTime", "2026-03-04T09:21:47.093Z");
        session.put("caller", Map.of("name", "LAPTOP-NORA"));
        return session;
    }

    static Map<String, Object> with(Map<String, ? extends @Nullable Object> body, String name, @Nullable Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(Json.readOwn(Json.write(body)));
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }

    static Map<String, Object> record(String id, long version) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("id", id);
        record.put("version", version);
        record.put("type", "groupCall");
        record.put("modalities", List.of("audio"));
        record.put("startDateTime", "2026-03-04T09:15:00Z");
        record.put("endDateTime", "2026-03-04T09:30:00Z");
        return record;
    }
}
