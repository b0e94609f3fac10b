package io.switchboard.callrecords.model;

import java.math.BigDecimal;
import java.util.Set;

/** The primitive types of Edm that the description uses ({@code graph-callrecords.md} §A.6). */
enum PrimitiveType implements ValueType {
    STRING("String", "a text"),
    BOOLEAN("Boolean", "true or false"),
    INT32("Int32", "a whole number from -2147483648 to 2147483647"),
    INT64("Int64", "a whole number from -9223372036854775808 to 9223372036854775807"),
    SINGLE("Single", "a number of single precision or one of the texts NaN, INF, -INF"),
    DATE_TIME_OFFSET("DateTimeOffset", "a date and time with seconds and offset, such as 2026-03-04T09:15:02.441Z"),
    DURATION("Duration", "a duration of days, hours, minutes and seconds, such as PT0.048S");

    /** How a value suits its type. */
    enum Suits {
        YES,
        /** Another kind of JSON. */
        NOT_IN_KIND,
        /** The right kind of JSON, but no such value. */
        NOT_IN_VALUE
    }

    /** What OData writes for what JSON has no number for. */
    private static final Set<String> NOT_FINITE = Set.of("NaN", "INF", "-INF");

    /** Trailing zeros are taken off only where the exponent has room for them: what is dynamic may be 1E2147483647. */
    private static final int EXPONENT_ROOM = 1_000_000;

    private final String edmName;
    private final String wanted;

    PrimitiveType(String edmName, String wanted) {
        this.edmName = edmName;
        this.wanted = wanted;
    }

    /** The name in Edm, without {@code Edm.}. */
    String edmName() {
        return edmName;
    }

    /** What to send, in words. */
    String wanted() {
        return wanted;
    }

    Suits suits(Object value) {
        return switch (this) {
            case STRING -> inKind(value instanceof String);
            case BOOLEAN -> inKind(value instanceof Boolean);
            case INT32 -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
            case SINGLE ->
                value instanceof Number number
                        ? inValue(Float.isFinite(number.floatValue()))
                        : inKind(value instanceof String text && NOT_FINITE.contains(text));
            case DATE_TIME_OFFSET ->
                value instanceof String text ? inValue(GraphInstant.of(text).isPresent()) : Suits.NOT_IN_KIND;
            case DURATION ->
                value instanceof String text ? inValue(EdmDuration.seconds(text).isPresent()) : Suits.NOT_IN_KIND;
        };
    }

    /** A value in a form in which equal means the same. */
    Object normal(Object value) {
        return switch (this) {
            case STRING, BOOLEAN -> value;
            case INT32, INT64, SINGLE -> normalScalar(value);
            case DATE_TIME_OFFSET ->
                GraphInstant.of((String) value).<Object>map(GraphInstant::key).orElse(value);
            case DURATION ->
                EdmDuration.seconds((String) value)
                        .<Object>map(PrimitiveType::normalScalar)
                        .orElse(value);
        };
    }

    /** A scalar of any type in such a form: 1, 1.0 and 1E0 are the same number. */
    static Object normalScalar(Object value) {
        if (!(value instanceof Number)) {
            return value;
        }
        BigDecimal number = new BigDecimal(value.toString());
        return Math.abs((long) number.scale()) > Integer.MAX_VALUE - (long) EXPONENT_ROOM
                ? number
                : number.stripTrailingZeros();
    }

    private static Suits whole(Object value, long minimum, long maximum) {
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            return inValue(number >= minimum && number <= maximum);
        }
        if (!(value instanceof Number)) {
            return Suits.NOT_IN_KIND;
        }
        BigDecimal exact = new BigDecimal(value.toString());
        // Compared before it is converted: 1E999999999 is short as text and endless as an integer.
        return inValue(exact.compareTo(BigDecimal.valueOf(minimum)) >= 0
                && exact.compareTo(BigDecimal.valueOf(maximum)) <= 0
                && exact.compareTo(BigDecimal.valueOf(exact.longValue())) == 0);
    }

    private static Suits inKind(boolean suits) {
        return suits ? Suits.YES : Suits.NOT_IN_KIND;
    }

    private static Suits inValue(boolean suits) {
        return suits ? Suits.YES : Suits.NOT_IN_VALUE;
    }
}
