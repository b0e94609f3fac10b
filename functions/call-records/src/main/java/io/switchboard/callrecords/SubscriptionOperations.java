package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.notifications.FailedValidations;
import io.switchboard.callrecords.notifications.NotificationSender;
import io.switchboard.callrecords.notifications.NotificationUrl;
import io.switchboard.callrecords.notifications.Subscription;
import io.switchboard.callrecords.notifications.SubscriptionJson;
import io.switchboard.callrecords.notifications.SubscriptionOutcome;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The operations on subscriptions to call records ({@code graph-callrecords.md} §D.2), of the tenant and the application of the
 * caller's token. Thread-safe.
 */
record SubscriptionOperations(SubscriptionStore store, NotificationSender sender) {
    private static final String SUBSCRIPTIONS = "/subscriptions";
    private static final String SUBSCRIPTION_ID = "subscriptionId";

    /** Within which an endpoint must have answered the token, as with Graph. */
    private static final Duration LONGEST_VALIDATION = Duration.ofSeconds(10);

    /** Kept back to store what was validated. */
    private static final Duration STORING = Duration.ofSeconds(1);

    /** By how many seconds the answers to a tenant that has used up its validations differ. */
    private static final int LONGEST_JITTER = 20;

    Response list(Request request) {
        String tenant = tenant(request);
        String application = request.caller().provider();
        Listing listing = Listing.of(request, tenant + " " + application, Set.of(), Guid::isGuid);
        Page<Subscription> page = store.list(tenant, application, listing.page(), request.now());
        Response response = listing.response(page, subscription -> SubscriptionJson.toJson(subscription, false));
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

    /** Asks the endpoints before anything is kept. A repeat asks nobody. */
    Response create(Request request) {
        request.query(Set.of());
        Caller caller = request.caller();
        String tenant = tenant(request);
        @Nullable String key = request.idempotencyKey().orElse(null);
        String id = key == null
                ? UUID.randomUUID().toString()
                : DerivedId.of(tenant, caller.provider(), SUBSCRIPTIONS, key);
        Violations violations = new Violations();
        SubscriptionBody.Wanted wanted = new SubscriptionBody(
                        request.bodyObject(false), violations, sender, request.now())
                .wanted(tenant, id, caller.provider(), caller.name());
        Refusal.ifAny(violations);
        @Nullable String hash = key == null ? null : request.bodyHash();
        if (hash != null) {
            Optional<SubscriptionOutcome> replay = store.replay(tenant, id, hash, request.now());
            if (replay.isPresent()) {
                return answer(request, replay.get());
            }
        }
        validate(tenant, wanted.urls(), request.now());
        return answer(request, store.create(wanted.subscription(), hash, request.now()));
    }

    private Response answer(Request request, SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.Created created -> created(request, created.subscription());
            case SubscriptionOutcome.Replayed replayed ->
                created(request, replayed.subscription()).with("Idempotency-Replayed", "true");
            case SubscriptionOutcome.Gone gone ->
                throw Refusal.notFound("This request created a subscription, and it was deleted or has expired since."
                        + " Use a new Idempotency-Key to create it again.");
            case SubscriptionOutcome.KeyReused reused -> throw Refusal.idempotencyKeyReused();
            case SubscriptionOutcome.LimitReached limit ->
                throw Refusal.of(
                        ErrorCode.SUBSCRIPTION_LIMIT_REACHED,
                        "The tenant has " + SubscriptionStore.MOST
                                + " subscriptions, all applications together. Delete one, or renew one instead.");
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
        @Nullable NotificationUrl url = patch.url();
        if (url != null && !before.notificationUrl().equals(url.text())) {
            validate(tenant, Map.of(SubscriptionBody.NOTIFICATION_URL, url), request.now());
        }
        Subscription changed = store.change(
                        tenant,
                        application,
                        id(request),
                        found -> {
                            Subscription renewed = patch.expires() == null ? found : found.expiring(patch.expires());
                            return url == null ? renewed : renewed.notifying(url.text());
                        },
                        request.now())
                .orElseThrow(() -> notFound(request));
        return GraphRequest.odata(Response.ok(shown(request, changed, false)));
    }

    Response delete(Request request) {
        request.query(Set.of());
        if (!store.delete(tenant(request), request.caller().provider(), id(request), request.now())) {
            throw notFound(request);
        }
        return GraphRequest.odata(Response.noContent());
    }

    /** Calls the endpoints, unless too many validations of the tenant failed within an hour. */
    private void validate(String tenant, Map<String, NotificationUrl> urls, Instant now) {
        Duration left = Deadline.left().minus(STORING);
        if (!left.isPositive()) {
            throw new Unavailable(Dependency.ENDPOINT, false, "no time is left to ask a subscriber's endpoint");
        }
        @Nullable Instant roomAt = store.beginValidations(tenant, urls.size(), now);
        if (roomAt != null) {
            throw tooManyFailed(Duration.between(now, roomAt));
        }
        List<String> names = new ArrayList<>(urls.keySet());
        Ticker ticker = Deadline.ticker();
        long began = ticker.read();
        List<Optional<String>> objections = sender.ask(
                List.copyOf(urls.values()), left.compareTo(LONGEST_VALIDATION) < 0 ? left : LONGEST_VALIDATION);
        RequestLog.current().waited(Duration.ofNanos(ticker.read() - began));
        Violations violations = new Violations();
        int failed = 0;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (objections.get(i).isPresent()) {
                failed++;
                violations.add(
                        "validationFailed",
                        name,
                        name + " failed validation: " + objections.get(i).get()
                                + ". It must answer POST with ?validationToken=… by 200, text/plain and the"
                                + " decoded token, within " + LONGEST_VALIDATION.toSeconds() + " seconds.");
            }
        }
        // Before the answer: what cannot be counted is not told either.
        store.endValidations(tenant, urls.size(), failed, now);
        RequestLog.current().count(Metric.SUBSCRIPTION_VALIDATIONS_FAILED, failed);
        Refusal.ifAny(violations);
    }

    /** Some seconds later than there is room, so that not all callers of the tenant come back at once. */
    private static Refusal tooManyFailed(Duration wait) {
        long seconds = Math.max(1, wait.toSeconds()) + new SecureRandom().nextInt(LONGEST_JITTER);
        return Refusal.of(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "The tenant had " + FailedValidations.MOST
                                + " failed validations of notification URLs within an hour. Fix the endpoints, and send"
                                + " the request again after Retry-After seconds.")
                .withHeader("Retry-After", Long.toString(seconds));
    }

    private static Map<String, @Nullable Object> shown(
            Request request, Subscription subscription, boolean showsClientState) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", GraphRequest.of(request).context("subscriptions/$entity"));
        body.putAll(SubscriptionJson.toJson(subscription, showsClientState));
        return body;
    }

    private static String tenant(Request request) {
        String tenant = request.caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong", "", "The tenant's id is longer than " + Keys.LONGEST_PART + " bytes once encoded.");
        }
        return tenant;
    }

    private static String id(Request request) {
        return request.pathParameter(SUBSCRIPTION_ID);
    }

    private static Refusal notFound(Request request) {
        return Refusal.notFound("There is no subscription " + InputLimits.excerpt(id(request))
                + " of this application; it may have expired. GET " + SUBSCRIPTIONS + " lists them.");
    }
}
