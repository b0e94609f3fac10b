package io.switchboard.replay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * An object of a table, read strictly: a name that is not known, a value that is missing or of another type is an
 * {@link IllegalArgumentException} whose message names the file, the case and what to do.
 *
 * @param place the file, and the case where it is one
 */
record TableEntry(String place, Map<String, @Nullable Object> values) {
    /** The object that a value is. */
    static TableEntry of(String place, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(place + ": there must be names with values here, such as name: value");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        map.forEach((name, each) -> {
            if (!(name instanceof String text)) {
                throw new IllegalArgumentException(place + ": " + name + " must be a text: write it in quotes");
            }
            values.put(text, each);
        });
        return new TableEntry(place, values);
    }

    /** Allows these names and no others. */
    TableEntry only(String... names) {
        for (String name : values.keySet()) {
            if (!List.of(names).contains(name)) {
                throw new IllegalArgumentException(
                        "%s: %s is not known: take one of %s".formatted(place, name, String.join(", ", names)));
            }
        }
        return this;
    }

    /** Whether there is a value of this name, null too. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The text of this name. */
    String text(String name) {
        if (!(values.get(name) instanceof String text)) {
            throw wrong(name, "a text: write it in quotes");
        }
        return text;
    }

    /** Whether the value of this name is true; false where there is none. */
    boolean isTrue(String name) {
        if (has(name) && !(values.get(name) instanceof Boolean)) {
            throw wrong(name, "true or false");
        }
        return Boolean.TRUE.equals(values.get(name));
    }

    /** The whole number of this name, or this one where there is none. */
    int number(String name, int otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        if (!(values.get(name) instanceof Integer number)) {
            throw wrong(name, "a whole number");
        }
        return number;
    }

    /** The object of this name; empty where there is none. */
    TableEntry entry(String name) {
        return of(place + ", " + name, has(name) ? values.get(name) : Map.of());
    }

    /** The texts, by their names, of this name; none where there is none. A null stays one. */
    Map<String, @Nullable String> texts(String name) {
        TableEntry entry = entry(name);
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        for (String each : entry.values.keySet()) {
            texts.put(each, entry.values.get(each) == null ? null : entry.text(each));
        }
        return texts;
    }

    /** The list of texts of this name. */
    List<String> textList(String name) {
        return list(name).stream()
                .map(each -> {
                    if (!(each instanceof String text)) {
                        throw wrong(name, "a list of texts");
                    }
                    return text;
                })
                .toList();
    }

    /** The list of objects of this name. */
    List<TableEntry> entries(String name) {
        return list(name).stream().map(each -> of(place + ", " + name, each)).toList();
    }

    private List<?> list(String name) {
        if (!(values.get(name) instanceof List<?> list)) {
            throw wrong(name, "a list");
        }
        return list;
    }

    /** The value of this name as a tree of JSON. */
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
            case Set<?> _ -> throw new IllegalArgumentException(place + ": JSON has no sets: write a list");
            case null, default -> value;
        };
    }

    /** The only one of these names that is there. */
    String one(String... names) {
        List<String> present = List.of(names).stream().filter(this::has).toList();
        if (present.size() > 1) {
            throw new IllegalArgumentException(
                    "%s: %s exclude each other: keep one".formatted(place, String.join(" and ", present)));
        }
        return present.isEmpty() ? "" : present.getFirst();
    }

    /** That the value of this name must be something else. */
    IllegalArgumentException wrong(String name, String wanted) {
        return new IllegalArgumentException(new StringJoiner(" ")
                .add(place + ":")
                .add(name)
                .add(has(name) ? "must be" : "is missing: it must be")
                .add(wanted)
                .toString());
    }
}
