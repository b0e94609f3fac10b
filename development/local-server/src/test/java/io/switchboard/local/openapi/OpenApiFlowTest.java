package io.switchboard.local.openapi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.http.ApiFunction;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests requests that need existing resources, in the order of a typical flow. */
class OpenApiFlowTest {
    private static final ApiDescription API = ApiDescription.read();

    private static final String PLAIN = "http://127.0.0.1";
    private static final String RECORDS = "/v1.0/communications/callRecords";
    private static final String ORGANIZER = """
            {"identity":{"@odata.type":"#microsoft.graph.communicationsIdentitySet","user":{"id":"ines","displayName":"Ines"}}}""";
    private static final String PARTICIPANT = """
            {"id":"ines","identity":{"user":{"id":"ines","displayName":"Ines","tenantId":"contoso"}}}""";
    private static final String SESSION = """
            {"id":"s","modalities":["audio"],"startDateTime":"2026-03-04T09:15:02Z","endDateTime":"2026-03-04T09:21:47Z","isTest":false,
             "caller":{"name":"LAPTOP-INES","userAgent":{"platform":"web","productFamily":"teams"},
              "associatedIdentity":{"id":"ines","tenantId":"contoso"}},
             "callee":{"userAgent":{"role":"mediaController"}},
             "segments":[{"id":"g1","startDateTime":"2026-03-04T09:15:02Z","endDateTime":"2026-03-04T09:21:47Z",
              "media":[{"label":"main-audio","streams":[{"averageJitter":"PT0.006S"}]}]}]}""";
    private static final String SEGMENT = """
            {"id":"g2","startDateTime":"2026-03-04T09:20:02Z","endDateTime":"2026-03-04T09:21:47Z"}""";

    private final Map<String, ApiFunction> functions = functions();
    private final ApiFunction templates = requireNonNull(functions.get("ManageTemplates"));
    private final ApiFunction records = requireNonNull(functions.get("ManageCallRecords"));
    private final ApiFunction posting = requireNonNull(functions.get("CreateCallRecordSession"));

    private static Map<String, ApiFunction> functions() {
        return DeployedFunctions.in(new Tables().environment("PRIVATE_NOTIFICATION_URLS", "true"))
                .byName();
    }

    @Test
    void templates_of_every_kind_are_changed_cloned_restored_and_deleted() {
        for (String kind : List.of(
                "applicationTabTemplates",
                "sessionTemplates",
                "notificationTemplates",
                "appProfiles",
                "presenceStates")) {
            create(kind);
            String one = "/" + kind + "/contoso_one";
            send(ApiEvent.of("PATCH", one).header("if-match", "*").body(Map.of("description", "Changed")), 200);
            send(
                    ApiEvent.of("PATCH", one)
                            .header("if-match", "W/\"2\"")
                            .header("content-type", "application/merge-patch+json")
                            .body(Map.of("tags", List.of("changed"))),
                    200);
            send(ApiEvent.of("PATCH", one).header("if-match", "W/\"2\"").body(Map.of("tags", List.of())), 412);
            send(ApiEvent.of("GET", one).header("if-none-match", "W/\"3\""), 304);
            send(ApiEvent.of("GET", one + "/versions").query("$top", "2"), 200);
            send(ApiEvent.of("GET", one + "/versions/1"), 200);
            send(ApiEvent.of("GET", one + "/versions/9"), 404);
            send(ApiEvent.of("POST", one + "/versions/1/restore").header("if-match", "*"), 200);
            ApiEvent clone = ApiEvent.of("POST", one + "/clone")
                    .header("idempotency-key", "clone")
                    .body(Map.of("uniqueName", "contoso_two"));
            send(clone.copy(), 201);
            assertThat(send(clone, 201).header("Idempotency-Replayed")).isEqualTo("true");
            send(ApiEvent.of("GET", "/" + kind).query("namePrefix", "contoso_"), 200);
            send(ApiEvent.of("DELETE", "/" + kind + "/contoso_two").header("if-match", "*"), 204);
        }
        send(ApiEvent.of("DELETE", "/sessionTemplates/contoso_one").header("if-match", "*"), 409);
        send(ApiEvent.of("GET", "/appProfiles"), 200);
        send(ApiEvent.of("GET", "/appProfiles/switchboard_default_profile"), 200);
    }

    @Test
    void users_of_a_profile_are_assigned_listed_and_removed() {
        create("applicationTabTemplates");
        create("sessionTemplates");
        create("appProfiles");
        String users = "/appProfiles/contoso_one/users";
        send(ApiEvent.of("PUT", users + "/alice"), 201);
        send(ApiEvent.of("PUT", users + "/alice"), 200);
        send(ApiEvent.of("GET", users), 200);
        send(ApiEvent.of("DELETE", users + "/alice"), 204);
        send(ApiEvent.of("DELETE", users + "/alice"), 404);
    }

    @Test
    void export_can_be_imported() {
        for (String kind : List.of(
                "applicationTabTemplates",
                "sessionTemplates",
                "notificationTemplates",
                "appProfiles",
                "presenceStates")) {
            create(kind);
        }
        FunctionResponse exported = send(ApiEvent.of("GET", "/templates/export"), 200);
        send(ApiEvent.of("GET", "/templates/export").query("$top", "1"), 200);
        send(ApiEvent.of("GET", "/templates/export").query("templates", "appProfile/contoso_one"), 200);
        send(ApiEvent.of("GET", "/templates/export").query("templates", "appProfile/nowhere"), 422);
        ApiEvent imports = ApiEvent.of("POST", "/templates/import").body(exported.json());
        send(imports.copy().query("dryRun", "true"), 200);
        send(imports.copy().claim("tid", "fabrikam"), 200);
        assertThat(send(imports, 200).at("counts.unchanged")).isEqualTo(5);
        Map<String, Object> conflicting = Map.of(
                "value",
                List.of(Map.of(
                        "kind",
                        "sessionTemplate",
                        "uniqueName",
                        "contoso_lost",
                        "name",
                        "Lost",
                        "type",
                        "generic",
                        "communicationPanelMode",
                        "hidden",
                        "anchorTab",
                        "nowhere")));
        ApiEvent conflict = ApiEvent.of("POST", "/templates/import").body(conflicting);
        send(conflict.copy().query("dryRun", "true"), 200);
        send(conflict, 409);
    }

    @Test
    void dataverse_rows_are_imported() {
        send(ApiEvent.of("POST", "/templates/import").text("""
                        {"@odata.context":"https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#msdyn_sessiontemplates",
                         "value":[{"msdyn_sessiontemplateid":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","msdyn_name":"Case",
                          "msdyn_uniquename":"contoso_case","msdyn_sessiontype":1,"msdyn_entity":"incident",
                          "msdyn_panelstate":162450001,"msdyn_title":"{anchor.title}","msdyn_enablebuildexpression":true,
                          "msdyn_expressiondata":"{}","statecode":0}]}"""), 200);
    }

    @Test
    void call_record_is_stored_read_changed_and_deleted() {
        String one = RECORDS + "/4711";
        ApiEvent store =
                ApiEvent.of("POST", RECORDS).header("idempotency-key", "record").body(record(1));
        record(store.copy(), 201);
        assertThat(record(store.copy(), 201).header("Idempotency-Replayed")).isEqualTo("true");
        record(store.copy().body(record(2)), 422);
        record(ApiEvent.of("POST", RECORDS).body(record(1)), 200);
        record(ApiEvent.of("POST", RECORDS).header("prefer", "return=minimal").body(record(1)), 204);
        record(ApiEvent.of("POST", RECORDS).body(record(2)), 201);
        String etag = String.valueOf(record(ApiEvent.of("GET", one), 200).header("ETag"));
        record(ApiEvent.of("GET", one).header("if-none-match", etag), 304);
        record(ApiEvent.of("GET", one).query("$expand", "sessions($expand=segments),participants_v2"), 200);
        record(ApiEvent.of("GET", one).query("$select", "id,version").header("prefer", "omit-values=nulls"), 200);
        record(ApiEvent.of("GET", RECORDS).query("$count", "true").query("$top", "1"), 200);
        assertThat(record(ApiEvent.of("GET", RECORDS + "/$count"), 200).body()).isEqualTo("1");
        record(
                ApiEvent.of("PATCH", one)
                        .header("content-type", "application/merge-patch+json")
                        .body(Map.of("type", "peerToPeer")),
                200);
        record(
                ApiEvent.of("PATCH", one)
                        .header("prefer", "return=minimal")
                        .body(Map.of("joinWebUrl", "https://example.com/join")),
                204);
        record(ApiEvent.of("PATCH", one).header("if-match", etag).body(Map.of("type", "unknown")), 412);
        String organizer = one + "/organizer_v2";
        record(ApiEvent.of("GET", organizer).query("$select", "identity"), 200);
        record(ApiEvent.of("PATCH", organizer).text(ORGANIZER), 200);
        record(ApiEvent.of("DELETE", organizer).header("if-match", etag), 412);
        record(ApiEvent.of("DELETE", organizer), 204);
        record(ApiEvent.of("GET", organizer), 404);
        record(ApiEvent.of("PATCH", organizer).text(ORGANIZER), 201);
        record(ApiEvent.of("DELETE", organizer), 204);
        record(
                ApiEvent.of("PATCH", organizer)
                        .header("prefer", "return=minimal")
                        .text(ORGANIZER),
                204);
        record(ApiEvent.of("DELETE", one).header("if-match", etag), 412);
        record(ApiEvent.of("DELETE", one), 204);
        record(ApiEvent.of("GET", one), 404);
    }

    @Test
    void sessions_and_segments_are_stored_read_changed_and_deleted() {
        String sessions = RECORDS + "/4712/sessions";
        ApiEvent post = ApiEvent.of("POST", sessions)
                .header("idempotency-key", "session")
                .text(SESSION);
        post(post.copy(), 201);
        assertThat(post(post.copy(), 201).header("Idempotency-Replayed")).isEqualTo("true");
        post(post.copy().text(SESSION.replace("false", "true")), 422);
        post(ApiEvent.of("POST", sessions).header("prefer", "return=minimal").text(SESSION), 204);
        post(ApiEvent.of("POST", sessions).text(SESSION.replace("false", "true")), 409);
        String one = sessions + "/s";
        String etag = String.valueOf(record(ApiEvent.of("GET", one), 200).header("ETag"));
        record(ApiEvent.of("GET", one).header("if-none-match", etag), 304);
        record(ApiEvent.of("GET", one).query("$expand", "segments($select=id)").query("$select", "id"), 200);
        String segments = one + "/segments";
        record(ApiEvent.of("POST", segments).text(SEGMENT), 201);
        record(ApiEvent.of("POST", segments).header("prefer", "return=minimal").text(SEGMENT), 204);
        record(ApiEvent.of("POST", segments).text(SEGMENT.replace("21:47", "21:48")), 409);
        record(
                ApiEvent.of("POST", segments)
                        .header("idempotency-key", "segment")
                        .header("if-match", etag)
                        .text(SEGMENT),
                412);
        record(ApiEvent.of("GET", segments).query("$count", "true").query("$top", "1"), 200);
        record(ApiEvent.of("GET", segments).header("prefer", "odata.maxpagesize=1"), 200);
        record(ApiEvent.of("GET", segments + "/$count"), 200);
        etag = String.valueOf(record(ApiEvent.of("GET", segments + "/g2"), 200).header("ETag"));
        record(ApiEvent.of("GET", segments + "/g2").header("if-none-match", etag), 304);
        record(ApiEvent.of("PATCH", segments + "/g2").text("{\"media\":[{\"label\":\"main-audio\"}]}"), 200);
        record(ApiEvent.of("PATCH", segments + "/g2").header("if-match", etag).text("{\"media\":null}"), 412);
        record(ApiEvent.of("DELETE", segments + "/g2").header("if-match", etag), 412);
        record(ApiEvent.of("DELETE", segments + "/g2"), 204);
        record(ApiEvent.of("DELETE", segments + "/g2"), 404);
        record(ApiEvent.of("PATCH", one).text("{\"isTest\":true}"), 200);
        record(ApiEvent.of("PATCH", one).header("if-match", etag).text("{\"isTest\":null}"), 412);
        post(ApiEvent.of("POST", sessions).text(SESSION.replace("09:15:02", "09:16:02")), 201);
        record(ApiEvent.of("PATCH", one).text("{\"isTest\":null}"), 409);
        record(ApiEvent.of("PATCH", segments + "/g1").text("{\"media\":null}"), 409);
        record(ApiEvent.of("DELETE", segments + "/g1"), 409);
        record(ApiEvent.of("POST", segments).text(SEGMENT), 409);
        record(ApiEvent.of("DELETE", one), 409);
        FunctionResponse page = record(ApiEvent.of("GET", sessions).header("prefer", "odata.maxpagesize=1"), 200);
        record(
                ApiEvent.follow(String.valueOf(page.json().get("@odata.nextLink")))
                        .header("prefer", "odata.maxpagesize=1"),
                200);
        record(ApiEvent.of("GET", sessions + "/$count"), 200);
    }

    @Test
    void participants_are_stored_read_changed_and_deleted() {
        record(
                ApiEvent.of("POST", RECORDS)
                        .body(Map.of(
                                "id", "4713",
                                "version", 1,
                                "type", "groupCall",
                                "modalities", List.of("audio"),
                                "startDateTime", "2026-03-04T09:15:02Z",
                                "endDateTime", "2026-03-04T09:21:47Z")),
                201);
        String participants = RECORDS + "/4713/participants_v2";
        record(ApiEvent.of("POST", participants).text(PARTICIPANT), 201);
        record(
                ApiEvent.of("POST", participants)
                        .header("prefer", "return=minimal")
                        .text(PARTICIPANT),
                204);
        record(ApiEvent.of("POST", participants).text(PARTICIPANT.replace("Ines", "Omar")), 409);
        ApiEvent keyed = ApiEvent.of("POST", participants).header("idempotency-key", "participant");
        record(keyed.copy().text("{\"administrativeUnitInfos\":[{\"id\":\"a\"}]}"), 201);
        record(keyed.copy().text("{\"administrativeUnitInfos\":[{\"id\":\"b\"}]}"), 422);
        record(ApiEvent.of("GET", participants).query("$count", "true").query("$select", "id"), 200);
        record(ApiEvent.of("GET", participants).header("prefer", "odata.maxpagesize=1"), 200);
        record(ApiEvent.of("GET", participants + "/$count"), 200);
        String one = participants + "/ines";
        String etag = String.valueOf(record(ApiEvent.of("GET", one), 200).header("ETag"));
        record(ApiEvent.of("GET", one).header("if-none-match", etag), 304);
        record(ApiEvent.of("PATCH", one).text("{\"administrativeUnitInfos\":[]}"), 200);
        record(ApiEvent.of("PATCH", one).header("if-match", etag).text("{\"administrativeUnitInfos\":null}"), 412);
        record(ApiEvent.of("DELETE", one).header("if-match", etag), 412);
        record(ApiEvent.of("DELETE", one), 204);
    }

    @Test
    void subscription_is_created_renewed_and_deleted() throws IOException {
        HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            byte[] token = query.substring(query.indexOf('=') + 1).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/well") ? 200 : 404, token.length);
            exchange.getResponseBody().write(token);
            exchange.close();
        });
        endpoint.start();
        try {
            String url = "http://127.0.0.1:" + endpoint.getAddress().getPort();
            Map<String, Object> requested = Map.of(
                    "changeType", "created,updated",
                    "resource", "/communications/callRecords",
                    "notificationUrl", url + "/well",
                    "clientState", "secret",
                    "expirationDateTime",
                            Instant.now().plus(Duration.ofHours(2)).toString());
            ApiEvent create = ApiEvent.of("POST", "/v1.0/subscriptions")
                    .header("idempotency-key", "subscription")
                    .body(requested);
            String path = "/v1.0/subscriptions/" + record(create.copy(), 201).text("id");
            assertThat(record(create.copy(), 201).header("Idempotency-Replayed"))
                    .isEqualTo("true");
            record(create.copy().text(String.valueOf(create.body()).replace("secret", "other")), 422);
            record(ApiEvent.of("GET", path), 200);
            record(ApiEvent.of("GET", "/v1.0/subscriptions").query("$top", "1"), 200);
            record(
                    ApiEvent.of("PATCH", path)
                            .body(Map.of(
                                    "expirationDateTime",
                                    Instant.now().plus(Duration.ofHours(3)).toString())),
                    200);
            record(ApiEvent.of("PATCH", path).body(Map.of("notificationUrl", url + "/ill")), 400);
            record(ApiEvent.of("POST", path + "/reauthorize"), 204);
            record(ApiEvent.of("DELETE", path), 204);
            record(ApiEvent.of("DELETE", path), 404);
            record(create, 404);
        } finally {
            endpoint.stop(0);
        }
    }

    private static Map<String, Object> record(int version) {
        return Map.of(
                "id",
                "4711",
                "version",
                version,
                "type",
                "groupCall",
                "modalities",
                List.of("audio"),
                "startDateTime",
                "2026-03-04T09:15:02Z",
                "endDateTime",
                "2026-03-04T09:21:47Z",
                "organizer_v2",
                Json.readOwn(ORGANIZER),
                "participants_v2",
                List.of(Json.readOwn(PARTICIPANT)),
                "sessions",
                List.of(Json.readOwn(SESSION)));
    }

    private FunctionResponse record(ApiEvent event, int status) {
        return send(event.permissions("CallRecords.ReadWrite.All"), records, status);
    }

    private FunctionResponse post(ApiEvent event, int status) {
        return send(event.permissions("CallRecords.ReadWrite.All"), posting, status);
    }

    private void create(String kind) {
        send(
                ApiEvent.of("POST", "/" + kind)
                        .text(
                                switch (kind) {
                                    case "applicationTabTemplates" -> """
                            {"uniqueName":"contoso_one","name":"One","pageType":"thirdPartyWebsite",
                             "parameters":{"url":"https://example.com/?q=","data":"{customer}"}}""";
                                    case "sessionTemplates" -> """
                            {"uniqueName":"contoso_one","name":"One","type":"generic","communicationPanelMode":"docked",
                             "anchorTab":"contoso_one","parameterDefinitions":[{"name":"customer","type":"string"}]}""";
                                    case "notificationTemplates" -> """
                            {"uniqueName":"contoso_one","name":"One","title":"{customer}",
                             "fields":[{"name":"customer","value":"{customer}"}]}""";
                                    case "presenceStates" -> """
                            {"uniqueName":"contoso_one","name":"One","basicState":"away"}""";
                                    default -> """
                            {"uniqueName":"contoso_one","name":"One","roles":["voice"],"isDefault":true,
                             "sessionTemplates":["contoso_one","case_entity_session_default_template"],
                             "defaultSessionTemplates":{"channels":{"chat":"contoso_one"},
                              "entities":{"incident":"case_entity_session_default_template"}}}""";
                                }),
                201);
    }

    private FunctionResponse send(ApiEvent event, int status) {
        return send(event, templates, status);
    }

    private static FunctionResponse send(ApiEvent event, ApiFunction function, int status) {
        // The document allows https only, but this test's subscriber is an http server on this machine.
        Exchange.SentRequest sent =
                Exchange.SentRequest.ofEvent(event.toString().replace(PLAIN, "https://127.0.0.1"));
        FunctionResponse response = event.sendTo(function).is(status);
        assertThat(API.problemsOf(sent)).as(event.toString()).isEmpty();
        Exchange.ReceivedResponse received = Exchange.ReceivedResponse.of(response);
        assertThat(API.problemsOf(
                        sent.method(),
                        sent.path(),
                        received.withBody(received.body().replace(PLAIN, "https://127.0.0.1"))))
                .as("%s %s: %s", sent.method(), sent.path(), response.body())
                .isEmpty();
        if (event.method().equals("GET")) {
            event.asHead().sendTo(function).isHeadOf(response);
        }
        return response;
    }
}
