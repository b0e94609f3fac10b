package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Listing;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.ReadOnlyMembers;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.Tab;
import io.switchboard.session.TabMarkers;
import io.switchboard.session.Tabs;
import io.switchboard.session.store.ChangeOutcome;
import io.switchboard.session.store.SessionChange;
import io.switchboard.session.store.SessionChangeStore;
import io.switchboard.session.store.SessionReadStore;
import io.switchboard.slug.Warning;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.Status;
import io.switchboard.template.UniqueName;
import io.switchboard.template.catalog.ApplicationTabTemplates;
import io.switchboard.text.DerivedId;
import io.switchboard.text.Guid;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The operations on the tabs of a session. Thread-safe. */
final class TabOperations {
    private static final int LONGEST_TITLE = 200;
    private static final String TEMPLATE_NAME = "templateName";
    private static final String TAG = "tag";
    private static final String TITLE = "title";
    private static final String CAN_CLOSE = "canClose";
    private static final String UNSAVED_CHANGES = "unsavedChanges";
    private static final String HIGHLIGHTED = "highlighted";
    private static final ReadOnlyMembers READ_ONLY = new ReadOnlyMembers(readOnly());

    private final SessionReadStore reads;
    private final SessionChangeStore changes;
    private final ApplicationTabTemplates tabTemplates;
    private final RecordSources records;

    TabOperations(
            SessionReadStore reads,
            SessionChangeStore changes,
            ApplicationTabTemplates tabTemplates,
            RecordSources records) {
        this.reads = reads;
        this.changes = changes;
        this.tabTemplates = tabTemplates;
        this.records = records;
    }

    private static Map<String, String> readOnly() {
        Map<String, String> advice = new HashMap<>();
        for (String name : List.of("tabId", TEMPLATE_NAME, "pageType", "parameters", "url", "tags", "isAnchor")) {
            advice.put(name, "To open a tab with another value, use POST /sessions/{sessionId}/tabs.");
        }
        advice.put("refreshCount", "To refresh the tab, use POST /sessions/{sessionId}/tabs/{tabId}/refresh.");
        return advice;
    }

    Response list(Request request) {
        SessionScope scope = SessionRoutes.scope(request);
        Listing listing =
                Listing.of(request, SessionRoutes.listingScope(scope), Set.of(TEMPLATE_NAME, TAG), Guid::isGuid);
        if (SessionResponses.sessionIdOrHome(request).equals(Session.HOME)) {
            return listing.response(new Page<Tab>(List.of(), null), tab -> Map.of());
        }
        Session session = SessionResponses.read(reads, scope, request).session();
        @Nullable String templateName = listing.filter(TEMPLATE_NAME).orElse(null);
        @Nullable String tag = listing.filter(TAG).orElse(null);
        List<Tab> tabs = new ArrayList<>();
        for (Tab tab : session.tabs().open()) {
            boolean isOfTemplate = templateName == null || templateName.equals(tab.templateName());
            if (isOfTemplate && (tag == null || tab.tags().contains(tag))) {
                tabs.add(tab);
            }
        }
        return SessionResponses.tagged(
                listing.response(page(tabs, listing.page()), tab -> SessionJson.toJson(tab, session)), session);
    }

    /** Starts again at the first tab if the tab of the page token was closed: duplicates are better than gaps. */
    private static Page<Tab> page(List<Tab> tabs, PageRequest wanted) {
        int from = 0;
        for (int i = 0; i < tabs.size(); i++) {
            from = tabs.get(i).tabId().equals(wanted.after()) ? i + 1 : from;
        }
        int to = Math.min(tabs.size(), from + wanted.size());
        return new Page<>(
                tabs.subList(from, to), to < tabs.size() ? tabs.get(to - 1).tabId() : null);
    }

    Response read(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        refuseTabOfHome(request);
        Session session = SessionResponses.read(reads, scope, request).session();
        return response(session, tab(session, request));
    }

    Response create(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        TabRequest wanted = TabRequest.parse(request);
        String id = SessionResponses.sessionId(request);
        TabCreation creation = creation(request, scope.owner(), id, wanted);
        ChangeOutcome outcome = changes.change(scope, id, request.precondition(), creation, request.now());
        boolean mayBeReplay =
                outcome instanceof ChangeOutcome.AlreadyClosed || outcome instanceof ChangeOutcome.VersionMismatch;
        if (mayBeReplay && request.idempotencyKey().isPresent()) {
            @Nullable
            SessionOnDesk onDesk = reads.read(scope, id, request.now()).orElse(null);
            @Nullable Tab made = onDesk == null ? null : creation.replayed(onDesk.session());
            if (onDesk != null && made != null) {
                return created(request, wanted, creation, onDesk.session(), made);
            }
        }
        Session session = SessionResponses.done(outcome, id).session();
        return created(request, wanted, creation, session, Objects.requireNonNull(creation.made(session)));
    }

    private TabCreation creation(Request request, Owner owner, String id, TabRequest wanted) {
        String route = SessionRoutes.base(request).isEmpty() ? "/sessions/tabs" : "/users/sessions/tabs";
        CreateOptions options = CreateOptions.of(request);
        @Nullable String key = options.idempotencyKey();
        return new TabCreation(
                wanted,
                usable(request, owner.tenant(), wanted),
                records.of(owner.tenant()),
                key == null ? UUID.randomUUID().toString() : DerivedId.of(owner.tenant(), owner.user(), route, id, key),
                options,
                request.now());
    }

    /**
     * Returns the error instead of throwing it, because a replay succeeds even if its template was deleted in the
     * meantime.
     */
    private TabCreation.Usable usable(Request request, String tenant, TabRequest wanted) {
        String name = wanted.templateName();
        @Nullable
        ApplicationTabTemplate template = UniqueName.isValid(name)
                ? tabTemplates
                        .find(tenant, List.of(name), request.bypassesCache(), request.now())
                        .get(name)
                : null;
        if (template == null) {
            return refused(
                    ErrorCode.TEMPLATE_NOT_FOUND,
                    "The application tab template " + InputLimits.excerpt(name)
                            + " does not exist. GET /applicationTabTemplates lists them; unique names are"
                            + " case-sensitive.",
                    TEMPLATE_NAME);
        }
        if (template.status() == Status.INACTIVE) {
            return refused(
                    ErrorCode.TEMPLATE_INACTIVE,
                    "The application tab template " + InputLimits.excerpt(name)
                            + " is inactive. Activate it, or use another template.",
                    TEMPLATE_NAME);
        }
        if (wanted.templateTag() != null && !template.tags().contains(wanted.templateTag())) {
            return refused(
                    ErrorCode.TEMPLATE_TAG_MISMATCH,
                    "The application tab template " + InputLimits.excerpt(name) + " does not have the tag "
                            + InputLimits.excerpt(wanted.templateTag())
                            + ". Send one of its tags, or remove templateTag.",
                    "templateTag");
        }
        return new TabCreation.Usable.Template(template);
    }

    private static TabCreation.Usable refused(ErrorCode code, String message, String target) {
        return new TabCreation.Usable.Refused(Refusal.of(code, message, target));
    }

    private static Response created(
            Request request, TabRequest wanted, TabCreation creation, Session session, Tab tab) {
        Map<String, @Nullable Object> json = SessionJson.toJson(tab, session);
        List<Warning> warnings = new ArrayList<>(wanted.warnings());
        warnings.addAll(creation.warnings());
        json.put("warnings", Warning.toJson(warnings));
        String location = SessionRoutes.base(request) + "/sessions/" + session.id() + "/tabs/" + tab.tabId();
        Response response = SessionResponses.preferred(
                request, SessionResponses.tagged(Response.created(request.url(location), json), session));
        RequestLog.current()
                .count(Metric.RESOLUTION_WARNINGS, creation.warnings().size());
        return creation.isReplay() ? response.with("Idempotency-Replayed", "true") : response;
    }

    Response patch(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        Violations violations = new Violations();
        Map<String, @Nullable Object> patch = request.mergePatch();
        ObjectReader body = new ObjectReader(patch, "", violations);
        body.ignore(TITLE, CAN_CLOSE, UNSAVED_CHANGES, HIGHLIGHTED);
        @Nullable String title = body.names().contains(TITLE) ? body.requiredText(TITLE, LONGEST_TITLE) : null;
        @Nullable Boolean canClose = flag(body, CAN_CLOSE);
        @Nullable Boolean unsavedChanges = flag(body, UNSAVED_CHANGES);
        @Nullable Boolean highlighted = flag(body, HIGHLIGHTED);
        READ_ONLY.ignoreIn(body);
        body.rejectUnknown();
        Refusal.ifAny(violations);
        return changed(request, scope, onDesk -> {
            Session session = onDesk.session();
            Tab before = tab(session, request);
            Violations changes = new Violations();
            READ_ONLY.rejectChanges(patch, SessionJson.toJson(before, session), changes);
            Refusal.ifAny(changes);
            if (Boolean.TRUE.equals(canClose)) {
                refuseAnchor(session, before);
            }
            Tab after = title == null ? before : before.withTitle(title);
            after = canClose == null ? after : after.withCanClose(canClose);
            TabMarkers markers = before.markers();
            markers = unsavedChanges == null ? markers : markers.withUnsavedChanges(unsavedChanges);
            markers = highlighted == null ? markers : markers.withHighlighted(highlighted);
            after = after.withMarkers(markers);
            return after.equals(before)
                    ? session
                    : session.next(request.now()).withTabs(session.tabs().replaced(after));
        });
    }

    /** Returns true or false; null if the patch does not have the member. */
    private static @Nullable Boolean flag(ObjectReader body, String name) {
        if (body.any(name) != null) {
            return body.bool(name, true);
        }
        if (body.names().contains(name)) {
            body.violation("required", name, name + " cannot be removed. Send true or false.");
        }
        return null;
    }

    /** Gives a tab the focus, which ends its highlight. */
    Response focus(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        return changed(request, scope, onDesk -> {
            Session session = onDesk.session();
            Tab tab = tab(session, request);
            Tab seen = tab.withMarkers(tab.markers().withHighlighted(false));
            Tabs tabs = session.tabs().replaced(seen).focused(tab.tabId());
            return tabs.equals(session.tabs())
                    ? session
                    : session.next(request.now()).withTabs(tabs);
        });
    }

    /** Counts the request. The desk loads the page again when the count changes. */
    Response refresh(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        return changed(request, scope, onDesk -> {
            Session session = onDesk.session();
            return session.next(request.now())
                    .withTabs(session.tabs().replaced(tab(session, request).refreshed()));
        });
    }

    Response delete(Request request) {
        boolean discards = SessionResponses.discards(request);
        SessionScope scope = SessionRoutes.writableScope(request);
        change(request, scope, onDesk -> {
            Session session = onDesk.session();
            Tab tab = tab(session, request);
            refuseAnchor(session, tab);
            if (!tab.canClose()) {
                throw Refusal.of(
                        ErrorCode.TAB_NOT_CLOSABLE, "The tab's canClose is false. Set it to true, then close the tab.");
            }
            if (tab.markers().unsavedChanges() && !discards) {
                throw Refusal.of(ErrorCode.UNSAVED_CHANGES, "The tab has unsaved changes. " + SessionResponses.DISCARD);
            }
            return session.next(request.now()).withTabs(session.tabs().without(tab, request.now()));
        });
        return Response.noContent();
    }

    private Response changed(Request request, SessionScope scope, SessionChange change) {
        Session session = change(request, scope, change);
        return response(session, tab(session, request));
    }

    private Session change(Request request, SessionScope scope, SessionChange change) {
        refuseTabOfHome(request);
        String id = SessionResponses.sessionId(request);
        return SessionResponses.done(changes.change(scope, id, request.precondition(), change, request.now()), id)
                .session();
    }

    private static Response response(Session session, Tab tab) {
        return SessionResponses.tagged(Response.ok(SessionJson.toJson(tab, session)), session);
    }

    /**
     * Returns the tab in the path.
     *
     * @throws Refusal 404 if the session does not have it
     */
    static Tab tab(Session session, Request request) {
        return session.tabs().tab(request.pathParameter("tabId")).orElseThrow(() -> tabNotFound(request));
    }

    static void refuseTabOfHome(Request request) {
        if (SessionResponses.sessionIdOrHome(request).equals(Session.HOME)) {
            throw tabNotFound(request);
        }
    }

    static Refusal tabNotFound(Request request) {
        String tabs = request.path().substring(0, request.path().indexOf("/tabs/") + "/tabs".length());
        return Refusal.notFound("The session has no tab with the id "
                + InputLimits.excerpt(request.pathParameter("tabId")) + ". GET " + tabs + " lists its tabs.");
    }

    private static void refuseAnchor(Session session, Tab tab) {
        if (session.tabs().isAnchor(tab)) {
            throw Refusal.of(
                    ErrorCode.ANCHOR_TAB_NOT_CLOSABLE,
                    "The anchor tab cannot be closed. Close the session or another tab instead.");
        }
    }
}
