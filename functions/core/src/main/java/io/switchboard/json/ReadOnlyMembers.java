package io.switchboard.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Read-only members in merge patches (RFC 7396). A caller may send back the document it has read, so an unchanged
 * member is accepted. A changed member is a violation, because a 200 would report the change as applied.
 *
 * <p>Members that the server changes are never compared: versions, times, focus, warnings, authors and {@code @odata}
 * annotations.
 */
public final class ReadOnlyMembers {
    private static final Set<String> NEVER_COMPARED =
            Set.of("version", "isFocused", "warnings", "focusRequested", "origin", "createdBy", "lastModifiedBy");

    private final Map<String, String> advice;

    /** @param advice the alternative for each read-only member, as a sentence */
    public ReadOnlyMembers(Map<String, String> advice) {
        this.advice = advice;
    }

    /** Marks the members as known, so that the reader does not reject them as unknown. */
    public void ignoreIn(ObjectReader body) {
        for (String name : body.names()) {
            if (advice.containsKey(name) || isNeverCompared(name)) {
                body.ignore(name);
            }
        }
        body.ignore(advice.keySet().toArray(String[]::new));
    }

    /**
     * Records each member of the patch that would change a read-only member.
     *
     * @param patch the body
     * @param current the resource as it is currently returned
     */
    public void rejectChanges(
            Map<String, @Nullable Object> patch, Map<String, @Nullable Object> current, Violations violations) {
        for (var member : patch.entrySet()) {
            String name = member.getKey();
            @Nullable String instead = advice.get(name);
            if (instead != null && !isNeverCompared(name) && changes(current.get(name), member.getValue())) {
                violations.add(
                        "readOnlyMember",
                        name,
                        name + " is read-only, and the value sent differs from the current value. " + instead);
            }
        }
    }

    /** Returns whether a merge patch with this value would change the current value. */
    static boolean changes(@Nullable Object current, @Nullable Object sent) {
        if (sent instanceof Map<?, ?> patch && current instanceof Map<?, ?> before) {
            for (var member : patch.entrySet()) {
                if (!isNeverCompared((String) member.getKey())
                        && changes(before.get(member.getKey()), member.getValue())) {
                    return true;
                }
            }
            return false;
        }
        return !isSame(current, sent, ReadOnlyMembers::isNeverCompared);
    }

    /**
     * Returns whether two JSON values are equal. Numbers are compared by value, absent members equal null, and
     * annotations are ignored.
     */
    public static boolean isSame(@Nullable Object one, @Nullable Object other) {
        return isSame(one, other, name -> name.indexOf('@') >= 0);
    }

    private static boolean isSame(@Nullable Object one, @Nullable Object other, Predicate<String> ignored) {
        if (one instanceof Number number && other instanceof Number another) {
            return new BigDecimal(number.toString()).compareTo(new BigDecimal(another.toString())) == 0;
        }
        if (one instanceof List<?> list && other instanceof List<?> another) {
            if (list.size() != another.size()) {
                return false;
            }
            for (int i = 0; i < list.size(); i++) {
                if (!isSame(list.get(i), another.get(i), ignored)) {
                    return false;
                }
            }
            return true;
        }
        if (one instanceof Map<?, ?> object && other instanceof Map<?, ?> another) {
            return isSameObject(object, another, ignored);
        }
        return one == null ? other == null : one.equals(other);
    }

    private static boolean isSameObject(Map<?, ?> one, Map<?, ?> other, Predicate<String> ignored) {
        for (var member : one.entrySet()) {
            if (!ignored.test((String) member.getKey())
                    && !isSame(member.getValue(), other.get(member.getKey()), ignored)) {
                return false;
            }
        }
        for (var member : other.entrySet()) {
            if (!ignored.test((String) member.getKey())
                    && member.getValue() != null
                    && one.get(member.getKey()) == null) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNeverCompared(String name) {
        return NEVER_COMPARED.contains(name) || name.endsWith("DateTime") || name.startsWith("@odata.");
    }
}
