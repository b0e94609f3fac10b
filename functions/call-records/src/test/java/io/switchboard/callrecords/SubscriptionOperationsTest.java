package io.switchboard.callrecords;

import static io.switchboard.callrecords.notifications.EndpointServer.response;
import static io.switchboard.callrecords.notifications.EndpointServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.notifications.EndpointServer;
import io.switchboard.callrecords.notifications.InMemorySubscriptionStore;
import io.switchboard.callrecords.notifications.NotificationSender;
import io.switchboard.callrecords.notifications.SubscriptionStatus;
import io.switchboard.callrecords.notifications.SubscriptionStore;
import io.switchboard.callrecords.notifications.TestSubscriptions;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.TestContext;
import io.switchboard.runtime.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests subscriptions over their routes; the endpoint is a real server. */
final class SubscriptionOperationsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String READ_WRITE = "CallRecords.ReadWrite.All";

    private final EndpointServer endpoint = EndpointServer.plain();
    private final SubscriptionStore store = new InMemorySubscriptionStore();
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final ManualTicker ticker = new ManualTicker();
    /** The elapsed time of a request before its operation begins. */
    private Duration slowness = Duration.ZERO;

    private final ApiFunction function = function(Map.of("PRIVATE_NOTIFICATION_URLS", "true"));

    @AfterEach
    void close() {
        endpoint.close();
    }

    /** Returns a function with only the routes of the API's function. */
    private ApiFunction function(Map<String, String> environment) {
        SubscriptionOperations operations = new SubscriptionOperations(store, NotificationSender.of(environment));
        List<Route> routes = new ArrayList<>();
        for (String base : GraphRequest.BASES) {
            String all = base + "/subscriptions";
            String one = all + "/{subscriptionId}";
            routes.add(Route.of("GET", all, operations::list, CallRecordRoutes.READERS));
            routes.add(Route.of("POST", all, operations::create, CallRecordRoutes.WRITERS));
            routes.add(Route.of("GET", one, operations::read, CallRecordRoutes.READERS));
            routes.add(Route.of("PATCH", one, operations::patch, CallRecordRoutes.WRITERS));
            routes.add(Route.of("DELETE", one, operations::delete, CallRecordRoutes.WRITERS));
            routes.add(Route.of("POST", one + "/reauthorize", operations::reauthorize, CallRecordRoutes.WRITERS));
        }
        InstantSource source = () -> {
            ticker.advance(slowness);
            return clock.get();
        };
        return new ApiFunction(new RouteTable(routes), ApiSettings.of(environment), source, ticker) {};
    }

    private static ApiEvent event(String method, String path) {
        return ApiEvent.of(method, path).permissions(READ_WRITE);
    }

    private Map<String, @Nullable Object> body() {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("changeType", "created,updated");
        body.put("notificationUrl", endpoint.url("/notify"));
        body.put("resource", "/communications/callRecords");
        body.put("expirationDateTime", "2026-11-21T12:00:00.0000000Z");
        return body;
    }

    private Map<String, @Nullable Object> body(String name, @Nullable Object value) {
        Map<String, @Nullable Object> body = body();
        body.put(name, value);
        return body;
    }

    private FunctionResponse post(Map<String, @Nullable Object> body) {
        return event("POST", "/v1.0/subscriptions").body(body).sendTo(function);
    }

    private FunctionResponse get(String path) {
        return event("GET", path).sendTo(function);
    }

    private String created() {
        return post(body()).is(201).text("id");
    }

    @Test
    void subscription_is_returned_as_in_graph() {
        Map<String, @Nullable Object> body = body("clientState", "mine");
        body.put("lifecycleNotificationUrl", endpoint.url("/lifecycle"));
        body.put("latestSupportedTlsVersion", "v1_3");

        FunctionResponse answer = post(body).is(201);

        String id = answer.text("id");
        assertThat(answer.header("Location")).isEqualTo("https://api.contoso.example/v1.0/subscriptions/" + id);
        assertThat(answer.header("OData-Version")).isEqualTo("4.0");
        Map<String, @Nullable Object> shown = answer.json();
        assertThat(shown)
                .containsExactly(
                        entry("@odata.context", "https://api.contoso.example/v1.0/$metadata#subscriptions/$entity"),
                        entry("id", id),
                        entry("resource", "/communications/callRecords"),
                        entry("applicationId", "desk"),
                        entry("changeType", "created,updated"),
                        entry("clientState", "mine"),
                        entry("notificationUrl", endpoint.url("/notify")),
                        entry("lifecycleNotificationUrl", endpoint.url("/lifecycle")),
                        entry("expirationDateTime", "2026-11-21T12:00:00Z"),
                        entry("creatorId", "agent"),
                        entry("latestSupportedTlsVersion", "v1_3"),
                        entry("includeResourceData", null),
                        entry("encryptionCertificate", null),
                        entry("encryptionCertificateId", null),
                        entry("notificationQueryOptions", null),
                        entry("notificationUrlAppId", null));
        shown.put("clientState", null);
        assertThat(get("/v1.0/subscriptions/" + id).is(200).json())
                .as("only the create returns clientState")
                .isEqualTo(shown);
    }

    @Test
    void backend_is_its_own_creator() {
        FunctionResponse answer = ApiEvent.of("POST", "/subscriptions")
                .backend(READ_WRITE)
                .body(body())
                .sendTo(function)
                .is(201);

        assertThat(answer.text("creatorId")).isEqualTo("backend");
        assertThat(answer.text("applicationId")).isEqualTo("backend");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/v1.0", "/beta"})
    void each_service_root_returns_its_own_urls(String base) {
        FunctionResponse answer = event("POST", base + "/subscriptions")
                .body(body())
                .sendTo(function)
                .is(201);
        String root = "https://api.contoso.example" + base;

        assertThat(answer.header("Location")).isEqualTo(root + "/subscriptions/" + answer.text("id"));
        assertThat(answer.json().get("@odata.context")).isEqualTo(root + "/$metadata#subscriptions/$entity");
        assertThat(get(base + "/subscriptions").is(200).json().get("@odata.context"))
                .isEqualTo(root + "/$metadata#subscriptions");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "created|created",
                "updated|updated",
                "updated,created|updated,created",
                "created, updated|created,updated",
                "created,created|created"
            })
    void change_types_are_one_or_both(String sent, String shown) {
        assertThat(post(body("changeType", sent)).is(201).text("changeType")).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted", "created,deleted", "Created", "created,", ",", "created;updated", "all"})
    void other_change_types_are_rejected(String changeType) {
        FunctionResponse answer = post(body("changeType", changeType)).isInvalid("invalidValue changeType");

        assertThat(answer.text("error.message")).contains("created", "updated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/communications/callRecords", "communications/callRecords", "/communications/callrecords"})
    void resource_is_stored_as_it_was_sent(String resource) {
        assertThat(post(body("resource", resource)).is(201).text("resource")).isEqualTo(resource);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/communications/callRecords?$filter=participants/any(p:p/id eq 'x')",
                "/communications/callRecords/",
                "//communications/callRecords",
                "/communications/callRecords/4711",
                "/v1.0/communications/callRecords",
                "/users",
                "/communications/calls"
            })
    void other_resources_are_rejected_with_the_supported_one(String resource) {
        FunctionResponse answer = post(body("resource", resource)).isInvalid("invalidValue resource");

        assertThat(answer.text("error.message")).contains("/communications/callRecords", "$filter");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T12:00:00Z, 2026-11-21T12:00:00Z",
        "2026-11-21T13:30:00.1234567+01:30, 2026-11-21T12:00:00Z",
        "2026-11-24T08:30:00Z, 2026-11-24T08:30:00Z",
        "2026-11-21T10:45:00Z, 2026-11-21T10:45:00Z",
        "2026-11-21T10:44:59Z, 2026-11-21T10:45:00Z",
        "2026-11-21T10:00:01Z, 2026-11-21T10:45:00Z",
        "2026-11-21T10:00:00.0000001Z, 2026-11-21T10:45:00Z"
    })
    void expiration_is_extended_to_at_least_45_minutes(String sent, String shown) {
        FunctionResponse answer = post(body("expirationDateTime", sent)).is(201);

        assertThat(answer.text("expirationDateTime")).isEqualTo(shown);
    }

    /** A time in the past hides a wrong clock or time zone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T10:00:00Z",
                "2026-11-21T11:59:59.999999999999+02:00",
                "2026-11-21T09:55:00Z",
                "2001-01-01T00:00:00Z"
            })
    void expiration_that_is_not_in_the_future_is_rejected_by_post_and_patch(String sent) {
        String path = "/subscriptions/" + created();
        int validated = endpoint.connections();

        assertThat(post(body("expirationDateTime", sent))
                        .isInvalid("invalidValue expirationDateTime")
                        .text("error.message"))
                .contains("future", "2026-11-21T10:00:00Z", "time zone");
        event("PATCH", path)
                .body(Map.of("expirationDateTime", sent))
                .sendTo(function)
                .isInvalid("invalidValue expirationDateTime");
        assertThat(get(path).text("expirationDateTime")).isEqualTo("2026-11-21T12:00:00Z");
        assertThat(endpoint.connections()).isEqualTo(validated);
    }

    @Test
    void shortest_life_is_rounded_up_to_a_second() {
        clock.set(NOW.plusMillis(1));

        assertThat(post(body("expirationDateTime", "2026-11-21T10:45:00Z"))
                        .is(201)
                        .text("expirationDateTime"))
                .isEqualTo("2026-11-21T10:45:01Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-24T08:30:01Z",
                "2027-11-21T10:00:00Z",
                "9999-12-31T23:59:59Z",
                "2026-11-21T12:00:00",
                "2026-11-21",
                "tomorrow",
                "2026-02-30T00:00:00Z"
            })
    void expiration_that_is_too_late_or_invalid_is_rejected(String sent) {
        post(body("expirationDateTime", sent)).isInvalid("invalidValue expirationDateTime");
    }

    @Test
    void all_violations_are_reported_at_once_and_no_endpoint_is_called() {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("changeType", "deleted");
        body.put("notificationUrl", "ftp://x.example");
        body.put("lifecycleNotificationUrl", endpoint.url("/#fragment"));
        body.put("resource", "/users");
        body.put("expirationDateTime", "2030-01-01T00:00:00Z");
        body.put("clientState", "x".repeat(129));
        body.put("latestSupportedTlsVersion", "v1_1");
        body.put("includeResourceData", true);
        body.put("encryptionCertificate", "abc");
        body.put("encryptionCertificateId", "abc");
        body.put("notificationQueryOptions", "$filter=x");
        body.put("notificationUrlAppId", "abc");
        body.put("somethingElse", 1);
        body.put("ClientState", "x");

        FunctionResponse answer = post(body)
                .isInvalid(
                        "invalidValue changeType",
                        "invalidValue notificationUrl",
                        "invalidValue lifecycleNotificationUrl",
                        "invalidValue resource",
                        "invalidValue expirationDateTime",
                        "tooLong clientState",
                        "invalidValue latestSupportedTlsVersion",
                        "notAllowed includeResourceData",
                        "notAllowed encryptionCertificate",
                        "notAllowed encryptionCertificateId",
                        "notAllowed notificationQueryOptions",
                        "notAllowed notificationUrlAppId",
                        "unknownProperty somethingElse",
                        "unknownProperty ClientState");

        assertThat(answer.body()).doesNotContain("x.example");
        assertThat(endpoint.connections()).isZero();
    }

    @Test
    void missing_properties_are_reported() {
        post(new LinkedHashMap<>())
                .isInvalid(
                        "required changeType",
                        "required notificationUrl",
                        "required resource",
                        "required expirationDateTime");
        event("POST", "/subscriptions").sendTo(function).isInvalid("required");
        event("POST", "/subscriptions").body(List.of()).sendTo(function).isInvalid("wrongType");
        Map<String, @Nullable Object> wrong = new LinkedHashMap<>();
        for (String name : List.of(
                "changeType",
                "notificationUrl",
                "resource",
                "expirationDateTime",
                "clientState",
                "lifecycleNotificationUrl",
                "latestSupportedTlsVersion")) {
            wrong.put(name, 1);
        }
        assertThat(post(wrong).isError(400, "invalidRequest").detailCodes())
                .hasSize(7)
                .containsOnly("wrongType");
    }

    @Test
    void unset_properties_can_be_sent_back_as_graph_returns_them() {
        Map<String, @Nullable Object> body = body("includeResourceData", false);
        body.put("encryptionCertificate", "");
        body.put("encryptionCertificateId", null);
        body.put("notificationQueryOptions", "");
        body.put("id", "x");
        body.put("applicationId", "x");
        body.put("creatorId", "x");
        body.put("@odata.type", "#microsoft.graph.subscription");

        assertThat(post(body).is(201).text("applicationId")).isEqualTo("desk");
        assertThat(post(body("clientState", "x".repeat(128))).is(201).text("clientState"))
                .hasSize(128);
    }

    @Test
    void event_bus_needs_no_validation_and_reports_deletions_too() {
        Map<String, @Nullable Object> body = body("notificationUrl", "eventbus:");
        body.put("changeType", "created,deleted");

        FunctionResponse answer = post(body).is(201);

        assertThat(answer.text("notificationUrl")).isEqualTo("eventbus:");
        assertThat(answer.text("changeType")).isEqualTo("created,deleted");
        assertThat(endpoint.connections()).isZero();
        String path = "/subscriptions/" + answer.text("id");
        assertThat(event("PATCH", path)
                        .body(Map.of("notificationUrl", endpoint.url("/notify")))
                        .sendTo(function)
                        .isInvalid("invalidValue changeType")
                        .text("error.message"))
                .contains("eventbus:");
        assertThat(endpoint.connections()).isZero();
        event("PATCH", path)
                .body(Map.of("notificationUrl", "eventbus:", "expirationDateTime", "2026-11-21T13:00:00Z"))
                .sendTo(function)
                .is(200);
    }

    @Test
    void subscription_moves_from_an_endpoint_to_the_event_bus_and_back() {
        String path = "/subscriptions/" + created();
        int validated = endpoint.connections();

        assertThat(event("PATCH", path)
                        .body(Map.of("notificationUrl", "eventbus:"))
                        .sendTo(function)
                        .is(200)
                        .text("notificationUrl"))
                .isEqualTo("eventbus:");
        assertThat(endpoint.connections()).isEqualTo(validated);
        event("PATCH", path)
                .body(Map.of("notificationUrl", endpoint.url("/back")))
                .sendTo(function)
                .is(200);
        assertThat(endpoint.connections()).isEqualTo(validated + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EventHub:https://vault.contoso.example/secrets/hub?tenantId=contoso",
                "EventGrid:?azuresubscriptionid=8A8A&resourcegroup=graph&partnertopic=calls",
                "eventbus:other",
                "EventBus:",
                "arn:aws:events:eu-west-1:123456789012:event-bus/other"
            })
    void other_services_are_rejected_and_the_event_bus_is_named(String url) {
        FunctionResponse answer = post(body("notificationUrl", url)).isInvalid("invalidValue notificationUrl");

        assertThat(answer.text("error.message")).contains("eventbus:");
        post(body("lifecycleNotificationUrl", url)).isInvalid("invalidValue lifecycleNotificationUrl");
        post(body("lifecycleNotificationUrl", "eventbus:")).isInvalid("invalidValue lifecycleNotificationUrl");
    }

    @Test
    void private_address_is_rejected_unless_a_setting_allows_it() {
        ApiFunction strict = function(Map.of());
        for (String url : List.of(
                endpoint.url("/"),
                "https://127.0.0.1:" + endpoint.port() + "/",
                "https://[::ffff:10.0.0.1]/",
                "https://2130706433/")) {
            event("POST", "/subscriptions")
                    .body(body("notificationUrl", url))
                    .sendTo(strict)
                    .isInvalid("invalidValue notificationUrl");
        }
        FunctionResponse named = event("POST", "/subscriptions")
                .body(body("notificationUrl", "https://localhost:" + endpoint.port() + "/"))
                .sendTo(strict)
                .isInvalid("validationFailed notificationUrl");

        assertThat(named.text("error.message")).contains("not public");
        assertThat(endpoint.connections()).isZero();
        assertThat(store.all("contoso", NOW)).isEmpty();
    }

    @Test
    void both_endpoints_are_validated_before_the_subscription_is_stored() {
        endpoint.behave((request, output) -> {
            assertThat(store.all("contoso", NOW)).isEmpty();
            EndpointServer.VALID.respond(request, output);
        });

        post(body("lifecycleNotificationUrl", endpoint.url("/lifecycle?x=y"))).is(201);

        assertThat(endpoint.received())
                .extracting(received -> received.target().split("validationToken=", -1)[0])
                .containsExactlyInAnyOrder("/notify?", "/lifecycle?x=y&");
        assertThat(endpoint.received())
                .allSatisfy(received ->
                        assertThat(received.headers().get("content-type")).startsWith("text/plain"));
    }

    @Test
    void both_endpoints_that_fail_validation_are_reported() {
        endpoint.behave((request, output) -> write(
                output,
                request.target().startsWith("/notify")
                        ? response(404, "text/plain", "secret")
                        : response(200, "text/html", String.valueOf(request.token()))));

        FunctionResponse answer = post(body("lifecycleNotificationUrl", endpoint.url("/lifecycle")))
                .isInvalid("validationFailed notificationUrl", "validationFailed lifecycleNotificationUrl");

        assertThat(answer.text("error.details[0].message")).contains("404", "validationToken");
        assertThat(answer.text("error.details[1].message")).contains("text/plain");
        assertThat(answer.body()).doesNotContain("secret");
        assertThat(store.all("contoso", NOW)).isEmpty();
    }

    /** The deadline of a request is that of its function: less than ten seconds of it remain for the endpoint. */
    @Test
    void slow_endpoint_is_reported_before_the_deadline_of_the_request() {
        CountDownLatch end = new CountDownLatch(1);
        endpoint.behave((request, output) -> end.await());
        slowness = TestContext.TIME.minusMillis(2_500);
        long began = System.nanoTime();

        FunctionResponse answer = post(body()).isInvalid("validationFailed notificationUrl");

        // Without a deadline, an endpoint has ten seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(answer.text("error.message")).contains("in time");
        end.countDown();
    }

    @Test
    void no_endpoint_is_called_if_no_time_is_left_to_store_the_subscription() {
        slowness = TestContext.TIME.minusMillis(2_250);

        post(body()).isError(503, "serviceUnavailable");

        assertThat(endpoint.connections()).isZero();
    }

    @Test
    void subscription_is_absent_to_other_applications_and_tenants() {
        String path = "/subscriptions/" + created();

        for (ApiEvent each : List.of(
                event("GET", path), event("DELETE", path), event("PATCH", path).body(Map.of()))) {
            each.copy().claim("azp", "other").sendTo(function).isError(404, "notFound");
            each.copy().claim("tid", "fabrikam").sendTo(function).isError(404, "notFound");
            each.copy().claim("azp", null).sendTo(function).isError(404, "notFound");
        }
        assertThat(event("GET", "/subscriptions")
                        .claim("azp", "other")
                        .sendTo(function)
                        .each("value", "id"))
                .isEmpty();
        assertThat(event("GET", "/subscriptions")
                        .claim("tid", "fabrikam")
                        .sendTo(function)
                        .each("value", "id"))
                .isEmpty();
        assertThat(event("GET", "/subscriptions")
                        .user("another")
                        .sendTo(function)
                        .each("value", "id"))
                .as("other users of the application can read it")
                .hasSize(1);
        get(path).is(200);
    }

    @Test
    void reads_require_read_and_writes_require_write_permission() {
        String path = "/subscriptions/" + created();
        String reader = "CallRecords.Read.All";

        event("GET", path).permissions(reader).sendTo(function).is(200);
        event("GET", "/subscriptions").permissions(reader).sendTo(function).is(200);
        event("POST", "/subscriptions")
                .permissions(reader)
                .body(body())
                .sendTo(function)
                .isError(403, "permissionRequired");
        event("PATCH", path).permissions(reader).body(Map.of()).sendTo(function).isError(403, "permissionRequired");
        event("DELETE", path).permissions(reader).sendTo(function).isError(403, "permissionRequired");
        event("GET", path).withoutClaims().sendTo(function).isError(401, "unauthorized");
    }

    @Test
    void list_has_pages() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(created());
        }

        FunctionResponse page = event("GET", "/beta/subscriptions")
                .query("$top", "3")
                .sendTo(function)
                .is(200);
        List<Object> found = new ArrayList<>(page.each("value", "id"));
        assertThat(page.json()).containsOnlyKeys("@odata.context", "value", "@odata.nextLink");
        while (page.json().get("@odata.nextLink") instanceof String link) {
            page = ApiEvent.follow(link)
                    .permissions(READ_WRITE)
                    .sendTo(function)
                    .is(200);
            found.addAll(page.each("value", "id"));
        }

        assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
        event("GET", "/subscriptions").query("$filter", "x").sendTo(function).isInvalid("unknownQueryOption $filter");
        event("GET", "/subscriptions").query("$top", "0").sendTo(function).isInvalid("invalidValue $top");
    }

    @Test
    void list_omits_client_state() {
        post(body("clientState", "mine")).is(201);

        assertThat(get("/subscriptions").body()).doesNotContain("mine");
    }

    @Test
    void renewal_is_limited_from_now_and_calls_no_endpoint() {
        String path = "/subscriptions/" + created();
        int validated = endpoint.connections();
        clock.set(NOW.plus(Duration.ofHours(1)));

        FunctionResponse answer = event("PATCH", path)
                .body(Map.of("expirationDateTime", "2026-11-24T09:30:00Z"))
                .sendTo(function)
                .is(200);

        assertThat(answer.text("expirationDateTime")).isEqualTo("2026-11-24T09:30:00Z");
        assertThat(answer.json().get("@odata.context"))
                .isEqualTo("https://api.contoso.example/$metadata#subscriptions/$entity");
        assertThat(get(path).json()).isEqualTo(answer.json());
        assertThat(event("PATCH", path)
                        .body(Map.of("expirationDateTime", "2026-11-21T11:00:01Z"))
                        .sendTo(function)
                        .is(200)
                        .text("expirationDateTime"))
                .isEqualTo("2026-11-21T11:45:00Z");
        event("PATCH", path)
                .body(Map.of("expirationDateTime", "2026-11-24T09:30:01Z"))
                .sendTo(function)
                .isInvalid("invalidValue expirationDateTime");
        assertThat(endpoint.connections()).isEqualTo(validated);
    }

    @Test
    void new_url_is_validated_and_the_old_one_stays_if_that_fails() {
        String path = "/subscriptions/" + created();
        Map<String, String> patch = Map.of("notificationUrl", endpoint.url("/new"));
        endpoint.behave((request, output) -> write(output, response(500, "", "")));

        event("PATCH", path).body(patch).sendTo(function).isInvalid("validationFailed notificationUrl");
        assertThat(get(path).text("notificationUrl")).isEqualTo(endpoint.url("/notify"));

        endpoint.behave(EndpointServer.VALID);
        assertThat(event("PATCH", path).body(patch).sendTo(function).is(200).text("notificationUrl"))
                .isEqualTo(endpoint.url("/new"));
        int validated = endpoint.connections();
        event("PATCH", path).body(patch).sendTo(function).is(200);
        assertThat(endpoint.connections())
                .as("an unchanged URL is not validated again")
                .isEqualTo(validated);
    }

    @Test
    void patch_of_other_properties_is_rejected_with_all_violations() {
        String path = "/subscriptions/" + created();
        Map<String, @Nullable Object> patch = new LinkedHashMap<>();
        patch.put("expirationDateTime", null);
        patch.put("notificationUrl", "");
        patch.put("changeType", "created");
        patch.put("resource", "/communications/callRecords");
        patch.put("clientState", "other");
        patch.put("lifecycleNotificationUrl", endpoint.url("/"));
        patch.put("latestSupportedTlsVersion", "v1_3");
        patch.put("includeResourceData", true);
        patch.put("somethingElse", 1);
        patch.put("id", "ignored");

        event("PATCH", path)
                .body(patch)
                .sendTo(function)
                .isInvalid(
                        "required expirationDateTime",
                        "required notificationUrl",
                        "readOnlyMember changeType",
                        "readOnlyMember clientState",
                        "readOnlyMember lifecycleNotificationUrl",
                        "readOnlyMember latestSupportedTlsVersion",
                        "readOnlyMember id",
                        "notAllowed includeResourceData",
                        "unknownProperty somethingElse");
        assertThat(event("PATCH", path).body(Map.of()).sendTo(function).is(200).json())
                .isEqualTo(get(path).json());
    }

    @Test
    void response_can_be_sent_back_by_patch() {
        String path = "/subscriptions/" + created();
        FunctionResponse before = get(path);

        assertThat(event("PATCH", path)
                        .body(before.json())
                        .sendTo(function)
                        .is(200)
                        .json())
                .isEqualTo(before.json());
        assertThat(event("PATCH", path)
                        .body(Map.of("resource", "/communications/callRecords/other"))
                        .sendTo(function)
                        .isInvalid("readOnlyMember resource")
                        .text("error.details[0].message"))
                .contains("POST /subscriptions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/v1.0", "/beta"})
    void reauthorization_returns_204_and_leaves_the_expiry_as_it_is(String base) {
        String path = base + "/subscriptions/" + created();
        FunctionResponse before = get(path);
        int validated = endpoint.connections();
        clock.set(NOW.plus(Duration.ofHours(1)));

        FunctionResponse answer =
                event("POST", path + "/reauthorize").sendTo(function).is(204);

        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("OData-Version")).isEqualTo("4.0");
        assertThat(get(path).json()).isEqualTo(before.json());
        assertThat(endpoint.connections()).isEqualTo(validated);
    }

    private void suspend(String id) {
        store.change(
                "contoso",
                "desk",
                id,
                found -> found.with(new SubscriptionStatus(NOW.minusSeconds(20_000), NOW.minusSeconds(60), null)),
                NOW);
    }

    @Test
    void suspended_subscription_says_so_until_it_is_reauthorized_or_changed() {
        String id = created();
        String path = "/subscriptions/" + id;
        FunctionResponse before = get(path);
        suspend(id);
        FunctionResponse suspended = get(path);

        assertThat(suspended.json().get("@switchboard.suspendedDateTime")).isEqualTo("2026-11-21T09:59:00Z");
        assertThat(get("/subscriptions").body())
                .contains("\"@switchboard.suspendedDateTime\":\"2026-11-21T09:59:00Z\"");
        event("POST", path + "/reauthorize").sendTo(function).is(204);
        assertThat(get(path).json()).isEqualTo(before.json());

        suspend(id);
        assertThat(event("PATCH", path)
                        .body(suspended.json())
                        .sendTo(function)
                        .is(200)
                        .json())
                .as("the annotation is ignored when it is sent back")
                .isEqualTo(before.json());
        event("POST", "/subscriptions")
                .body(body("@switchboard.suspendedDateTime", "2026-11-21T09:59:00Z"))
                .sendTo(function)
                .is(201);
    }

    @Test
    void deletion_by_another_user_of_the_application_leaves_the_subscription_for_its_last_notification() {
        String id = created();
        String path = "/subscriptions/" + id;

        event("DELETE", path).user("another").sendTo(function).is(204);

        get(path).isError(404, "notFound");
        event("DELETE", path).sendTo(function).isError(404, "notFound");
        assertThat(store.readEnded("contoso", id).orElseThrow().status())
                .isEqualTo(new SubscriptionStatus(null, null, NOW));
        String own = created();
        event("DELETE", "/subscriptions/" + own).sendTo(function).is(204);
        assertThat(store.readEnded("contoso", own)).isEmpty();
    }

    @Test
    void reauthorization_checks_application_tenant_and_permission_again() {
        String path = "/subscriptions/" + created() + "/reauthorize";
        ApiEvent reauthorization = event("POST", path);

        reauthorization.copy().claim("azp", "other").sendTo(function).isError(404, "notFound");
        reauthorization.copy().claim("tid", "fabrikam").sendTo(function).isError(404, "notFound");
        reauthorization
                .copy()
                .permissions("CallRecords.Read.All")
                .sendTo(function)
                .isError(403, "permissionRequired");
        event("POST", "/subscriptions/missing/reauthorize").sendTo(function).isError(404, "notFound");
        event("POST", path).query("x", "1").sendTo(function).isInvalid("unknownQueryOption x");
        event("GET", path).sendTo(function).isError(405, "methodNotAllowed");
    }

    @Test
    void expired_subscription_is_absent() {
        String path = "/subscriptions/" + created();
        clock.set(Instant.parse("2026-11-21T12:00:00Z"));

        get(path).isError(404, "notFound");
        event("PATCH", path)
                .body(Map.of("expirationDateTime", "2026-11-21T14:00:00Z"))
                .sendTo(function)
                .isError(404, "notFound");
        event("DELETE", path).sendTo(function).isError(404, "notFound");
        event("POST", path + "/reauthorize").sendTo(function).isError(404, "notFound");
        assertThat(get("/subscriptions").each("value", "id")).isEmpty();
    }

    @Test
    void deleted_subscription_is_absent() {
        String path = "/subscriptions/" + created();

        FunctionResponse answer = event("DELETE", path).sendTo(function).is(204);

        assertThat(answer.body()).isEmpty();
        get(path).isError(404, "notFound");
        event("DELETE", path).sendTo(function).isError(404, "notFound");
    }

    private FunctionResponse keyed(String key, Map<String, @Nullable Object> body) {
        return event("POST", "/v1.0/subscriptions")
                .header("Idempotency-Key", key)
                .body(body)
                .sendTo(function);
    }

    @Test
    void repeated_request_creates_one_subscription_and_validates_once() {
        Map<String, @Nullable Object> body = body("clientState", "mine");
        FunctionResponse first = keyed("k", body).is(201);
        int validated = endpoint.connections();
        clock.set(NOW.plusSeconds(60));

        FunctionResponse second = keyed("k", body).is(201);

        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(first.header("Idempotency-Replayed")).isNull();
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(endpoint.connections()).isEqualTo(validated);
        assertThat(store.all("contoso", NOW)).hasSize(1);
    }

    @Test
    void idempotency_key_belongs_to_one_request_of_one_application() {
        keyed("k", body()).is(201);

        keyed("k", body("clientState", "other")).isError(422, "idempotencyKeyReused");
        keyed("k2", body()).is(201);
        event("POST", "/v1.0/subscriptions")
                .claim("azp", "other")
                .header("Idempotency-Key", "k")
                .body(body())
                .sendTo(function)
                .is(201);
        event("POST", "/v1.0/subscriptions")
                .claim("tid", "fabrikam")
                .header("Idempotency-Key", "k")
                .body(body())
                .sendTo(function)
                .is(201);
        keyed("x".repeat(256), body()).isInvalid("invalidIdempotencyKey Idempotency-Key");
        assertThat(store.all("contoso", NOW)).hasSize(3);
    }

    @Test
    void repeated_request_does_not_restore_a_deleted_subscription() {
        String id = keyed("k", body()).is(201).text("id");
        event("DELETE", "/subscriptions/" + id).sendTo(function).is(204);

        keyed("k", body()).isError(404, "notFound");
        assertThat(store.all("contoso", NOW)).isEmpty();
    }

    @Test
    void tenant_is_limited_to_100_subscriptions_and_a_repeat_does_not_count() {
        keyed("k", body()).is(201);
        for (int i = 1; i < SubscriptionStore.MOST; i++) {
            store.create(TestSubscriptions.of("contoso", "s" + i, "other", NOW), null, NOW);
        }

        post(body()).isError(409, "subscriptionLimitReached");
        keyed("k", body()).is(201);
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "POST, ''", "GET, /x", "PATCH, /x", "DELETE, /x"})
    void unsupported_query_option_is_rejected(String method, String below) {
        event(method, "/subscriptions" + below)
                .query("$select", "id")
                .body(body())
                .sendTo(function)
                .isInvalid("unknownQueryOption $select");
    }

    @Test
    void log_contains_no_sent_values() {
        FunctionResponse answer = post(body("clientState", "secret-state")).is(201);

        assertThat(answer.log()).hasSize(1);
        assertThat(answer.log().getFirst()).doesNotContain("secret", "127.0.0.1", "agent", answer.text("id"));
    }

    @Test
    void tenant_id_that_is_too_long_is_rejected() {
        event("GET", "/subscriptions")
                .claim("tid", "x".repeat(1_001))
                .sendTo(function)
                .isInvalid("tooLong");
    }

    private static int retryAfter(FunctionResponse answer) {
        return Integer.parseInt(String.valueOf(answer.header("Retry-After")));
    }

    private void failTwentyTimes() {
        endpoint.behave((request, output) -> write(output, response(404, "", "")));
        for (int i = 0; i < 20; i++) {
            FunctionResponse answer = post(body()).isInvalid("validationFailed notificationUrl");
            assertThat(answer.text("error.message")).contains("404");
            assertThat(answer.log().getFirst()).contains("\"SubscriptionValidationsFailed\":1");
        }
    }

    @Test
    void tenant_with_20_failed_validations_is_rejected_for_an_hour() {
        failTwentyTimes();
        int called = endpoint.connections();
        endpoint.behave(EndpointServer.VALID);

        FunctionResponse rejected = post(body()).isError(429, "tooManyRequests");

        assertThat(retryAfter(rejected)).isBetween(3_600, 3_620);
        assertThat(rejected.log().getFirst())
                .contains("\"level\":\"WARN\"", "\"RequestsRefused\":1")
                .doesNotContain("RequestsThrottled", "SubscriptionValidationsFailed");
        assertThat(endpoint.connections()).isEqualTo(called);
        event("POST", "/v1.0/subscriptions")
                .claim("tid", "another")
                .body(body())
                .sendTo(function)
                .is(201);
        clock.set(NOW.plusSeconds(3_599));
        assertThat(retryAfter(post(body()).isError(429, "tooManyRequests"))).isBetween(1, 21);
        clock.set(NOW.plusSeconds(3_600));
        created();
    }

    @Test
    void validation_limit_applies_to_changed_urls_but_not_to_renewals() {
        String path = "/subscriptions/" + created();
        failTwentyTimes();

        event("PATCH", path)
                .body(Map.of("notificationUrl", endpoint.url("/new")))
                .sendTo(function)
                .isError(429, "tooManyRequests");
        event("PATCH", path)
                .body(Map.of("expirationDateTime", "2026-11-21T11:45:00Z"))
                .sendTo(function)
                .is(200);
    }

    @Test
    void validation_limit_counts_both_endpoints_of_a_request() {
        endpoint.behave((request, output) -> write(output, response(500, "", "")));
        for (int i = 0; i < 10; i++) {
            FunctionResponse answer = post(body("lifecycleNotificationUrl", endpoint.url("/lifecycle")));
            answer.isInvalid("validationFailed notificationUrl", "validationFailed lifecycleNotificationUrl");
            assertThat(answer.log().getFirst()).contains("\"SubscriptionValidationsFailed\":2");
        }

        post(body()).isError(429, "tooManyRequests");
    }

    @Test
    void replay_succeeds_when_the_validation_limit_is_reached() {
        ApiEvent keyed =
                event("POST", "/subscriptions").header("Idempotency-Key", "k").body(body());
        keyed.copy().sendTo(function).is(201);
        failTwentyTimes();

        keyed.copy().sendTo(function).is(201);
    }

    @Test
    void service_latency_excludes_the_time_of_endpoints() {
        endpoint.behave((request, output) -> {
            ticker.advance(Duration.ofMillis(700));
            EndpointServer.VALID.respond(request, output);
        });

        Map<String, @Nullable Object> line =
                Json.readOwn(post(body()).is(201).log().getFirst());

        assertThat(line).containsEntry("durationMs", 700).containsEntry("ServiceLatency", 0);
    }
}
