package io.switchboard.session.store;

import io.switchboard.session.Session;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionStatus;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A filter and the order of a list of sessions; null components match all.
 *
 * <p>A list of closed sessions ({@code status} is {@code CLOSED}) is ordered by the time at which they were closed.
 * Every other list is ordered by id, and then {@code closedFrom}, {@code closedTo}, {@code search} and
 * {@code oldestFirst} have no effect.
 *
 * @param status the status
 * @param templateName the session template from which they were created
 * @param closedFrom the earliest time of closing, inclusive
 * @param closedTo the latest time of closing, exclusive
 * @param search a part of the title or of a scalar context value, without regard to case
 * @param oldestFirst whether to sort by ascending time of closing
 */
public record SessionFilter(
        @Nullable SessionStatus status,
        @Nullable String templateName,
        @Nullable Instant closedFrom,
        @Nullable Instant closedTo,
        @Nullable String search,
        boolean oldestFirst) {
    /** The longest search text, in characters. */
    public static final int LONGEST_SEARCH = 100;

    public SessionFilter {
        search = search == null ? null : withoutCase(search);
    }

    /** Creates a filter by state and template. */
    public SessionFilter(@Nullable SessionStatus status, @Nullable String templateName) {
        this(status, templateName, null, null, null, false);
    }

    /** Returns true if only closed sessions match. */
    public boolean isOfClosed() {
        return status == SessionStatus.CLOSED;
    }

    /** Returns true if a session matches. */
    public boolean admits(SessionOnDesk onDesk) {
        Session session = onDesk.session();
        return (status == null || status == onDesk.status())
                && (templateName == null || templateName.equals(session.origin().templateName()))
                && (!isOfClosed() || (isInRange(onDesk.closedAt()) && isFound(session)));
    }

    private boolean isInRange(@Nullable Instant closedAt) {
        return closedAt != null
                && (closedFrom == null || !closedAt.isBefore(closedFrom))
                && (closedTo == null || closedAt.isBefore(closedTo));
    }

    private boolean isFound(Session session) {
        if (search == null || withoutCase(session.presentation().title()).contains(search)) {
            return true;
        }
        for (Object value : session.context().values()) {
            boolean isScalar = value instanceof String || value instanceof Number || value instanceof Boolean;
            if (isScalar && withoutCase(value.toString()).contains(search)) {
                return true;
            }
        }
        return false;
    }

    /** Folds case via upper case, so that ß and SS, and both forms of the Greek sigma, become the same text. */
    private static String withoutCase(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
