package io.switchboard.callrecords.model;

import io.switchboard.json.ObjectReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The control information of entities in a response, and wide numbers as strings (OData JSON Format 4.0 §4.5 and §3.2).
 *
 * @param isFull whether types are written
 * @param hasStrings whether numbers of 64 bits and decimal numbers are written as strings
 */
public record ControlInformation(boolean isFull, boolean hasStrings) {
    private static final String TYPE = ObjectType.ANNOTATION;
    private static final String COUNT = "@odata.count";
    private static final List<String> KEPT = List.of("@odata.nextLink", COUNT, "@odata.deltaLink");

    /** Returns an entity of a response, with the entities that are expanded in it. */
    public Map<String, @Nullable Object> of(EntityType type, Map<String, @Nullable Object> entity) {
        return object(type.type(), entity);
    }

    /** Returns a count of a response. */
    public Object count(Object count) {
        return hasStrings ? count.toString() : count;
    }

    private Map<String, @Nullable Object> object(ObjectType type, Map<String, @Nullable Object> object) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        // Control information of the object itself comes first.
        object.forEach((name, value) -> {
            if (name.startsWith("@")) {
                shown.put(name, value);
            }
        });
        if (isFull) {
            shown.putIfAbsent(TYPE, type.annotation());
        }
        object.forEach((name, value) -> {
            @Nullable Property property = type.property(name);
            if (name.startsWith("@") || property == null) {
                shown.putIfAbsent(name, name.endsWith(COUNT) && value != null ? count(value) : value);
                return;
            }
            @Nullable String annotation = isFull && value != null ? annotation(property) : null;
            if (annotation != null) {
                shown.put(name + TYPE, annotation);
            }
            shown.put(name, value(property.type(), value));
        });
        return shown;
    }

    /** Returns the type that a property is annotated with; null if its value shows the type. */
    private static @Nullable String annotation(Property property) {
        String name =
                switch (property.type()) {
                    case PrimitiveType primitive -> primitive.edmName();
                    case EnumType members -> members.name();
                    case ObjectType object -> object.annotation().substring(1);
                };
        if (property.isCollection()) {
            return property.isNavigation() ? null : "#Collection(" + name + ")";
        }
        boolean isShown = property.type() instanceof ObjectType
                || property.type() == PrimitiveType.STRING
                || property.type() == PrimitiveType.BOOLEAN;
        return isShown ? null : "#" + name;
    }

    private @Nullable Object value(ValueType type, @Nullable Object value) {
        if (value instanceof List<?> elements) {
            List<@Nullable Object> shown = new ArrayList<>(elements.size());
            for (@Nullable Object element : elements) {
                shown.add(value(type, element));
            }
            return shown;
        }
        return switch (type) {
            case PrimitiveType primitive ->
                hasStrings && primitive.isWide() && value instanceof Number number ? text(number) : value;
            case EnumType members -> value;
            case ObjectType declared ->
                value instanceof Map<?, ?> object ? object(declared.of(object), ObjectReader.members(object)) : value;
        };
    }

    /** Returns a number without an exponent. */
    private static String text(Number number) {
        BigDecimal exact = new BigDecimal(number.toString());
        return exact.scale() <= 0 || exact.stripTrailingZeros().scale() > 0
                ? exact.toPlainString()
                : exact.stripTrailingZeros().toPlainString();
    }

    /** Returns a response without control information, except links and counts that a client cannot compute. */
    public static Map<String, @Nullable Object> removed(Map<String, @Nullable Object> object) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        object.forEach((name, value) -> {
            int at = name.indexOf('@');
            if (at < 0 || KEPT.contains(name.substring(at)) || name.indexOf('.', at) < 0) {
                shown.put(name, removed(value));
            }
        });
        return shown;
    }

    private static @Nullable Object removed(@Nullable Object value) {
        if (value instanceof List<?> elements) {
            List<@Nullable Object> shown = new ArrayList<>(elements.size());
            for (@Nullable Object element : elements) {
                shown.add(removed(element));
            }
            return shown;
        }
        return value instanceof Map<?, ?> object ? removed(ObjectReader.members(object)) : value;
    }

    /** Returns a request body whose wide numbers are strings, with the numbers. Other strings stay. */
    public static Map<String, @Nullable Object> numbers(EntityType type, Map<String, @Nullable Object> body) {
        return numbers(type.type(), body);
    }

    private static Map<String, @Nullable Object> numbers(ObjectType type, Map<String, @Nullable Object> body) {
        Map<String, @Nullable Object> read = new LinkedHashMap<>(body);
        read.replaceAll((name, value) -> {
            @Nullable Property property = type.declared(name);
            return property == null ? value : numbers(property.type(), value);
        });
        return read;
    }

    private static @Nullable Object numbers(ValueType type, @Nullable Object value) {
        if (value instanceof List<?> elements) {
            List<@Nullable Object> read = new ArrayList<>(elements.size());
            for (@Nullable Object element : elements) {
                read.add(numbers(type, element));
            }
            return read;
        }
        return switch (type) {
            case PrimitiveType primitive ->
                primitive.isWide() && value instanceof String text ? number(primitive, text) : value;
            case EnumType members -> value;
            case ObjectType declared ->
                value instanceof Map<?, ?> object ? numbers(declared, ObjectReader.members(object)) : value;
        };
    }

    /** Returns the number of a text; the text itself if it is none. */
    private static Object number(PrimitiveType type, String text) {
        try {
            if (type == PrimitiveType.DECIMAL) {
                return text.matches("-?[0-9]{1,40}([.][0-9]{1,40})?") ? new BigDecimal(text) : text;
            }
            return text.matches("-?[0-9]{1,19}") ? Long.valueOf(text) : text;
        } catch (NumberFormatException e) {
            // Out of range: the text is rejected later.
            return text;
        }
    }
}
