package io.switchboard.session;

import io.switchboard.slug.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session: the resolved copy of a session template, with its tabs and context. The desk stores which session is in
 * focus. Every change begins with {@link #next}, which increments the version.
 *
 * @param context any JSON by name, as sent by the caller; {@code {key}} slugs use its texts, numbers and booleans
 * @param warnings the changes and omissions when texts were resolved
 * @param version the number of writes, from 1
 * @param wrapUp what its template asks for when the contact ends, and what is known of it
 */
public record Session(
        String id,
        SessionOrigin origin,
        Presentation presentation,
        Markers markers,
        Map<String, Object> context,
        Anchor anchor,
        Tabs tabs,
        List<Warning> warnings,
        Times times,
        long version,
        WrapUp wrapUp) {
    /** The id of the home session, which always exists and does not have tabs. */
    public static final String HOME = "home";

    public Session {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        warnings = List.copyOf(warnings);
    }

    /** Creates a session whose template has no wrap-up. */
    public Session(
            String id,
            SessionOrigin origin,
            Presentation presentation,
            Markers markers,
            Map<String, Object> context,
            Anchor anchor,
            Tabs tabs,
            List<Warning> warnings,
            Times times,
            long version) {
        this(id, origin, presentation, markers, context, anchor, tabs, warnings, times, version, WrapUp.NONE);
    }

    /**
     * Returns when the session ended, by a close, the deadline of its wrap-up or idleness; empty while it is on the
     * desk.
     */
    public Optional<Instant> closedAt(Instant now, Duration idle) {
        @Nullable Instant closed = times.closed();
        if (closed != null) {
            return Optional.of(closed);
        }
        Instant end = times.lastActivity().plus(idle);
        @Nullable
        Instant expires = wrapUp.pending().map(WrapUp.Pending::expires).orElse(null);
        if (expires != null && !expires.isAfter(end)) {
            end = expires;
        }
        return end.isAfter(now) ? Optional.empty() : Optional.of(end);
    }

    /** Returns the next version of the session, modified and active now. */
    public Session next(Instant now) {
        return new Session(
                id,
                origin,
                presentation,
                markers,
                context,
                anchor,
                tabs,
                warnings,
                times.modified(now),
                version + 1,
                wrapUp);
    }

    /** Returns the next version, closed at this instant without an action, or without wrap-up. */
    public Session closed(Instant closedAt, Instant now) {
        return closed(wrapUp.endedAt(closedAt), closedAt, now);
    }

    /**
     * Returns the next version, which an action closes now.
     *
     * @param disposition the disposition; null for none
     * @param notes the notes; null keeps earlier ones
     */
    public Session completed(WrapUp.ClosedBy by, @Nullable String disposition, @Nullable String notes, Instant now) {
        return closed(wrapUp.closedBy(by, disposition, notes), now, now);
    }

    private Session closed(WrapUp ended, Instant closedAt, Instant now) {
        return next(now)
                .withWrapUp(ended)
                .withMarkers(markers.withFocusRequested(false).withHandOver(null))
                .withTimes(times.modified(now).active(times.lastActivity()).closed(closedAt));
    }

    /** Returns the session as readers see it after it ended at this instant, without a new version. */
    public Session endedAt(Instant closedAt) {
        return withWrapUp(wrapUp.endedAt(closedAt));
    }

    /** Returns the session in wrap-up, without a new version. It is not offered any more. */
    public Session wrappingUp(Instant now) {
        return withWrapUp(wrapUp.startedAt(now))
                .withMarkers(markers.withFocusRequested(false).withHandOver(null));
    }

    /** Returns the next version, open again. It keeps its notes. */
    public Session reopened(Instant now) {
        return next(now)
                .withWrapUp(wrapUp.reopened())
                .withTimes(times.modified(now).closed(null));
    }

    /** Returns the remains of the deleted session: its origin and times, without any content. */
    public Session emptied(Instant closedAt, Instant now) {
        return next(now)
                .withPresentation(presentation.withTitle("").withIcon(null))
                .withMarkers(Markers.NONE)
                .withContext(Map.of())
                .withAnchor(Anchor.NONE)
                .withTabs(tabs.emptied())
                .withWarnings(List.of())
                .withWrapUp(WrapUp.NONE)
                .withTimes(times.modified(now).closed(closedAt));
    }

    /** Returns the session, active now, without a new version. */
    public Session touched(Instant now) {
        return withTimes(times.active(now));
    }

    /** Returns the session after it gets the focus: without a focus request and with an empty badge. */
    public Session focused(Instant now) {
        return markers.focusRequested() || markers.activityCount() > 0
                ? next(now).withMarkers(markers.withFocusRequested(false).withActivityCount(0))
                : touched(now);
    }

    /** Returns the next version, with a focus request. */
    public Session focusRequested(Instant now) {
        return next(now).withMarkers(markers.withFocusRequested(true));
    }

    /** Returns the next version, as it arrives on the desk of another user. */
    public Session arrived(Instant now) {
        return next(now).withMarkers(markers.withFocusRequested(true).withHandOver(null));
    }

    /** Returns the next version, which is offered to another user. */
    public Session offered(PendingHandOver handOver, Instant now) {
        return next(now).withMarkers(markers.withHandOver(handOver));
    }

    /**
     * Returns the next version, which is not offered any more. An answer of another user does not count as activity.
     */
    public Session kept(Instant now) {
        return next(now).withMarkers(markers.withHandOver(null)).touched(times.lastActivity());
    }

    /** Returns the session as readers see it: without an offer that has expired. */
    public Session at(Instant now) {
        @Nullable PendingHandOver handOver = markers.handOver();
        return handOver == null || handOver.isPending(now) ? this : withMarkers(markers.withHandOver(null));
    }

    /** Returns a copy with this presentation. */
    public Session withPresentation(Presentation value) {
        return new Session(id, origin, value, markers, context, anchor, tabs, warnings, times, version, wrapUp);
    }

    /** Returns a copy with these markers. */
    public Session withMarkers(Markers value) {
        return new Session(id, origin, presentation, value, context, anchor, tabs, warnings, times, version, wrapUp);
    }

    /** Returns a copy with this context, which replaces the whole context. */
    public Session withContext(Map<String, Object> value) {
        return new Session(id, origin, presentation, markers, value, anchor, tabs, warnings, times, version, wrapUp);
    }

    /** Returns a copy with this anchor. */
    public Session withAnchor(Anchor value) {
        return new Session(id, origin, presentation, markers, context, value, tabs, warnings, times, version, wrapUp);
    }

    /** Returns a copy with these tabs. */
    public Session withTabs(Tabs value) {
        return new Session(id, origin, presentation, markers, context, anchor, value, warnings, times, version, wrapUp);
    }

    /** Returns a copy with these warnings, which replace all warnings. */
    public Session withWarnings(List<Warning> value) {
        return new Session(id, origin, presentation, markers, context, anchor, tabs, value, times, version, wrapUp);
    }

    /** Returns a copy with this wrap-up. */
    public Session withWrapUp(WrapUp value) {
        return new Session(id, origin, presentation, markers, context, anchor, tabs, warnings, times, version, value);
    }

    private Session withTimes(Times value) {
        return new Session(id, origin, presentation, markers, context, anchor, tabs, warnings, value, version, wrapUp);
    }
}
