package io.switchboard.callrecords.model;

import java.math.BigDecimal;
import java.util.Set;

/** The primitive types of Edm that the description uses ({@code docs/domain/call-records.md}, "Value patterns"). */
enum PrimitiveType implements ValueType {
    STRING("String", "a string"),
    BOOLEAN("Boolean", "true or false"),
    INT32("Int32", "a whole number from -2147483648 to 2147483647"),
    INT64("Int64", "a whole number from -9223372036854775808 to 9223372036854775807"),
    DECIMAL("Decimal", "a number"),
    SINGLE("Single", "a number of single precision or one of the strings NaN, INF, -INF"),
    DATE_TIME_OFFSET("DateTimeOffset", "a date and time with seconds and offset, such as 2026-03-04T09:15:02.441Z"),
    DURATION("Duration", "a duration of days, hours, minutes and seconds, such as PT0.048S");

    /** The result of checking a value against its type. */
    enum Match {
        YES,
        /** The value has another JSON type. */
        WRONG_TYPE,
        /** The value has the right JSON type but is not permitted. */
        WRONG_VALUE
    }

    /** OData's texts for the values that JSON numbers cannot express. */
    private static final Set<String> NOT_FINITE = Set.of("NaN", "INF", "-INF");

    /** Trailing zeros are removed only below this exponent, because a dynamic value may be 1E2147483647. */
    private static final int EXPONENT_ROOM = 1_000_000;

    private final String edmName;
    private final String expected;

    PrimitiveType(String edmName, String expected) {
        this.edmName = edmName;
        this.expected = expected;
    }

    @Override
    public boolean hasMembersBeyond() {
        return false;
    }

    /** Returns the name in Edm, without {@code Edm.}. */
    String edmName() {
        return edmName;
    }

    /** Returns whether JavaScript's numbers cannot hold all values exactly. */
    boolean isWide() {
        return this == INT64 || this == DECIMAL;
    }

    /** Returns the permitted values, for messages. */
    String expected() {
        return expected;
    }

    Match match(Object value) {
        return switch (this) {
            case STRING -> ofType(value instanceof String);
            case BOOLEAN -> ofType(value instanceof Boolean);
            case INT32 -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
            case DECIMAL -> ofType(value instanceof Number);
            case SINGLE ->
                value instanceof Number number
                        ? ofValue(Float.isFinite(number.floatValue()))
                        : ofType(value instanceof String text && NOT_FINITE.contains(text));
            case DATE_TIME_OFFSET ->
                value instanceof String text ? ofValue(GraphInstant.of(text).isPresent()) : Match.WRONG_TYPE;
            case DURATION ->
                value instanceof String text ? ofValue(EdmDuration.seconds(text).isPresent()) : Match.WRONG_TYPE;
        };
    }

    /**
     * Returns a value that matches as it is stored and shown: as it was sent, except in notations that Graph's clients
     * send but cannot read.
     */
    Object shown(Object value) {
        return switch (this) {
            case STRING, BOOLEAN, INT32, INT64, DECIMAL, SINGLE -> value;
            case DATE_TIME_OFFSET -> GraphInstant.withSeconds((String) value);
            case DURATION -> EdmDuration.iso((String) value);
        };
    }

    /**
     * Returns the probable cause of a value that does not match, as a sentence for messages; empty if none is known.
     */
    String cause(Object value) {
        return this == DURATION && (value.equals("P") || value.equals("-P"))
                ? " Graph's SDK for Go drops the fractions of a second and sends P for a shorter duration."
                : "";
    }

    /** Returns the normal form of a value: equal values have equal normal forms. */
    Object normal(Object value) {
        return switch (this) {
            case STRING, BOOLEAN -> value;
            case INT32, INT64, DECIMAL, SINGLE -> normalScalar(value);
            case DATE_TIME_OFFSET ->
                GraphInstant.of((String) value).<Object>map(GraphInstant::key).orElse(value);
            case DURATION ->
                EdmDuration.seconds((String) value)
                        .<Object>map(PrimitiveType::normalScalar)
                        .orElse(value);
        };
    }

    /** Returns the normal form of a scalar of any type: 1, 1.0 and 1E0 are the same number. */
    static Object normalScalar(Object value) {
        if (!(value instanceof Number)) {
            return value;
        }
        BigDecimal number = new BigDecimal(value.toString());
        return Math.abs((long) number.scale()) > Integer.MAX_VALUE - (long) EXPONENT_ROOM
                ? number
                : number.stripTrailingZeros();
    }

    private static Match whole(Object value, long minimum, long maximum) {
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            return ofValue(number >= minimum && number <= maximum);
        }
        if (!(value instanceof Number)) {
            return Match.WRONG_TYPE;
        }
        BigDecimal exact = new BigDecimal(value.toString());
        // Compared before conversion: 1E999999999 is short as text and has a billion digits as an integer.
        return ofValue(exact.compareTo(BigDecimal.valueOf(minimum)) >= 0
                && exact.compareTo(BigDecimal.valueOf(maximum)) <= 0
                && exact.compareTo(BigDecimal.valueOf(exact.longValue())) == 0);
    }

    private static Match ofType(boolean match) {
        return match ? Match.YES : Match.WRONG_TYPE;
    }

    private static Match ofValue(boolean match) {
        return match ? Match.YES : Match.WRONG_VALUE;
    }
}
