package io.switchboard.dynamodb;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DynamoDB expressions whose placeholders are the attribute names: {@code #expiresAt} is {@code expiresAt}. */
final class Expression {
    private Expression() {}

    /** Returns the expression attribute names of an expression; null if it has none. */
    static @Nullable Map<String, String> names(String expression) {
        Map<String, String> names = new HashMap<>();
        for (int hash = expression.indexOf('#'); hash >= 0; hash = expression.indexOf('#', hash + 1)) {
            int end = hash + 1;
            while (end < expression.length() && Character.isJavaIdentifierPart(expression.charAt(end))) {
                end++;
            }
            names.put(expression.substring(hash, end), expression.substring(hash + 1, end));
        }
        return names.isEmpty() ? null : names;
    }
}
