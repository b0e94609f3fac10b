package io.switchboard.runtime;

/** The metrics of each request in CloudWatch, in the namespace {@code Switchboard}, by function. */
public enum Metric {
    /** A session was stored. */
    SESSIONS_CREATED("SessionsCreated"),
    /** A posted session of a call record is stored, whether new or unchanged. */
    CALL_RECORD_SESSIONS_POSTED("CallRecordSessionsPosted"),
    /** Warnings of bodies of call records: members that are kept although the model does not have them. */
    CALL_RECORD_WARNINGS("CallRecordWarnings"),
    /** A request was recognised by its {@code Idempotency-Key} and received the earlier result. */
    REQUESTS_REPLAYED("RequestsReplayed"),
    /** Requests with a client error: 4xx except the 429 of the store, also by error code. */
    REQUESTS_REFUSED("RequestsRefused"),
    /** Requests with a server error, 500 or 503, including parts of a batch. */
    REQUESTS_FAILED("RequestsFailed"),
    /** Requests that DynamoDB throttled, 429, including parts of a batch. */
    REQUESTS_THROTTLED("RequestsThrottled"),
    /** Warnings of created sessions and tabs: slugs without a value, shortened texts. */
    RESOLUTION_WARNINGS("ResolutionWarnings"),
    /** Failed queries to record sources. */
    RECORD_SOURCE_FAILURES("RecordSourceFailures"),
    /** A tenant's template was used from the cache. */
    TEMPLATE_CACHE_HITS("TemplateCacheHits"),
    /** A tenant's template was read from the table. */
    TEMPLATE_CACHE_MISSES("TemplateCacheMisses"),
    /** Requests to DynamoDB, including retries. */
    DYNAMODB_ROUND_TRIPS("DynamoDbRoundTrips"),
    /** Milliseconds of each request that matches a route, without the time spent waiting for third parties. */
    SERVICE_LATENCY("ServiceLatency", "Milliseconds"),
    /** Milliseconds of each call to DynamoDB, including its retries. */
    DYNAMODB_LATENCY("DynamoDbLatency", "Milliseconds"),
    /** Events of sessions and of call records that the event bus accepted. */
    EVENTS_PUBLISHED("EventsPublished"),
    /** Events that the event bus did not accept, and changes that could not be read; they are retried. */
    EVENTS_FAILED("EventsFailed"),
    /** Messages about desks that AppSync accepted for browsers. */
    PUSHES_SENT("PushesSent"),
    /** Messages about desks that could not be sent; they are not retried. */
    PUSHES_FAILED("PushesFailed"),
    /** Change notifications that were queued. */
    NOTIFICATIONS_QUEUED("NotificationsQueued"),
    /** Change notifications that a subscriber's endpoint accepted. */
    NOTIFICATIONS_SENT("NotificationsSent"),
    /** Change notifications that an endpoint did not accept; they are retried until no attempts are left. */
    NOTIFICATIONS_FAILED("NotificationsFailed"),
    /** Change notifications with no attempts left. */
    NOTIFICATIONS_GIVEN_UP("NotificationsGivenUp"),
    /** Subscriptions that were suspended, because their endpoint kept failing. */
    SUBSCRIPTIONS_SUSPENDED("SubscriptionsSuspended"),
    /** Subscriber endpoints that failed the validation. */
    SUBSCRIPTION_VALIDATIONS_FAILED("SubscriptionValidationsFailed"),
    /** Ended generations of call records that were deleted completely. */
    GENERATIONS_SWEPT("GenerationsSwept"),
    /** The first request of an environment, new or restored from a snapshot. */
    COLD_STARTS("ColdStarts");

    private final String text;
    private final String unit;

    Metric(String text) {
        this(text, "Count");
    }

    Metric(String text, String unit) {
        this.text = text;
        this.unit = unit;
    }

    /** Returns the name in CloudWatch. */
    public String text() {
        return text;
    }

    /** Returns whether CloudWatch has the metric by error code as well as by function. */
    public boolean isByCode() {
        return this == REQUESTS_REFUSED;
    }

    /** Returns the unit in CloudWatch. */
    public String unit() {
        return unit;
    }
}
