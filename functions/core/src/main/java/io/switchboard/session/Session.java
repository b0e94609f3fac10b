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
 * A session: the resolved copy of a session template, with its tabs and context. Whether it is focused is the desk's
 * knowledge, not its own. A change begins with {@link #next}, which counts it.
 *
 * @param context any JSON by name, as the caller sent it; {@code {key}} slugs read its texts, numbers and booleans
 * @param warnings what was fixed or left out when texts were resolved
 * @param version counts the session's writes, from 1
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
        long version) {
    /** The id of the home session, which is always there and holds no tabs. */
    public static final String HOME = "home";

    public Session {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        warnings = List.copyOf(warnings);
    }

    /** When the session ended: by a close, or by having been idle too long; nothing while it is open. */
    public Optional<Instant> closedAt(Instant now, Duration idle) {
        @Nullable Instant closed = times.closed();
        if (closed != null) {
            return Optional.of(closed);
        }
        Instant idleSince = times.lastActivity().plus(idle);
        return idleSince.isAfter(now) ? Optional.empty() : Optional.of(idleSince);
    }

    /** The same session one version later, changed and active now. */
    public Session next(Instant now) {
        return new Session(
                id, origin, presentation, markers, context, anchor, tabs, warnings, times.modified(now), version + 1);
    }

    /** The same session, closed at this instant, one version later. */
    public Session closed(Instant closedAt, Instant now) {
        return next(now)
                .withMarkers(markers.withFocusRequested(false))
                .withTimes(times.modified(now).active(times.lastActivity()).closed(closedAt));
    }

    /** The same session, open again, one version later. */
    public Session reopened(Instant now) {
        return next(now).withTimes(times.modified(now).closed(null));
    }

    /** What is left of the session once it is deleted: who made it and when, and nothing that anybody put in. */
    public Session emptied(Instant closedAt, Instant now) {
        return next(now)
                .withPresentation(presentation.withTitle("").withIcon(null))
                .withMarkers(Markers.NONE)
                .withContext(Map.of())
                .withAnchor(Anchor.NONE)
                .withTabs(tabs.emptied())
                .withWarnings(List.of())
                .withTimes(times.modified(now).closed(closedAt));
    }

    /** The same session, used now: nothing that its readers see has changed. */
    public Session touched(Instant now) {
        return withTimes(times.active(now));
    }

    /** The same session as the desk turns to it: a request for focus is granted and its badge is read. */
    public Session focused(Instant now) {
        return markers.focusRequested() || markers.activityCount() > 0
                ? next(now).withMarkers(markers.withFocusRequested(false).withActivityCount(0))
                : touched(now);
    }

    /** The same session with an application's request for the agent's attention, one version later. */
    public Session focusRequested(Instant now) {
        return next(now).withMarkers(markers.withFocusRequested(true));
    }

    /** The same, shown in another way. */
    public Session withPresentation(Presentation value) {
        return new Session(id, origin, value, markers, context, anchor, tabs, warnings, times, version);
    }

    /** The same with other markers. */
    public Session withMarkers(Markers value) {
        return new Session(id, origin, presentation, value, context, anchor, tabs, warnings, times, version);
    }

    /** The same with another context, as a whole. */
    public Session withContext(Map<String, Object> value) {
        return new Session(id, origin, presentation, markers, value, anchor, tabs, warnings, times, version);
    }

    /** The same with what is known of the anchor's record. */
    public Session withAnchor(Anchor value) {
        return new Session(id, origin, presentation, markers, context, value, tabs, warnings, times, version);
    }

    /** The same with other tabs. */
    public Session withTabs(Tabs value) {
        return new Session(id, origin, presentation, markers, context, anchor, value, warnings, times, version);
    }

    /** The same with other warnings, as a whole. */
    public Session withWarnings(List<Warning> value) {
        return new Session(id, origin, presentation, markers, context, anchor, tabs, value, times, version);
    }

    private Session withTimes(Times value) {
        return new Session(id, origin, presentation, markers, context, anchor, tabs, warnings, value, version);
    }
}
