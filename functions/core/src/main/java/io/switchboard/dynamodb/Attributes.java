package io.switchboard.dynamodb;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Creates and reads the attributes of items. */
public final class Attributes {
    private Attributes() {}

    /** Returns a string attribute. */
    public static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    /** Returns a number attribute. */
    public static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    /** Returns a time in whole seconds, the format of DynamoDB's time to live. */
    public static AttributeValue seconds(Instant instant) {
        return number(instant.getEpochSecond());
    }

    /**
     * Returns a binary attribute.
     *
     * @param bytes not copied; they must not change afterwards
     */
    public static AttributeValue bytes(byte[] bytes) {
        return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
    }

    /**
     * Returns a required attribute.
     *
     * @throws IllegalStateException if the item does not have the attribute
     */
    public static AttributeValue attributeOf(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("The item does not have the attribute " + name);
        }
        return value;
    }

    /**
     * Returns the string of a required attribute.
     *
     * @throws IllegalStateException if the item does not have the attribute
     */
    public static String textOf(Map<String, AttributeValue> item, String name) {
        return attributeOf(item, name).s();
    }

    /** Returns the string of an attribute; null if the item does not have it. */
    public static @Nullable String textOrNull(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    /**
     * Returns the number of a required attribute.
     *
     * @throws IllegalStateException if the item does not have the attribute
     */
    public static long numberOf(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(attributeOf(item, name).n());
    }

    /** Returns the time of an attribute in {@link #seconds}; null if the item does not have it. */
    public static @Nullable Instant secondsOrNull(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? null : Instant.ofEpochSecond(Long.parseLong(value.n()));
    }
}
