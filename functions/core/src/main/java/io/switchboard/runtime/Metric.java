package io.switchboard.runtime;

/** What is counted of each request and sent to CloudWatch, in the namespace {@code Switchboard}, by function. */
public enum Metric {
    /** A session was stored. */
    SESSIONS_CREATED("SessionsCreated"),
    /** A session of a call record was posted and is stored, new or as before. */
    CALL_RECORD_SESSIONS_POSTED("CallRecordSessionsPosted"),
    /** A request was known by its {@code Idempotency-Key} and answered from what it made before. */
    REQUESTS_REPLAYED("RequestsReplayed"),
    /** The request was at fault: 4xx but 429 of the store, also by error code. */
    REQUESTS_REFUSED("RequestsRefused"),
    /** We or DynamoDB were at fault: 500, 503; parts of a batch count too. */
    REQUESTS_FAILED("RequestsFailed"),
    /** DynamoDB throttled: 429; parts of a batch count too. */
    REQUESTS_THROTTLED("RequestsThrottled"),
    /** Warnings of sessions and tabs made: slugs without a value, texts cut. */
    RESOLUTION_WARNINGS("ResolutionWarnings"),
    /** Questions that a record source did not answer as it should. */
    RECORD_SOURCE_FAILURES("RecordSourceFailures"),
    /** A tenant's template was young enough in memory. */
    TEMPLATE_CACHE_HITS("TemplateCacheHits"),
    /** A tenant's template had to be read. */
    TEMPLATE_CACHE_MISSES("TemplateCacheMisses"),
    /** Requests that went to DynamoDB, the SDK's own retries included. */
    DYNAMODB_ROUND_TRIPS("DynamoDbRoundTrips"),
    /** Milliseconds of each request that meets a route, without the time that it waited for third parties. */
    SERVICE_LATENCY("ServiceLatency", "Milliseconds"),
    /** Milliseconds of each call to DynamoDB, its retries included. */
    DYNAMODB_LATENCY("DynamoDbLatency", "Milliseconds"),
    /** Events of sessions that the bus took. */
    EVENTS_PUBLISHED("EventsPublished"),
    /** Events of sessions that the bus did not take, and changes that could not be read; they come again. */
    EVENTS_FAILED("EventsFailed"),
    /** Change notifications that were put into their queue. */
    NOTIFICATIONS_QUEUED("NotificationsQueued"),
    /** Change notifications that a subscriber's endpoint took. */
    NOTIFICATIONS_SENT("NotificationsSent"),
    /** Change notifications that an endpoint did not take; they are sent again, until their tries are used up. */
    NOTIFICATIONS_FAILED("NotificationsFailed"),
    /** Change notifications whose tries are used up. */
    NOTIFICATIONS_GIVEN_UP("NotificationsGivenUp"),
    /** Endpoints of subscribers that did not answer the validation token as they must. */
    SUBSCRIPTION_VALIDATIONS_FAILED("SubscriptionValidationsFailed"),
    /** Ended generations of call records of which nothing is left. */
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

    /** The name in CloudWatch. */
    public String text() {
        return text;
    }

    /** Whether CloudWatch has it by error code as well as by function. */
    public boolean isByCode() {
        return this == REQUESTS_REFUSED;
    }

    /** The unit in CloudWatch. */
    public String unit() {
        return unit;
    }
}
