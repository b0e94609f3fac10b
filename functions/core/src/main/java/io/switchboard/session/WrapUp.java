package io.switchboard.session;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The wrap-up of a session: what its template asks for, and what is known so far. The rules are a copy, because the
 * template may change later.
 *
 * @param rules the rules of the template; null for a template without wrap-up
 * @param started the time when the wrap-up started; null before that
 * @param disposition the disposition of the completed session; null for none
 * @param notes the notes of the agent, which a reopened session keeps; null for none
 * @param closedBy what closed the session; null before that, and for a session without rules
 */
public record WrapUp(
        @Nullable Rules rules,
        @Nullable Instant started,
        @Nullable String disposition,
        @Nullable String notes,
        @Nullable ClosedBy closedBy) {
    /** The wrap-up of a session whose template has none. */
    public static final WrapUp NONE = new WrapUp(null, null, null, null, null);

    /** The most characters of notes. */
    public static final int LONGEST_NOTES = 4_000;

    /**
     * The rules of a template.
     *
     * @param isRequired whether a disposition is required
     * @param seconds the time until the deadline; 0 for none
     * @param dispositions the allowed dispositions
     * @param tab the application tab template that opens when the wrap-up starts; null for none
     */
    public record Rules(
            boolean isRequired,
            int seconds,
            List<String> dispositions,
            @Nullable String tab) {
        public Rules {
            dispositions = List.copyOf(dispositions);
        }
    }

    /** The cause that closed a session. */
    public enum ClosedBy {
        /** The user of the desk. */
        AGENT("agent"),
        /** An application, for the user. */
        BACKEND("backend"),
        /** The deadline of the wrap-up. */
        DEADLINE("deadline"),
        /** The lack of activity. */
        IDLE("idle");

        /** The constants by their text. */
        public static final Map<String, ClosedBy> BY_TEXT =
                Map.of(AGENT.text, AGENT, BACKEND.text, BACKEND, DEADLINE.text, DEADLINE, IDLE.text, IDLE);

        private final String text;

        ClosedBy(String text) {
            this.text = text;
        }

        /** Returns the text in JSON. */
        public String text() {
            return text;
        }
    }

    /**
     * A wrap-up that has started, as a desk shows it.
     *
     * @param expires the deadline; null for none
     */
    public record Pending(@Nullable Instant expires) {
        /** Returns true if the deadline is over. */
        public boolean isOver(Instant now) {
            return expires != null && !expires.isAfter(now);
        }
    }

    /** Creates the wrap-up of a new session. */
    public static WrapUp of(Rules rules) {
        return new WrapUp(rules, null, null, null, null);
    }

    /** Returns the wrap-up that has started; empty before its start, and for a closed session. */
    public Optional<Pending> pending() {
        if (rules == null || started == null || closedBy != null) {
            return Optional.empty();
        }
        return Optional.of(new Pending(rules.seconds == 0 ? null : started.plusSeconds(rules.seconds)));
    }

    /** Returns true if the rules require a disposition. */
    public boolean requiresDisposition() {
        return rules != null && rules.isRequired;
    }

    /** Returns true if the rules allow a disposition. */
    public boolean allows(String wanted) {
        return rules != null && rules.dispositions.contains(wanted);
    }

    WrapUp startedAt(Instant now) {
        return new WrapUp(rules, now, disposition, notes, null);
    }

    WrapUp reopened() {
        return new WrapUp(rules, null, null, notes, null);
    }

    /** Returns the wrap-up of a session that ended at a time without an action. */
    WrapUp endedAt(Instant time) {
        @Nullable Instant expires = pending().map(Pending::expires).orElse(null);
        return rules == null || closedBy != null
                ? this
                : new WrapUp(rules, started, null, notes, time.equals(expires) ? ClosedBy.DEADLINE : ClosedBy.IDLE);
    }

    /** Returns the wrap-up after an action closed the session; a null value keeps the notes. */
    WrapUp closedBy(ClosedBy by, @Nullable String newDisposition, @Nullable String newNotes) {
        return new WrapUp(
                rules, started, newDisposition, newNotes == null ? notes : newNotes, rules == null ? null : by);
    }
}
