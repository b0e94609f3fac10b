package io.switchboard.session;

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
 * knowledge, not its own.
 *
 * @param type {@code generic} or {@code entity}
 * @param provider the application that made it
 * @param context text, numbers and booleans; read by {@code {key}} slugs
 * @param closedDateTime when it was closed; null while it is open. See {@link #closedAt} for idle ones
 * @param lastActivity the last write or focus; idleness counts from here
 * @param version counts the session's writes, from 1
 */
public record Session(
        String id,
        String templateName,
        long templateVersion,
        String type,
        String title,
        @Nullable String sessionIcon,
        String communicationPanelMode,
        boolean canClose,
        boolean focusRequested,
        int activityCount,
        @Nullable String kpiBreach,
        @Nullable String conversationId,
        @Nullable String correlationId,
        String provider,
        Map<String, Object> context,
        Anchor anchor,
        String anchorTabId,
        String focusedTabId,
        List<Tab> tabs,
        List<Warning> warnings,
        Instant createdDateTime,
        Instant lastModifiedDateTime,
        @Nullable Instant closedDateTime,
        Instant lastActivity,
        long version) {
    /** The id of the home session, which is always there and holds no tabs. */
    public static final String HOME = "home";

    public Session {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        tabs = List.copyOf(tabs);
        warnings = List.copyOf(warnings);
    }

    /** When the session ended: by a close, or by having been idle too long; nothing while it is open. */
    public Optional<Instant> closedAt(Instant now, Duration idle) {
        if (closedDateTime != null) {
            return Optional.of(closedDateTime);
        }
        Instant idleSince = lastActivity.plus(idle);
        return idleSince.isAfter(now) ? Optional.empty() : Optional.of(idleSince);
    }

    /** The same session, closed at this instant, one version later. */
    public Session closed(Instant closedAt, Instant now) {
        return new Session(
                id,
                templateName,
                templateVersion,
                type,
                title,
                sessionIcon,
                communicationPanelMode,
                canClose,
                false,
                activityCount,
                kpiBreach,
                conversationId,
                correlationId,
                provider,
                context,
                anchor,
                anchorTabId,
                focusedTabId,
                tabs,
                warnings,
                createdDateTime,
                now,
                closedAt,
                lastActivity,
                version + 1);
    }
}
