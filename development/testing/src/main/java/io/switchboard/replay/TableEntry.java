package io.switchboard.replay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * An object of a table, read strictly. An unknown name, a missing value or a value of another type is an
 * {@link IllegalArgumentException}, whose message has the file, the case and the fix.
 *
 * @param place the file, and the case if the object is one
 */
record TableEntry(String place, Map<String, @Nullable Object> values) {
    /** Returns a value as an object. */
    static TableEntry of(String place, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(place + ": must be an object, such as name: value");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        map.forEach((name, each) -> {
            if (!(name instanceof String text)) {
                throw new IllegalArgumentException(place + ": " + name + " must be a string. Put it in quotes");
            }
            values.put(text, each);
        });
        return new TableEntry(place, values);
    }

    /** Allows these names only. */
    TableEntry only(String... names) {
        for (String name : values.keySet()) {
            if (!List.of(names).contains(name)) {
                throw new IllegalArgumentException(
                        "%s: %s is unknown. Use one of %s".formatted(place, name, String.join(", ", names)));
            }
        }
        return this;
    }

    /** Returns whether a value of this name exists; it may be null. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Returns the string of this name. */
    String text(String name) {
        if (!(values.get(name) instanceof String text)) {
            throw wrong(name, "a string. Put it in quotes");
        }
        return text;
    }

    /** Returns whether the value of this name is true; false if it is absent. */
    boolean isTrue(String name) {
        if (has(name) && !(values.get(name) instanceof Boolean)) {
            throw wrong(name, "true or false");
        }
        return Boolean.TRUE.equals(values.get(name));
    }

    /** Returns the whole number of this name, or else this one. */
    int number(String name, int otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        if (!(values.get(name) instanceof Integer number)) {
            throw wrong(name, "a whole number");
        }
        return number;
    }

    /** Returns the object of this name; empty if it is absent. */
    TableEntry entry(String name) {
        return of(place + ", " + name, has(name) ? values.get(name) : Map.of());
    }

    /** Returns the strings of the object of this name; empty if it is absent. Null is kept. */
    Map<String, @Nullable String> texts(String name) {
        TableEntry entry = entry(name);
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        for (String each : entry.values.keySet()) {
            texts.put(each, entry.values.get(each) == null ? null : entry.text(each));
        }
        return texts;
    }

    /** Returns the list of strings of this name. */
    List<String> textList(String name) {
        return list(name).stream()
                .map(each -> {
                    if (!(each instanceof String text)) {
                        throw wrong(name, "a list of strings");
                    }
                    return text;
                })
                .toList();
    }

    /** Returns the list of objects of this name. */
    List<TableEntry> entries(String name) {
        return list(name).stream().map(each -> of(place + ", " + name, each)).toList();
    }

    private List<?> list(String name) {
        if (!(values.get(name) instanceof List<?> list)) {
            throw wrong(name, "a list");
        }
        return list;
    }

    /** Returns the value of this name as a JSON tree. */
    @Nullable
    Object json(String name) {
        return json(place + ", " + name, values.get(name));
    }

    private static @Nullable Object json(String place, @Nullable Object value) {
        return switch (value) {
            case Map<?, ?> _ -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                of(place, value).values.forEach((name, each) -> object.put(name, json(place + ", " + name, each)));
                yield object;
            }
            case List<?> list -> {
                List<@Nullable Object> array = new java.util.ArrayList<>();
                list.forEach(each -> array.add(json(place, each)));
                yield array;
            }
            case Set<?> _ -> throw new IllegalArgumentException(place + ": JSON has no sets. Use a list");
            case null, default -> value;
        };
    }

    /** Returns the only one of these names that is present. */
    String one(String... names) {
        List<String> present = List.of(names).stream().filter(this::has).toList();
        if (present.size() > 1) {
            throw new IllegalArgumentException(
                    "%s: %s exclude each other. Keep one".formatted(place, String.join(" and ", present)));
        }
        return present.isEmpty() ? "" : present.getFirst();
    }

    /** Returns the exception for an invalid value of this name. */
    IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException(new StringJoiner(" ")
                .add(place + ":")
                .add(name)
                .add(has(name) ? "must be" : "is missing; it must be")
                .add(expected)
                .toString());
    }
}
