package io.switchboard.session.store;

import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.WrapUp;
import io.switchboard.session.store.Closing.Completion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides how a session that was read starts its wrap-up, is completed, closed or deleted. Thread-safe. */
final class DynamoDbSessionClosing {
    private final SessionLimits limits;
    private final DynamoDbSessionItems items;
    private final DynamoDbDeskItems desks;
    private final DynamoDbSessionReads reads;
    private final DynamoDbDeskSlots slots;
    private final DynamoDbHandOverMarks marks;

    DynamoDbSessionClosing(
            SessionLimits limits,
            DynamoDbSessionItems items,
            DynamoDbDeskItems desks,
            DynamoDbSessionReads reads,
            DynamoDbDeskSlots slots,
            DynamoDbHandOverMarks marks) {
        this.limits = limits;
        this.items = items;
        this.desks = desks;
        this.reads = reads;
        this.slots = slots;
        this.marks = marks;
    }

    /** Implements {@link SessionChangeStore#close}. */
    Step<ChangeOutcome> close(
            Owner owner, SessionItem item, DeskItem desk, Closing closing, String writeId, Instant now) {
        Session session = desk.current(item.session()).at(now);
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        @Nullable Completion completion = closing.completion();
        if (closedAt != null) {
            if (completion != null && !isCompletedBy(session.endedAt(closedAt).wrapUp(), completion)) {
                return Step.none(new ChangeOutcome.AlreadyClosed());
            }
            return session.times().closed() != null || !desk.desk().open().contains(session.id())
                    ? unchanged(session, desk, now)
                    : closed(owner, item, desk, session, session.closed(closedAt, now), writeId, now);
        }
        @Nullable ChangeOutcome refused = refusal(session, closing);
        if (refused != null) {
            return Step.none(refused);
        }
        WrapUp wrapUp = session.wrapUp();
        if (completion != null) {
            Session completed = session.completed(closing.by(), completion.disposition(), completion.notes(), now);
            return closed(owner, item, desk, session, completed, writeId, now);
        }
        if (wrapUp.rules() == null) {
            return closed(owner, item, desk, session, session.closed(now, now), writeId, now);
        }
        return wrapUp.pending().isPresent()
                ? unchanged(session, desk, now)
                : started(owner, item, desk, session, closing.start(), writeId, now);
    }

    /** Returns the outcome if an open session must not be closed or completed in this way; null if it may. */
    private static @Nullable ChangeOutcome refusal(Session session, Closing closing) {
        if (!session.presentation().canClose()) {
            return new ChangeOutcome.NotClosable();
        }
        WrapUp wrapUp = session.wrapUp();
        @Nullable Completion completion = closing.completion();
        // The pages of a session whose wrap-up starts stay open.
        boolean ends = completion != null || wrapUp.rules() == null;
        if (ends && !closing.discards() && !session.tabs().unsaved().isEmpty()) {
            return new ChangeOutcome.UnsavedChanges(session.tabs().unsaved());
        }
        if (completion == null) {
            return null;
        }
        @Nullable String disposition = completion.disposition();
        if (disposition == null) {
            return wrapUp.requiresDisposition() ? dispositionRequired(wrapUp) : null;
        }
        return wrapUp.allows(disposition) ? null : new ChangeOutcome.DispositionNotAllowed(dispositions(wrapUp));
    }

    private static ChangeOutcome dispositionRequired(WrapUp wrapUp) {
        return new ChangeOutcome.DispositionRequired(dispositions(wrapUp));
    }

    private static List<String> dispositions(WrapUp wrapUp) {
        return wrapUp.rules() == null ? List.of() : wrapUp.rules().dispositions();
    }

    /** Returns true if the closed session is what this completion, repeated, asks for. */
    private static boolean isCompletedBy(WrapUp wrapUp, Completion completion) {
        boolean isSame = Objects.equals(completion.disposition(), wrapUp.disposition());
        return isSame && (completion.notes() == null || completion.notes().equals(wrapUp.notes()));
    }

    private Step<ChangeOutcome> unchanged(Session session, DeskItem desk, Instant now) {
        return Step.none(new ChangeOutcome.Done(reads.onDesk(session, desk, now)));
    }

    private Step<ChangeOutcome> started(
            Owner owner,
            SessionItem item,
            DeskItem desk,
            Session session,
            SessionChange start,
            String writeId,
            Instant now) {
        SessionOnDesk before = reads.onDesk(session, desk, now);
        Session opened = start.apply(before);
        Session next = (opened.version() == session.version() ? opened.next(now) : opened).wrappingUp(now);
        List<Write> writes = new ArrayList<>();
        writes.add(items.replace(owner, item, next, writeId));
        writes.add(desks.replace(owner, desk, desk.next(desk.desk(), List.of(next)), writeId));
        writes.addAll(marks.withdraw(owner, session, null, writeId, now));
        return new Step<>(new ChangeOutcome.Done(new SessionOnDesk(next, before.isFocused(), null)), writes);
    }

    private Step<ChangeOutcome> closed(
            Owner owner,
            SessionItem item,
            DeskItem desk,
            Session session,
            Session closed,
            String writeId,
            Instant now) {
        List<Write> writes = new ArrayList<>();
        writes.add(items.replace(owner, item, closed, writeId));
        writes.add(leave(owner, session.id(), desk, writeId, now));
        writes.addAll(marks.withdraw(owner, session, null, writeId, now));
        return new Step<>(
                new ChangeOutcome.Done(
                        new SessionOnDesk(closed, false, closed.times().closed())),
                writes);
    }

    /** Implements {@link WrapUpDeadlines#close}. */
    Step<ChangeOutcome> end(Owner owner, SessionItem item, DeskItem desk, String writeId, Instant now) {
        boolean isPending = item.session().wrapUp().pending().isPresent();
        Session session = desk.current(item.session()).at(now);
        return isPending && session.closedAt(now, limits.idle()).isPresent()
                ? close(owner, item, desk, Closing.BY_AGENT, writeId, now)
                : unchanged(session, desk, now);
    }

    /** Implements {@link SessionChangeStore#delete}. */
    Step<ChangeOutcome> delete(
            Owner owner, SessionItem item, DeskItem desk, boolean discards, String writeId, Instant now) {
        Session session = desk.current(item.session()).at(now);
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        if (closedAt == null && !session.presentation().canClose()) {
            return Step.none(new ChangeOutcome.NotClosable());
        }
        if (closedAt == null && !discards && !session.tabs().unsaved().isEmpty()) {
            return Step.none(new ChangeOutcome.UnsavedChanges(session.tabs().unsaved()));
        }
        if (closedAt == null && session.wrapUp().requiresDisposition()) {
            return Step.none(dispositionRequired(session.wrapUp()));
        }
        Session emptied = session.emptied(closedAt == null ? now : closedAt, now);
        List<Write> writes = new ArrayList<>();
        writes.add(items.replaceWithTombstone(owner, item, emptied, writeId, now));
        if (desk.desk().open().contains(session.id())) {
            writes.add(leave(owner, session.id(), desk, writeId, now));
        }
        writes.addAll(marks.withdraw(owner, session, null, writeId, now));
        return new Step<>(
                new ChangeOutcome.Done(
                        new SessionOnDesk(emptied, false, emptied.times().closed())),
                writes);
    }

    /** Removes a session from its desk. */
    private Write leave(Owner owner, String id, DeskItem desk, String writeId, Instant now) {
        Desk next = desk.desk().next(slots.focusOrderAfter(id, desk, now), Set.of(id), null);
        return desks.replace(owner, desk, desk.next(next, List.of()), writeId);
    }
}
