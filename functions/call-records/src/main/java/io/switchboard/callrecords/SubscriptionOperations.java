package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.notifications.FailedValidations;
import io.switchboard.callrecords.notifications.NotificationSender;
import io.switchboard.callrecords.notifications.NotificationUrl;
import io.switchboard.callrecords.notifications.Subscription;
import io.switchboard.callrecords.notifications.SubscriptionJson;
import io.switchboard.callrecords.notifications.SubscriptionOutcome;
import io.switchboard.callrecords.notifications.SubscriptionStatus;
import io.switchboard.callrecords.notifications.SubscriptionStore;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Listing;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.identity.Caller;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.Ticker;
import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.text.DerivedId;
import io.switchboard.text.Guid;
import io.switchboard.text.InputLimits;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The operations on subscriptions to call records ({@code docs/domain/call-records.md}, "Change notifications"). A
 * subscription belongs to the tenant and the application of the caller's token. Thread-safe.
 */
final class SubscriptionOperations {
    private static final String SUBSCRIPTIONS = "/subscriptions";
    private static final String SUBSCRIPTION_ID = "subscriptionId";

    /** The time in which an endpoint must return the token, as in Graph. */
    private static final Duration LONGEST_VALIDATION = Duration.ofSeconds(10);

    /** The time reserved for storing a validated subscription. */
    private static final Duration STORE_RESERVE = Duration.ofSeconds(1);

    /** The largest random addition to Retry-After, in seconds, for a tenant that has used up its validations. */
    private static final int LONGEST_JITTER = 20;

    private final SubscriptionStore store;
    private final NotificationSender sender;

    SubscriptionOperations(SubscriptionStore store, NotificationSender sender) {
        this.store = store;
        this.sender = sender;
    }

    Response list(Request request) {
        String tenant = tenant(request);
        String application = request.caller().provider();
        Listing listing = Listing.of(request, tenant + " " + application, Set.of(), Guid::isGuid);
        Page<Subscription> page = store.list(tenant, application, listing.page(), request.now());
        Response response = listing.response(page, subscription -> json(request, subscription, false));
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", GraphRequest.of(request).context("subscriptions"));
        if (response.body() instanceof Map<?, ?> members) {
            body.putAll(ObjectReader.members(members));
        }
        return GraphRequest.odata(Response.ok(body));
    }

    Response read(Request request) {
        request.query(Set.of());
        Subscription subscription = store.read(tenant(request), id(request), request.now())
                .filter(found -> found.application().equals(request.caller().provider()))
                .orElseThrow(() -> notFound(request));
        return GraphRequest.odata(Response.ok(shown(request, subscription, false)));
    }

    /** Validates the endpoints before the subscription is stored. A repeated request calls no endpoint. */
    Response create(Request request) {
        request.query(Set.of());
        Caller caller = request.caller();
        String tenant = tenant(request);
        @Nullable String key = request.idempotencyKey().orElse(null);
        String id = key == null
                ? UUID.randomUUID().toString()
                : DerivedId.of(tenant, caller.provider(), SUBSCRIPTIONS, key);
        Violations violations = new Violations();
        SubscriptionBody.NewSubscription requested = new SubscriptionBody(
                        request.bodyObject(false), violations, sender, request.now())
                .newSubscription(tenant, id, caller.provider(), caller.name());
        Refusal.ifAny(violations);
        @Nullable String hash = key == null ? null : request.bodyHash();
        if (hash != null) {
            Optional<SubscriptionOutcome> replay = store.replay(tenant, id, hash, request.now());
            if (replay.isPresent()) {
                return response(request, replay.get());
            }
        }
        if (!requested.urls().isEmpty()) {
            validate(tenant, requested.urls(), request.now());
        }
        return response(request, store.create(requested.subscription(), hash, request.now()));
    }

    private Response response(Request request, SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.Created created -> created(request, created.subscription());
            case SubscriptionOutcome.Replayed replayed ->
                created(request, replayed.subscription()).with("Idempotency-Replayed", "true");
            case SubscriptionOutcome.Gone gone ->
                throw Refusal.notFound("The subscription created with this Idempotency-Key was deleted or has expired."
                        + " Use a new key to create another.");
            case SubscriptionOutcome.KeyReused reused -> throw Refusal.idempotencyKeyReused();
            case SubscriptionOutcome.LimitReached limit ->
                throw Refusal.of(
                        ErrorCode.SUBSCRIPTION_LIMIT_REACHED,
                        "The tenant has reached the limit of " + SubscriptionStore.MOST
                                + " subscriptions across all applications. Delete one, or renew an existing one.");
        };
    }

    private static Response created(Request request, Subscription subscription) {
        String location = request.url(request.encodedPath() + "/" + subscription.id());
        return GraphRequest.odata(Response.created(location, shown(request, subscription, true)));
    }

    Response patch(Request request) {
        request.query(Set.of());
        String tenant = tenant(request);
        String application = request.caller().provider();
        Map<String, @Nullable Object> body = request.mergePatch();
        @Nullable
        Subscription before = store.read(tenant, id(request), request.now())
                .filter(found -> found.application().equals(application))
                .orElse(null);
        Violations violations = new Violations();
        SubscriptionBody.Patch patch = new SubscriptionBody(body, violations, sender, request.now()).patch(before);
        Refusal.ifAny(violations);
        if (before == null) {
            throw notFound(request);
        }
        @Nullable String url = patch.notificationUrl();
        if (!patch.urls().isEmpty() && !before.notificationUrl().equals(url)) {
            validate(tenant, patch.urls(), request.now());
        }
        Subscription changed = store.change(
                        tenant,
                        application,
                        id(request),
                        found -> {
                            Subscription resumed = found.with(SubscriptionStatus.ACTIVE);
                            Subscription renewed =
                                    patch.expires() == null ? resumed : resumed.expiring(patch.expires());
                            return url == null ? renewed : renewed.notifying(url);
                        },
                        request.now())
                .orElseThrow(() -> notFound(request));
        return GraphRequest.odata(Response.ok(shown(request, changed, false)));
    }

    /** If another user of the application deletes a subscription, its lifecycle endpoint is notified. */
    Response delete(Request request) {
        request.query(Set.of());
        String tenant = tenant(request);
        String application = request.caller().provider();
        Instant now = request.now();
        boolean isOwn = store.read(tenant, id(request), now)
                .map(found -> found.creator().equals(request.caller().name()))
                .orElse(true);
        boolean isDeleted = isOwn
                ? store.delete(tenant, application, id(request), now)
                : store.change(tenant, application, id(request), found -> removed(found, now), now)
                        .isPresent();
        if (!isDeleted) {
            throw notFound(request);
        }
        return GraphRequest.odata(Response.noContent());
    }

    private static Subscription removed(Subscription found, Instant now) {
        return found.with(new SubscriptionStatus(null, null, now.truncatedTo(ChronoUnit.SECONDS)));
    }

    /**
     * Checks the application and its permission again, as after a {@code reauthorizationRequired}. The expiry stays as
     * it is; a suspended subscription is resumed. A body is ignored.
     */
    Response reauthorize(Request request) {
        request.query(Set.of());
        Optional<Subscription> changed = store.change(
                tenant(request),
                request.caller().provider(),
                id(request),
                found -> found.with(SubscriptionStatus.ACTIVE),
                request.now());
        if (changed.isEmpty()) {
            throw notFound(request);
        }
        return GraphRequest.odata(Response.noContent());
    }

    /** Calls the endpoints, unless too many validations of the tenant failed within an hour. */
    private void validate(String tenant, Map<String, NotificationUrl> urls, Instant now) {
        Duration left = Deadline.left().minus(STORE_RESERVE);
        if (!left.isPositive()) {
            throw new Unavailable(Dependency.ENDPOINT, false, "no time is left to validate a subscriber's endpoint");
        }
        @Nullable Instant retryAt = store.beginValidations(tenant, urls.size(), now);
        if (retryAt != null) {
            throw tooManyFailed(Duration.between(now, retryAt));
        }
        List<String> names = new ArrayList<>(urls.keySet());
        Ticker ticker = Deadline.ticker();
        long began = ticker.read();
        List<Optional<String>> errors = sender.validate(
                List.copyOf(urls.values()), left.compareTo(LONGEST_VALIDATION) < 0 ? left : LONGEST_VALIDATION);
        RequestLog.current().waited(Duration.ofNanos(ticker.read() - began));
        Violations violations = new Violations();
        int failed = 0;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (errors.get(i).isPresent()) {
                failed++;
                violations.add(
                        "validationFailed",
                        name,
                        name + " failed validation: " + errors.get(i).get()
                                + ". It must respond to POST with ?validationToken=… with status 200, Content-Type"
                                + " text/plain and the decoded token, within " + LONGEST_VALIDATION.toSeconds()
                                + " seconds.");
            }
        }
        // Before the response: the outcome of a validation that cannot be counted is not returned.
        store.endValidations(tenant, urls.size(), failed, now);
        RequestLog.current().count(Metric.SUBSCRIPTION_VALIDATIONS_FAILED, failed);
        Refusal.ifAny(violations);
    }

    /** Adds random seconds to the wait, so that the callers of the tenant do not all retry at once. */
    private static Refusal tooManyFailed(Duration wait) {
        long seconds = Math.max(1, wait.toSeconds()) + new SecureRandom().nextInt(LONGEST_JITTER);
        return Refusal.of(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "The tenant had " + FailedValidations.MOST
                                + " failed validations of notification URLs within an hour. Fix the endpoints and retry"
                                + " after the number of seconds in Retry-After.")
                .withHeader("Retry-After", Long.toString(seconds));
    }

    private static Map<String, @Nullable Object> shown(
            Request request, Subscription subscription, boolean showsClientState) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", GraphRequest.of(request).context("subscriptions/$entity"));
        body.putAll(json(request, subscription, showsClientState));
        return body;
    }

    private static Map<String, @Nullable Object> json(
            Request request, Subscription subscription, boolean showsClientState) {
        Map<String, @Nullable Object> json = SubscriptionJson.toJson(subscription, showsClientState);
        GraphRequest graph = GraphRequest.of(request);
        graph.identify(json, graph.url(graph.base() + SUBSCRIPTIONS + "/" + subscription.id()));
        return json;
    }

    private static String tenant(Request request) {
        String tenant = request.caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong", "", "The tenant id has more than " + Keys.LONGEST_PART + " bytes when encoded.");
        }
        return tenant;
    }

    private static String id(Request request) {
        return request.pathParameter(SUBSCRIPTION_ID);
    }

    private static Refusal notFound(Request request) {
        return Refusal.notFound("The subscription " + InputLimits.excerpt(id(request))
                + " does not exist for this application, or it has expired. To list the subscriptions, use GET "
                + SUBSCRIPTIONS + ".");
    }
}
