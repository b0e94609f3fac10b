package io.switchboard.dynamodb;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Makes the attributes of items, and reads them. */
public final class Attributes {
    private Attributes() {}

    /** A string. */
    public static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    /** A number. */
    public static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    /** A time in whole seconds, as DynamoDB's time to live has it. */
    public static AttributeValue seconds(Instant instant) {
        return number(instant.getEpochSecond());
    }

    /**
     * A binary value.
     *
     * @param bytes not copied: they must not change afterwards
     */
    public static AttributeValue bytes(byte[] bytes) {
        return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
    }

    /**
     * An attribute that every such item has.
     *
     * @throws IllegalStateException if the item does not have it
     */
    public static AttributeValue attributeOf(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("An item has no attribute " + name);
        }
        return value;
    }

    /**
     * The string of an attribute that every such item has.
     *
     * @throws IllegalStateException if the item does not have it
     */
    public static String textOf(Map<String, AttributeValue> item, String name) {
        return attributeOf(item, name).s();
    }

    /** The string of an attribute; null if the item does not have it. */
    public static @Nullable String textOrNull(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    /**
     * The number of an attribute that every such item has.
     *
     * @throws IllegalStateException if the item does not have it
     */
    public static long numberOf(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(attributeOf(item, name).n());
    }

    /** The time of an attribute in {@link #seconds}; null if the item does not have it. */
    public static @Nullable Instant secondsOrNull(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? null : Instant.ofEpochSecond(Long.parseLong(value.n()));
    }
}
