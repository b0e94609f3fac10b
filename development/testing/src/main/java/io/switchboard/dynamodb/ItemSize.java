package io.switchboard.dynamodb;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The size and the write cost of an item in DynamoDB, by <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html">DynamoDB item
 * sizes and formats</a>. DynamoDB Local reports other figures for transactions.
 */
public final class ItemSize {
    private static final int WRITE_UNIT = 1_024;
    private static final int READ_UNIT = 4 * 1_024;
    private static final int COLLECTION = 3;

    private ItemSize() {}

    /** Returns the size of an item in bytes. */
    public static int of(Map<String, AttributeValue> item) {
        int size = 0;
        for (var attribute : item.entrySet()) {
            size += bytes(attribute.getKey()) + value(attribute.getValue());
        }
        return size;
    }

    /** Returns the write units of a transaction that puts these new items: twice the units of each item. */
    public static int unitsOfTransaction(List<Map<String, AttributeValue>> items) {
        int units = 0;
        for (Map<String, AttributeValue> item : items) {
            units += 2 * writeUnits(item);
        }
        return units;
    }

    /** Returns the units of writing this item outside of a transaction; an empty map is a missing item. */
    public static int writeUnits(Map<String, AttributeValue> item) {
        return units(of(item), WRITE_UNIT);
    }

    /**
     * Returns the units of a consistent read.
     *
     * @param bytes the size of the items; a query adds up its items
     */
    public static int readUnits(int bytes) {
        return units(bytes, READ_UNIT);
    }

    /** Each request costs at least one unit. */
    private static int units(int bytes, int unit) {
        return Math.max(1, (bytes + unit - 1) / unit);
    }

    private static int value(AttributeValue value) {
        return switch (value.type()) {
            case S -> bytes(value.s());
            case N -> number(value.n());
            case B -> value.b().asByteArray().length;
            case BOOL, NUL -> 1;
            case SS -> value.ss().stream().mapToInt(ItemSize::bytes).sum();
            case NS -> value.ns().stream().mapToInt(ItemSize::number).sum();
            case BS ->
                value.bs().stream().mapToInt(each -> each.asByteArray().length).sum();
            case L ->
                COLLECTION
                        + value.l().stream().mapToInt(each -> 1 + value(each)).sum();
            case M -> COLLECTION + value.m().size() + of(value.m());
            case UNKNOWN_TO_SDK_VERSION ->
                throw new IllegalArgumentException("The type of a value is unknown: " + value);
        };
    }

    /**
     * One byte for two significant digits, one more byte, and one byte for a sign, which DynamoDB does not document.
     */
    private static int number(String text) {
        BigDecimal number = new BigDecimal(text);
        int digits = number.signum() == 0 ? 0 : number.stripTrailingZeros().precision();
        return (digits + 1) / 2 + 1 + (number.signum() < 0 ? 1 : 0);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
