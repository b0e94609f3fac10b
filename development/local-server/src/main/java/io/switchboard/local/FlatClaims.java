package io.switchboard.local;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Flattens claims as API Gateway's JWT authorizer does. Every value becomes text. An array becomes its elements in
 * brackets, separated by blanks ({@code [a b]}), so an element that contains a blank cannot be distinguished from two
 * elements. The format of objects is not documented; this class uses {@code map[a:1 b:2]}, which matches the format of
 * arrays.
 */
final class FlatClaims {
    private FlatClaims() {}

    static Map<String, String> of(Map<String, ? extends @Nullable Object> claims) {
        var flat = new LinkedHashMap<String, String>();
        claims.forEach((name, value) -> {
            if (value != null) {
                flat.put(name, text(value));
            }
        });
        return flat;
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String text -> text;
            case Collection<?> elements ->
                elements.stream().map(FlatClaims::text).collect(Collectors.joining(" ", "[", "]"));
            case Map<?, ?> members ->
                new TreeMap<>(members)
                        .entrySet().stream()
                                .map(member -> member.getKey() + ":" + text(member.getValue()))
                                .collect(Collectors.joining(" ", "map[", "]"));
            case Double number -> BigDecimal.valueOf(number).toPlainString();
            default -> value.toString();
        };
    }
}
