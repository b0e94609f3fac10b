package io.switchboard.sessions;

import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.json.MergePatch;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.ReadOnlyMembers;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.session.Session;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.Tab;
import io.switchboard.session.resolve.OpenSessionResolver;
import io.switchboard.session.resolve.ResolvedTitle;
import io.switchboard.session.store.SessionChange;
import io.switchboard.slug.Warning;
import io.switchboard.template.json.SessionTemplateJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch of a session (RFC 7396), for the context inside too: objects merge, null removes, everything else replaces. A
 * read-only member is accepted if it has the value that it has in the session as it is changed.
 */
final class SessionPatch implements SessionChange {
    private static final int LONGEST_TITLE = 200;
    private static final int LONGEST_KPI_BREACH = 2_000;
    private static final int LONGEST_CONVERSATION_ID = 200;
    private static final String TITLE = "title";
    private static final String TITLE_PARAMETERS = "titleParameters";
    private static final String CAN_CLOSE = "canClose";
    private static final String CONTEXT = "context";
    private static final String ACTIVITY_COUNT = "activityCount";
    private static final String CONVERSATION_ID = "conversationId";
    private static final ReadOnlyMembers READ_ONLY = new ReadOnlyMembers(readOnly());

    private static Map<String, String> readOnly() {
        Map<String, String> advice = new HashMap<>();
        for (String name : List.of("sessionId", "provider", "correlationId", "isDefault", "anchor", "anchorTabId")) {
            advice.put(name, "It is set when the session is created. To use another value, use POST /sessions.");
        }
        for (String name : List.of("templateName", "templateVersion", "type")) {
            advice.put(name, "A session keeps its template. To use another template, use POST /sessions.");
        }
        advice.put(
                "communicationPanelMode",
                "It comes from the session template. To change it for later sessions, use PATCH"
                        + " /sessionTemplates/{uniqueName}.");
        advice.put(
                "status",
                "To close the session, use POST /sessions/{sessionId}/close; to open a closed one, use POST"
                        + " /sessions/{sessionId}/reopen.");
        advice.put(
                "canCreateTab",
                "It depends on the number of tabs. To make room, use DELETE /sessions/{sessionId}/tabs/{tabId}.");
        advice.put("focusedTabId", "To focus a tab, use POST /sessions/{sessionId}/tabs/{tabId}/focus.");
        advice.put(
                "tabs",
                "To open a tab, use POST /sessions/{sessionId}/tabs; to change or close one, use PATCH or DELETE"
                        + " /sessions/{sessionId}/tabs/{tabId}.");
        return advice;
    }

    private final Instant now;
    private final boolean isStrict;
    private final RecordSource records;
    private final Map<String, @Nullable Object> sent;
    private final List<Edit> edits = new ArrayList<>();
    private final Map<String, @Nullable Object> context = new LinkedHashMap<>();
    private @Nullable String title;
    private @Nullable Map<String, Object> titleParameters;

    /** What a member that was sent does to the session. */
    @FunctionalInterface
    private interface Edit {
        void apply(Session.Draft draft);
    }

    private SessionPatch(Instant now, boolean isStrict, RecordSource records, Map<String, @Nullable Object> sent) {
        this.now = now;
        this.isStrict = isStrict;
        this.records = records;
        this.sent = sent;
    }

    /**
     * Reads the body.
     *
     * @param records what the slugs of a title that is rendered anew ask
     * @throws Refusal 400 naming every violation
     */
    static SessionPatch parse(Request request, RecordSource records) {
        SessionPatch patch = new SessionPatch(request.now(), request.isStrict(), records, request.mergePatch());
        Violations violations = new Violations();
        patch.read(new ObjectReader(patch.sent, "", violations));
        Refusal.ifAny(violations);
        return patch;
    }

    private void read(ObjectReader body) {
        readTitle(body);
        readContext(body);
        if (isSent(body, CAN_CLOSE) && isNotNull(body, CAN_CLOSE, "true or false")) {
            boolean canClose = body.bool(CAN_CLOSE, true);
            edits.add(draft -> draft.canClose(canClose));
        }
        if (isSent(body, "sessionIcon")) {
            @Nullable String icon = SessionTemplateJson.readIcon(body);
            edits.add(draft -> draft.sessionIcon(icon));
        }
        if (isSent(body, ACTIVITY_COUNT) && isNotNull(body, ACTIVITY_COUNT, "a whole number, 0 for none")) {
            int count = body.wholeNumber(ACTIVITY_COUNT, 0, Integer.MAX_VALUE, 0);
            edits.add(draft -> draft.activityCount(count));
        }
        if (isSent(body, "kpiBreach")) {
            @Nullable String breach = body.optionalText("kpiBreach", LONGEST_KPI_BREACH);
            edits.add(draft -> draft.kpiBreach(breach));
        }
        if (isSent(body, CONVERSATION_ID)) {
            @Nullable
            String id = body.any(CONVERSATION_ID) == null
                    ? null
                    : body.requiredText(CONVERSATION_ID, LONGEST_CONVERSATION_ID);
            edits.add(draft -> draft.conversationId(id));
        }
        READ_ONLY.ignoreIn(body);
        body.refuseUnknown();
    }

    private void readTitle(ObjectReader body) {
        boolean isRendered = body.any(TITLE_PARAMETERS) != null;
        if (isSent(body, TITLE)) {
            title = body.requiredText(TITLE, LONGEST_TITLE);
            if (isRendered) {
                body.violation(
                        "bothForms",
                        TITLE_PARAMETERS,
                        "title is the title itself, titleParameters render the template's: send one of them.");
            }
        }
        @Nullable ObjectReader parameters = body.object(TITLE_PARAMETERS);
        if (parameters != null) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (String name : parameters.names()) {
                @Nullable Object value = parameters.any(name);
                if (value == null || !SessionRequest.isNamed(parameters, "", TITLE_PARAMETERS, name)) {
                    continue;
                }
                @Nullable Object scalar = parameters.scalar(name, value);
                if (scalar != null) {
                    values.put(name, scalar);
                }
            }
            titleParameters = values;
        }
    }

    private void readContext(ObjectReader body) {
        if (!isSent(body, CONTEXT) || !isNotNull(body, CONTEXT, "an object, whose null values remove")) {
            return;
        }
        @Nullable Object value = body.any(CONTEXT);
        // An empty array could be meant to clear the context, which a merge patch does name by name.
        boolean isEmptyArray = value instanceof List<?> array && array.isEmpty();
        @Nullable
        Map<String, @Nullable Object> members = value == null || isEmptyArray ? null : SessionRequest.entries(value);
        if (members == null) {
            body.wrongType(CONTEXT, "an object or an array of [key, value] pairs", value);
            return;
        }
        for (String name : members.keySet()) {
            SessionRequest.isNamed(body, CONTEXT, CONTEXT, name);
        }
        context.putAll(members);
    }

    private static boolean isSent(ObjectReader body, String name) {
        // Known from here on, whether it was sent or not: another case of it is told from an unknown name.
        body.ignore(name);
        return body.names().contains(name);
    }

    private static boolean isNotNull(ObjectReader body, String name, String wanted) {
        if (body.any(name) != null) {
            return true;
        }
        body.violation("required", name, name + " cannot be removed: send " + wanted + ".");
        return false;
    }

    @Override
    public Session apply(SessionOnDesk onDesk) {
        Session session = onDesk.session();
        Session.Draft draft = session.draft(now);
        for (Edit edit : edits) {
            edit.apply(draft);
        }
        Violations violations = new Violations();
        READ_ONLY.refuseChanges(sent, SessionJson.toJson(onDesk), violations);
        if (!context.isEmpty()) {
            Map<String, Object> merged = merged(session.context());
            draft.context(merged);
            SessionChanges.checkContext(merged, CONTEXT, "Remove what is not needed: null removes.", violations);
        }
        if (title != null && !title.equals(session.title())) {
            entitle(session, draft, title, session.rendering().appliesTitleToAnchorTab(), List.of());
        } else if (titleParameters != null && violations.isEmpty()) {
            render(session, draft, titleParameters);
        }
        Session changed = draft.build();
        SessionChanges.checkSize(changed, violations);
        Refusal.ifAny(violations);
        // Nothing but version and time differs: nothing was changed.
        return changed.equals(session.draft(now).build()) ? session : changed;
    }

    private Map<String, Object> merged(Map<String, Object> before) {
        Map<String, Object> merged = new LinkedHashMap<>();
        for (var member : MergePatch.apply(new LinkedHashMap<>(before), context).entrySet()) {
            @Nullable Object value = member.getValue();
            if (value != null) {
                merged.put(member.getKey(), value);
            }
        }
        return merged;
    }

    /** With the context as the same patch leaves it. */
    private void render(Session session, Session.Draft draft, Map<String, Object> parameters) {
        ResolvedTitle resolved = new OpenSessionResolver(draft.build(), records).title(parameters);
        SessionAnswers.refuseStrict(isStrict, resolved.warnings());
        draft.anchor(resolved.anchor());
        entitle(session, draft, resolved.title(), resolved.appliesToAnchorTab(), resolved.warnings());
    }

    /** Warnings of the title before go with it. */
    private static void entitle(
            Session session, Session.Draft draft, String title, boolean appliesToAnchorTab, List<Warning> warnings) {
        draft.title(title);
        if (appliesToAnchorTab) {
            for (Tab tab : session.tabs()) {
                if (tab.tabId().equals(session.anchorTabId())) {
                    draft.tab(tab.withTitle(title));
                }
            }
        }
        List<Warning> ofTitle = new ArrayList<>();
        List<Warning> others = new ArrayList<>();
        for (Warning warning : session.warnings()) {
            boolean isOfTitle =
                    warning.target().equals(TITLE) || warning.target().startsWith(TITLE_PARAMETERS);
            (isOfTitle ? ofTitle : others).add(warning);
        }
        if (!ofTitle.equals(warnings)) {
            draft.warnings(SessionChanges.warnings(others, warnings));
        }
    }
}
