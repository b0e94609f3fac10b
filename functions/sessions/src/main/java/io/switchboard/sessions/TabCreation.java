package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.session.ClosedTab;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.Tab;
import io.switchboard.session.Tabs;
import io.switchboard.session.resolve.OpenSessionResolver;
import io.switchboard.session.resolve.ResolvedTab;
import io.switchboard.session.store.SessionChange;
import io.switchboard.slug.Warning;
import io.switchboard.template.ApplicationTabTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a tab in a session exactly once. The check for a replay and the check of the tab limit use the state of the
 * session at the time of the write. One instance serves one request.
 */
final class TabCreation implements SessionChange {
    private final TabRequest wanted;
    private final Usable template;
    private final RecordSource records;
    private final String tabId;
    private final CreateOptions options;
    private final Instant now;
    private boolean isReplay;
    private List<Warning> warnings = List.of();

    /** The result of the lookup of the tab template. */
    sealed interface Usable {
        /** The template can be used. */
        record Template(ApplicationTabTemplate template) implements Usable {}

        /** The template is missing or cannot be used. */
        record Refused(Refusal error) implements Usable {}
    }

    /** @param tabId derived from the idempotency key, if there is one */
    TabCreation(
            TabRequest wanted,
            Usable template,
            RecordSource records,
            String tabId,
            CreateOptions options,
            Instant now) {
        this.wanted = wanted;
        this.template = template;
        this.records = records;
        this.tabId = tabId;
        this.options = options;
        this.now = now;
    }

    /** Returns whether an earlier request created the tab. */
    boolean isReplay() {
        return isReplay;
    }

    /** Returns the warnings about changed or omitted values of the tab; empty for a replay. */
    List<Warning> warnings() {
        return isReplay ? List.of() : warnings;
    }

    /**
     * Returns the tab that this request created, even if it was closed since; null if it does not exist.
     *
     * @throws Refusal 422 if a different request with the same idempotency key created it
     */
    @Nullable
    Tab made(Session session) {
        @Nullable Tab made = session.tabs().tab(tabId).orElse(null);
        for (ClosedTab closed : session.tabs().closed()) {
            if (made == null
                    && closed.tab().tabId().equals(tabId)
                    && closed.until().isAfter(now)) {
                made = closed.tab();
            }
        }
        @Nullable String hash = options.requestHash();
        if (made != null && hash != null && !hash.equals(made.requestHash())) {
            throw Refusal.idempotencyKeyReused();
        }
        return made;
    }

    /**
     * Returns the tab that an earlier request created, or null if this request is not a replay. A replay succeeds even
     * if the session rejects this change.
     */
    @Nullable
    Tab replayed(Session session) {
        @Nullable Tab made = options.requestHash() == null ? null : made(session);
        isReplay = made != null;
        return made;
    }

    @Override
    public Session apply(SessionOnDesk onDesk) {
        Session session = onDesk.session();
        if (made(session) != null) {
            // Without a key, only an earlier write attempt of this request can have created the tab.
            isReplay = options.requestHash() != null;
            return session;
        }
        ApplicationTabTemplate usable =
                switch (template) {
                    case Usable.Template found -> found.template();
                    case Usable.Refused refused -> throw refused.error();
                };
        if (session.tabs().open().size() >= SessionLimits.TABS) {
            throw Refusal.of(
                    ErrorCode.TAB_LIMIT_REACHED,
                    "The session already has " + SessionLimits.TABS + " tabs, the maximum. Close a tab, then retry.");
        }
        isReplay = false;
        return opened(session, usable);
    }

    private Session opened(Session session, ApplicationTabTemplate usable) {
        Violations violations = new Violations();
        ResolvedTab resolved = new OpenSessionResolver(session, records)
                .tab(usable, wanted.input(), tabId, options.requestHash(), now, violations);
        Tabs tabs = session.tabs().with(resolved.tab());
        Session opened = session.next(now)
                .withTabs(wanted.isFocused() ? tabs.focused(tabId) : tabs)
                .withAnchor(resolved.anchor())
                .withWarnings(SessionChanges.warnings(
                        session.warnings(),
                        withSessionTargets(
                                resolved.warnings(), session.tabs().open().size())));
        SessionChanges.checkSize(opened, violations);
        Refusal.ifAny(violations);
        SessionResponses.refuseStrict(options.isStrict(), resolved.warnings());
        warnings = resolved.warnings();
        return opened;
    }

    /** Changes the targets of the tab's warnings to paths of the session. Targets in the request stay. */
    private static List<Warning> withSessionTargets(List<Warning> warnings, int index) {
        List<Warning> retargeted = new ArrayList<>();
        for (Warning warning : warnings) {
            boolean isOfTab =
                    warning.target().equals("title") || warning.target().startsWith("parameters.");
            retargeted.add(
                    isOfTab
                            ? new Warning(warning.code(), warning.message(), "tabs[" + index + "]." + warning.target())
                            : warning);
        }
        return retargeted;
    }
}
