package io.switchboard.callrecords.notifications;

import io.switchboard.storage.Keys;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads subscriptions from images of the stream of the CallRecords table: {@code {"endsAt":{"N":"1797847811"}}}. */
final class DynamoDbSubscriptionImage {
    private DynamoDbSubscriptionImage() {}

    /**
     * Returns the subscription of an image; null if the image is missing or of another item, or if the subscription was
     * deleted.
     *
     * @throws RuntimeException if it is an unreadable subscription
     */
    static @Nullable Subscription read(Map<String, @Nullable Object> image) {
        @Nullable String key = text(image, DynamoDbSubscriptionStore.KEY, "S");
        @Nullable String document = text(image, DynamoDbSubscriptionStore.DOCUMENT, "S");
        if (key == null || document == null || !key.startsWith(DynamoDbSubscriptionStore.SUBSCRIPTION)) {
            return null;
        }
        @Nullable String partition = text(image, DynamoDbSubscriptionStore.RECORD, "S");
        @Nullable Instant expires = instant(image, DynamoDbSubscriptionStore.ENDS_AT);
        if (partition == null || expires == null) {
            throw new IllegalStateException("The item of a subscription lacks an attribute");
        }
        return StoredSubscriptionDocument.read(
                        Keys.split(partition).getFirst(),
                        key.substring(DynamoDbSubscriptionStore.SUBSCRIPTION.length()),
                        document,
                        expires)
                .with(new SubscriptionStatus(
                        instant(image, DynamoDbSubscriptionStore.FAILING_SINCE),
                        instant(image, DynamoDbSubscriptionStore.SUSPENDED_AT),
                        instant(image, DynamoDbSubscriptionStore.REMOVED_AT)));
    }

    private static @Nullable Instant instant(Map<String, @Nullable Object> image, String name) {
        @Nullable String seconds = text(image, name, "N");
        return seconds == null ? null : Instant.ofEpochSecond(Long.parseLong(seconds));
    }

    private static @Nullable String text(Map<String, @Nullable Object> image, String name, String type) {
        return image.get(name) instanceof Map<?, ?> attribute && attribute.get(type) instanceof String text
                ? text
                : null;
    }
}
