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
 * Opens a tab in a session, once: whether it is a repeat, and whether there is room, is decided on the session as it is when it is
 * written. One instance serves one request.
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

    /** The template of the tab, or why there is none to be used. */
    sealed interface Usable {
        /** It can be used. */
        record Template(ApplicationTabTemplate template) implements Usable {}

        /** It cannot. */
        record Refused(Refusal answer) implements Usable {}
    }

    /**
     * @param tabId derived from the idempotency key, if there is one
     */
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

    /** Whether an earlier request made the tab. */
    boolean isReplay() {
        return isReplay;
    }

    /** What was changed or left out in the tab; empty in a repeat. */
    List<Warning> warnings() {
        return isReplay ? List.of() : warnings;
    }

    /**
     * The tab this request is to make or made before, also where it was closed since; null where there is none.
     *
     * @throws Refusal 422 where another request made it
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

    /** The tab of a session that takes no more changes, or not this one: a repeat is answered all the same. */
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
            // Without a key nobody can ask for the same tab again: an attempt of this very request has landed.
            isReplay = options.requestHash() != null;
            return session;
        }
        ApplicationTabTemplate usable =
                switch (template) {
                    case Usable.Template found -> found.template();
                    case Usable.Refused refused -> throw refused.answer();
                };
        if (session.tabs().open().size() >= SessionLimits.TABS) {
            throw Refusal.of(
                    ErrorCode.TAB_LIMIT_REACHED,
                    "The session has its " + SessionLimits.TABS + " tabs. Close one, then open the next.");
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
                        placed(resolved.warnings(), session.tabs().open().size())));
        SessionChanges.checkSize(opened, violations);
        Refusal.ifAny(violations);
        SessionAnswers.refuseStrict(options.isStrict(), resolved.warnings());
        warnings = resolved.warnings();
        return opened;
    }

    /** As the session names the places; what the request holds keeps its name. */
    private static List<Warning> placed(List<Warning> warnings, int index) {
        List<Warning> placed = new ArrayList<>();
        for (Warning warning : warnings) {
            boolean isOfTab =
                    warning.target().equals("title") || warning.target().startsWith("parameters.");
            placed.add(
                    isOfTab
                            ? new Warning(warning.code(), warning.message(), "tabs[" + index + "]." + warning.target())
                            : warning);
        }
        return placed;
    }
}
