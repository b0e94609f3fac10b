package io.switchboard.replay;

import io.switchboard.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Creates corrupt bodies from a valid one. At every position of its tree, a member is dropped, duplicated, renamed in
 * another case, joined by an unknown member, or set to a value of another type, too long or too deep. Then several
 * random changes are combined.
 */
public final class Corruptions {
    private static final List<Object> VALUES = List.of(
            "",
            " ",
            "x",
            "{customer}",
            "{",
            "\\{",
            "{$odata.incident.title.?$select=title}",
            "\u0000",
            "\uD83C\uDFA7",
            "x".repeat(129),
            "x".repeat(2_049),
            "x".repeat(40_000),
            "[[\"entityName\", \"incident\"]]",
            "javascript:alert(1)",
            0,
            -1,
            1e300,
            new java.math.BigInteger("9".repeat(100)),
            new java.math.BigDecimal("0." + "1".repeat(90)),
            true,
            false,
            List.of(),
            List.of(List.of()),
            List.of("x", 1, true),
            Map.of(),
            Map.of("x", "y"),
            Map.of("x", Map.of("y", List.of())),
            Json.write(Map.of("x", "y")));

    private final Random random;

    /** Uses this source of randomness. */
    public Corruptions(Random random) {
        this.random = random;
    }

    /** Returns corrupt bodies as text. */
    public List<String> of(String body, int atRandom) {
        List<String> corrupt = new ArrayList<>();
        Map<String, @Nullable Object> tree = Json.readOwn(body);
        int positions = positions(tree);
        for (int position = 0; position < positions; position++) {
            for (int kind = 0; kind < 4; kind++) {
                corrupt.add(Json.write(new Change(position, kind, null).apply(tree)));
            }
            corrupt.add(Json.write(new Change(position, 4, null).apply(tree)));
            for (int i = 0; i < 6; i++) {
                corrupt.add(Json.write(new Change(position, 4, any()).apply(tree)));
            }
        }
        for (int i = 0; i < atRandom; i++) {
            @Nullable Object changed = tree;
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                changed = new Change(random.nextInt(Math.max(1, positions(changed))), random.nextInt(5), any())
                        .apply(changed);
            }
            String text = Json.write(changed);
            corrupt.add(random.nextInt(4) == 0 ? garbled(text) : text);
        }
        return corrupt;
    }

    private Object any() {
        return VALUES.get(random.nextInt(VALUES.size()));
    }

    private String garbled(String text) {
        int at = random.nextInt(text.length());
        return switch (random.nextInt(3)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + (char) random.nextInt(1, 0xD800) + text.substring(at);
            default -> text.substring(0, at) + text.substring(at / 2);
        };
    }

    private static int positions(@Nullable Object tree) {
        int positions = 0;
        if (tree instanceof Map<?, ?> object) {
            for (Object value : object.values()) {
                positions += 1 + positions(value);
            }
        } else if (tree instanceof List<?> array) {
            for (Object value : array) {
                positions += 1 + positions(value);
            }
        }
        return positions;
    }

    /**
     * One change at the n-th position: 0 drop, 1 other case, 2 add an unknown member, 3 nest in an array, 4 another
     * value.
     */
    private static final class Change {
        private int left;
        private final int kind;
        private final @Nullable Object value;

        Change(int position, int kind, @Nullable Object value) {
            this.left = position;
            this.kind = kind;
            this.value = value;
        }

        @Nullable
        Object apply(@Nullable Object tree) {
            if (tree instanceof Map<?, ?> object) {
                Map<String, @Nullable Object> changed = new LinkedHashMap<>();
                for (var entry : object.entrySet()) {
                    String name = String.valueOf(entry.getKey());
                    if (left-- != 0) {
                        changed.put(name, apply(entry.getValue()));
                        continue;
                    }
                    switch (kind) {
                        case 0 -> {}
                        case 1 ->
                            changed.put(
                                    name.toUpperCase(Locale.ROOT).equals(name)
                                            ? name.toLowerCase(Locale.ROOT)
                                            : name.toUpperCase(Locale.ROOT),
                                    entry.getValue());
                        case 2 -> {
                            changed.put(name, entry.getValue());
                            changed.put("contosoUnknown", entry.getValue());
                        }
                        case 3 -> changed.put(name, List.of(List.of(String.valueOf(entry.getValue()))));
                        default -> changed.put(name, value);
                    }
                }
                return changed;
            }
            if (tree instanceof List<?> array) {
                List<@Nullable Object> changed = new ArrayList<>();
                for (Object element : array) {
                    if (left-- != 0) {
                        changed.add(apply(element));
                    } else if (kind == 4) {
                        changed.add(value);
                    } else if (kind > 0) {
                        changed.add(element);
                        changed.add(element);
                    }
                }
                return changed;
            }
            return tree;
        }
    }
}
