package io.switchboard.template.rule;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The paths of rules: {@code channel}, {@code context.tier}, {@code record.prioritycode}. */
public final class Path {
    /** The time of the request, for {@code between}, {@code gt} and {@code lt}. */
    public static final String TIME = "time";

    /** The channel of the request. */
    public static final String CHANNEL = "channel";

    /** The logical name of the record's entity. */
    public static final String ENTITY = "entity";

    /** The roles in the caller's token. */
    public static final String ROLES = "roles";

    /** The longest path, in characters. */
    public static final int LONGEST = 128;

    private static final Set<String> NAMES = Set.of(TIME, CHANNEL, ENTITY, ROLES);
    private static final String CONTEXT = "context.";
    private static final String RECORD = "record.";
    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Path() {}

    /** Returns whether a text is a path. */
    public static boolean isValid(String path) {
        return path.length() <= LONGEST
                && (NAMES.contains(path)
                        || contextName(path).isPresent()
                        || column(path).isPresent());
    }

    /** Returns the name of a value of the context. */
    public static Optional<String> contextName(String path) {
        return path.startsWith(CONTEXT) && path.length() > CONTEXT.length()
                ? Optional.of(path.substring(CONTEXT.length()))
                : Optional.empty();
    }

    /** Returns the name of a column of the record. */
    public static Optional<String> column(String path) {
        return path.startsWith(RECORD)
                        && COLUMN.matcher(path.substring(RECORD.length())).matches()
                ? Optional.of(path.substring(RECORD.length()))
                : Optional.empty();
    }
}
