package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.Tab;
import io.switchboard.session.WrapUp;
import io.switchboard.session.WrapUp.ClosedBy;
import io.switchboard.session.resolve.SessionInput;
import io.switchboard.session.resolve.TabInput;
import io.switchboard.session.store.Closing;
import io.switchboard.session.store.SessionChange;
import io.switchboard.slug.Warning;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.SessionWrapUp;
import io.switchboard.template.Status;
import io.switchboard.template.catalog.ApplicationTabTemplates;
import io.switchboard.text.InputLimits;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads how a request closes a session, and opens the tab of a wrap-up that starts. Thread-safe. */
final class SessionClosings {
    private static final String DISPOSITION = "disposition";
    private static final String NOTES = "notes";
    private static final String TARGET = "tabs";

    private final ApplicationTabTemplates tabTemplates;
    private final RecordSources records;

    SessionClosings(ApplicationTabTemplates tabTemplates, RecordSources records) {
        this.tabTemplates = tabTemplates;
        this.records = records;
    }

    /** Returns the close of a request to close a session. */
    Closing close(Request request, SessionScope scope) {
        return new Closing(by(request), null, start(request, scope), SessionResponses.discards(request));
    }

    /**
     * Returns the close of a request to complete a session.
     *
     * @throws Refusal 400 with every violation
     */
    Closing complete(Request request, SessionScope scope) {
        boolean discards = SessionResponses.discards(request);
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.hasBody() ? request.bodyObject(false) : Map.of(), "", violations);
        @Nullable
        String disposition = body.any(DISPOSITION) == null
                ? null
                : body.requiredText(DISPOSITION, SessionWrapUp.LONGEST_DISPOSITION);
        @Nullable String notes = body.optionalText(NOTES, WrapUp.LONGEST_NOTES);
        body.rejectUnknown();
        Refusal.ifAny(violations);
        return new Closing(by(request), new Closing.Completion(disposition, notes), start(request, scope), discards);
    }

    private static ClosedBy by(Request request) {
        return SessionRoutes.base(request).isEmpty() ? ClosedBy.AGENT : ClosedBy.BACKEND;
    }

    /** Returns the change that opens the tab, with an id that repeated attempts share. */
    private SessionChange start(Request request, SessionScope scope) {
        String tabId = UUID.randomUUID().toString();
        return onDesk -> {
            WrapUp.@Nullable Rules rules = onDesk.session().wrapUp().rules();
            @Nullable String name = rules == null ? null : rules.tab();
            return name == null
                    ? onDesk.session()
                    : withTab(onDesk, name, tabId, scope.owner().tenant(), request);
        };
    }

    /** Opens the tab and focuses it. A tab that cannot open is a warning, because it must not keep a session open. */
    private Session withTab(SessionOnDesk onDesk, String name, String tabId, String tenant, Request request) {
        Session session = onDesk.session();
        for (Tab tab : session.tabs().open()) {
            if (name.equals(tab.templateName())) {
                return session.withTabs(session.tabs().focused(tab.tabId()));
            }
        }
        String tab = "The tab of the wrap-up, " + InputLimits.excerpt(name) + ", did not open, because ";
        if (session.tabs().open().size() >= SessionLimits.TABS) {
            return warned(
                    session,
                    ErrorCode.TAB_LIMIT_REACHED,
                    tab + "the session already has " + SessionLimits.TABS + " tabs, the maximum. Close a tab, then open"
                            + " it.");
        }
        @Nullable
        ApplicationTabTemplate template = tabTemplates
                .find(tenant, List.of(name), request.bypassesCache(), request.now())
                .get(name);
        if (template == null || template.status() == Status.INACTIVE) {
            return warned(
                    session,
                    template == null ? ErrorCode.TEMPLATE_NOT_FOUND : ErrorCode.TEMPLATE_INACTIVE,
                    tab + "its application tab template " + (template == null ? "does not exist" : "is inactive")
                            + ". Change wrapUp of the session template.");
        }
        try {
            return new TabCreation(
                            new TabRequest(
                                    name, null, new TabInput(SessionInput.Form.PLAIN, Map.of()), true, List.of()),
                            new TabCreation.Usable.Template(template),
                            records.of(tenant),
                            tabId,
                            CreateOptions.NONE,
                            request.now())
                    .apply(onDesk);
        } catch (Refusal refusal) {
            return warned(
                    session,
                    ErrorCode.INVALID_REQUEST,
                    tab + "its values are not valid for the session. Open it with POST /sessions/{sessionId}/tabs.");
        }
    }

    private static Session warned(Session session, ErrorCode code, String message) {
        return session.withWarnings(
                SessionChanges.warnings(session.warnings(), List.of(new Warning(code.text(), message, TARGET))));
    }
}
