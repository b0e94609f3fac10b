package io.switchboard.session;

import io.switchboard.slug.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param context any JSON by name, as the caller sent it; {@code {key}} slugs read its texts, numbers and booleans
 * @param rendering what its title is rendered from
 * @param closedTabs what repeats of requests need to know of tabs that are closed
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
        Rendering rendering,
        List<ClosedTab> closedTabs,
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
        closedTabs = List.copyOf(closedTabs);
    }

    /** When the session ended: by a close, or by having been idle too long; nothing while it is open. */
    public Optional<Instant> closedAt(Instant now, Duration idle) {
        if (closedDateTime != null) {
            return Optional.of(closedDateTime);
        }
        Instant idleSince = lastActivity.plus(idle);
        return idleSince.isAfter(now) ? Optional.empty() : Optional.of(idleSince);
    }

    /** The tab of this id. */
    public Optional<Tab> tab(String tabId) {
        for (Tab tab : tabs) {
            if (tab.tabId().equals(tabId)) {
                return Optional.of(tab);
            }
        }
        return Optional.empty();
    }

    /** A change of this session: one version later, active now. */
    public Draft draft(Instant now) {
        return new Draft(this, now);
    }

    /** The same session, closed at this instant, one version later. */
    public Session closed(Instant closedAt, Instant now) {
        return draft(now).closedDateTime(closedAt).lastActivity(lastActivity).build();
    }

    /** What is left of the session once it is deleted: who made it and when, and nothing that anybody put in. */
    public Session emptied(Instant closedAt, Instant now) {
        return draft(now)
                .title("")
                .sessionIcon(null)
                .kpiBreach(null)
                .conversationId(null)
                .activityCount(0)
                .context(Map.of())
                .anchor(Anchor.NONE)
                .tabs(List.of())
                .warnings(List.of())
                .closedTabs(List.of())
                .closedDateTime(closedAt)
                .build();
    }

    /** The same session, used now: nothing that its readers see has changed. */
    public Session touched(Instant now) {
        return draft(now)
                .lastModifiedDateTime(lastModifiedDateTime)
                .version(version)
                .build();
    }

    /** The same session as the desk turns to it: a request for focus is granted and its badge is read. */
    public Session focused(Instant now) {
        return focusRequested || activityCount > 0
                ? draft(now).focusRequested(false).activityCount(0).build()
                : touched(now);
    }

    /** A session under change. Not thread-safe. */
    public static final class Draft {
        private final Session before;
        private final Instant now;
        private String title;
        private @Nullable String sessionIcon;
        private boolean canClose;
        private boolean focusRequested;
        private int activityCount;
        private @Nullable String kpiBreach;
        private @Nullable String conversationId;
        private Map<String, Object> context;
        private Anchor anchor;
        private String focusedTabId;
        private List<Tab> tabs;
        private List<Warning> warnings;
        private List<ClosedTab> closedTabs;
        private Instant lastModifiedDateTime;
        private @Nullable Instant closedDateTime;
        private Instant lastActivity;
        private long version;

        private Draft(Session before, Instant now) {
            this.before = before;
            this.now = now;
            this.title = before.title;
            this.sessionIcon = before.sessionIcon;
            this.canClose = before.canClose;
            this.focusRequested = before.focusRequested;
            this.activityCount = before.activityCount;
            this.kpiBreach = before.kpiBreach;
            this.conversationId = before.conversationId;
            this.context = before.context;
            this.anchor = before.anchor;
            this.focusedTabId = before.focusedTabId;
            this.tabs = before.tabs;
            this.warnings = before.warnings;
            this.closedTabs = before.closedTabs;
            this.closedDateTime = before.closedDateTime;
            this.lastModifiedDateTime = now;
            this.lastActivity = now;
            this.version = before.version + 1;
        }

        /** Another title. */
        public Draft title(String value) {
            title = value;
            return this;
        }

        /** Another icon; null for none. */
        public Draft sessionIcon(@Nullable String value) {
            sessionIcon = value;
            return this;
        }

        /** Whether it may be closed. */
        public Draft canClose(boolean value) {
            canClose = value;
            return this;
        }

        /** Whether somebody asks for the agent's attention. */
        public Draft focusRequested(boolean value) {
            focusRequested = value;
            return this;
        }

        /** The badge: what is unread, not negative. */
        public Draft activityCount(int value) {
            activityCount = value;
            return this;
        }

        /** What the breach is; null for none. */
        public Draft kpiBreach(@Nullable String value) {
            kpiBreach = value;
            return this;
        }

        /** The conversation it belongs to; null for none. */
        public Draft conversationId(@Nullable String value) {
            conversationId = value;
            return this;
        }

        /** Another context, as a whole. */
        public Draft context(Map<String, Object> value) {
            context = value;
            return this;
        }

        /** What is known of the anchor's record. */
        public Draft anchor(Anchor value) {
            anchor = value;
            return this;
        }

        /** The tab in focus. */
        public Draft focusedTabId(String value) {
            focusedTabId = value;
            return this;
        }

        /** Other tabs, as a whole. */
        public Draft tabs(List<Tab> value) {
            tabs = value;
            return this;
        }

        /** The same tab as this one is replaced by it. */
        public Draft tab(Tab value) {
            List<Tab> replaced = new ArrayList<>();
            for (Tab tab : tabs) {
                replaced.add(tab.tabId().equals(value.tabId()) ? value : tab);
            }
            tabs = replaced;
            return this;
        }

        /** Without this tab; the one that opened before it comes into focus if it was. */
        public Draft withoutTab(Tab closing) {
            List<Tab> left = new ArrayList<>();
            String previous = before.anchorTabId;
            boolean isBefore = true;
            for (Tab tab : tabs) {
                if (tab.tabId().equals(closing.tabId())) {
                    isBefore = false;
                    continue;
                }
                left.add(tab);
                previous = isBefore ? tab.tabId() : previous;
            }
            tabs = left;
            focusedTabId = focusedTabId.equals(closing.tabId()) ? previous : focusedTabId;
            List<ClosedTab> remembered = new ArrayList<>();
            for (ClosedTab closed : closedTabs) {
                if (closed.until().isAfter(now)) {
                    remembered.add(closed);
                }
            }
            if (closing.requestHash() != null) {
                remembered.add(ClosedTab.of(closing, now));
            }
            closedTabs = remembered.subList(Math.max(0, remembered.size() - ClosedTab.MOST), remembered.size());
            return this;
        }

        /** What was mended or left out, as a whole. */
        public Draft warnings(List<Warning> value) {
            warnings = value;
            return this;
        }

        Draft closedTabs(List<ClosedTab> value) {
            closedTabs = value;
            return this;
        }

        public Draft closedDateTime(@Nullable Instant value) {
            closedDateTime = value;
            focusRequested = value == null && focusRequested;
            return this;
        }

        Draft lastModifiedDateTime(Instant value) {
            lastModifiedDateTime = value;
            return this;
        }

        Draft lastActivity(Instant value) {
            lastActivity = value;
            return this;
        }

        Draft version(long value) {
            version = value;
            return this;
        }

        /** The session as it is to be stored. */
        public Session build() {
            return new Session(
                    before.id,
                    before.templateName,
                    before.templateVersion,
                    before.type,
                    title,
                    sessionIcon,
                    before.communicationPanelMode,
                    canClose,
                    focusRequested,
                    activityCount,
                    kpiBreach,
                    conversationId,
                    before.correlationId,
                    before.provider,
                    context,
                    anchor,
                    before.anchorTabId,
                    focusedTabId,
                    tabs,
                    warnings,
                    before.rendering,
                    closedTabs,
                    before.createdDateTime,
                    lastModifiedDateTime,
                    closedDateTime,
                    lastActivity,
                    version);
        }
    }
}
