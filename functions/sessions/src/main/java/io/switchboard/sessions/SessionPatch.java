package io.switchboard.sessions;

import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.json.MergePatch;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.ReadOnlyMembers;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.session.Markers;
import io.switchboard.session.Presentation;
import io.switchboard.session.Session;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.Tab;
import io.switchboard.session.resolve.OpenSessionResolver;
import io.switchboard.session.resolve.ResolvedTitle;
import io.switchboard.session.store.SessionChange;
import io.switchboard.slug.Warning;
import io.switchboard.template.CommunicationPanelMode;
import io.switchboard.template.SessionType;
import io.switchboard.template.json.SessionTemplateJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch of a session (RFC 7396), which also applies to the context: objects merge, null removes, everything
 * else replaces. A read-only member is accepted if its value equals the session's current value.
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
    private static final String SESSION_ICON = "sessionIcon";
    private static final String KPI_BREACH = "kpiBreach";
    private static final String PANEL_MODE = "communicationPanelMode";
    private static final String PANEL_WIDTH = "communicationPanelWidth";
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
                "status",
                "To close the session, use POST /sessions/{sessionId}/close; to open a closed one, use POST"
                        + " /sessions/{sessionId}/reopen.");
        for (String name : List.of("disposition", "notes", "closedBy")) {
            advice.put(
                    name,
                    "It belongs to the wrap-up. To complete the session, use POST /sessions/{sessionId}/complete.");
        }
        advice.put(
                "canCreateTab",
                "It depends on the number of tabs. To close a tab, use DELETE /sessions/{sessionId}/tabs/{tabId}.");
        advice.put(
                "handOver",
                "To offer the session to another user, use POST /sessions/{sessionId}/handOver; to withdraw that offer,"
                        + " use DELETE /notifications/{notificationId}.");
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
    private final List<UnaryOperator<Session>> edits = new ArrayList<>();
    private final Map<String, @Nullable Object> context = new LinkedHashMap<>();
    private @Nullable CommunicationPanelMode panelMode;
    private @Nullable String title;
    private @Nullable Map<String, Object> titleParameters;

    private SessionPatch(Instant now, boolean isStrict, RecordSource records, Map<String, @Nullable Object> sent) {
        this.now = now;
        this.isStrict = isStrict;
        this.records = records;
        this.sent = sent;
    }

    /**
     * Parses the body.
     *
     * @param records the record source for slugs of a title that is rendered again
     * @throws Refusal 400 with every violation
     */
    static SessionPatch parse(Request request, RecordSource records) {
        SessionPatch patch = new SessionPatch(request.now(), request.isStrict(), records, request.mergePatch());
        Violations violations = new Violations();
        patch.read(new ObjectReader(patch.sent, "", violations));
        Refusal.ifAny(violations);
        return patch;
    }

    private void read(ObjectReader body) {
        // Marks all names as known, even if they are absent, so that a name in the wrong case gets the more specific
        // error.
        body.ignore(
                TITLE,
                CONTEXT,
                CAN_CLOSE,
                SESSION_ICON,
                ACTIVITY_COUNT,
                KPI_BREACH,
                CONVERSATION_ID,
                PANEL_MODE,
                PANEL_WIDTH);
        readTitle(body);
        readContext(body);
        if (isSent(body, CAN_CLOSE) && requireValue(body, CAN_CLOSE, "true or false")) {
            boolean canClose = body.bool(CAN_CLOSE, true);
            present(shown -> shown.withCanClose(canClose));
        }
        if (isSent(body, SESSION_ICON)) {
            @Nullable String icon = SessionTemplateJson.readIcon(body);
            present(shown -> shown.withIcon(icon));
        }
        if (isSent(body, ACTIVITY_COUNT) && requireValue(body, ACTIVITY_COUNT, "a whole number, 0 for none")) {
            int count = body.wholeNumber(ACTIVITY_COUNT, 0, Integer.MAX_VALUE, 0);
            mark(markers -> markers.withActivityCount(count));
        }
        if (isSent(body, KPI_BREACH)) {
            @Nullable String breach = body.optionalText(KPI_BREACH, LONGEST_KPI_BREACH);
            mark(markers -> markers.withKpiBreach(breach));
        }
        if (isSent(body, CONVERSATION_ID)) {
            @Nullable
            String id = body.any(CONVERSATION_ID) == null
                    ? null
                    : body.requiredText(CONVERSATION_ID, LONGEST_CONVERSATION_ID);
            mark(markers -> markers.withConversationId(id));
        }
        readPanel(body);
        READ_ONLY.ignoreIn(body);
        body.rejectUnknown();
    }

    private void readPanel(ObjectReader body) {
        if (isSent(body, PANEL_MODE) && requireValue(body, PANEL_MODE, "docked, minimized or hidden")) {
            panelMode = body.oneOf(PANEL_MODE, CommunicationPanelMode.BY_TEXT);
            @Nullable String mode = panelMode == null ? null : panelMode.text();
            present(shown -> mode == null ? shown : shown.withCommunicationPanelMode(mode));
        }
        if (isSent(body, PANEL_WIDTH)) {
            int width = body.wholeNumber(PANEL_WIDTH, 1, Presentation.GREATEST_PANEL_WIDTH, 0);
            present(shown -> shown.withCommunicationPanelWidth(width == 0 ? null : width));
        }
    }

    /** Adds a violation for an entity session, whose panel stays hidden. */
    private void checkPanel(Session session, Violations violations) {
        boolean isShown = panelMode != null && panelMode != CommunicationPanelMode.HIDDEN;
        if (isShown && session.origin().type().equals(SessionType.ENTITY.text())) {
            violations.add(
                    "invalidValue",
                    PANEL_MODE,
                    "communicationPanelMode of an entity session must be hidden. Remove communicationPanelMode.");
        }
    }

    private void present(UnaryOperator<Presentation> edit) {
        edits.add(session -> session.withPresentation(edit.apply(session.presentation())));
    }

    private void mark(UnaryOperator<Markers> edit) {
        edits.add(session -> session.withMarkers(edit.apply(session.markers())));
    }

    private void readTitle(ObjectReader body) {
        boolean isRendered = body.any(TITLE_PARAMETERS) != null;
        if (isSent(body, TITLE)) {
            title = body.requiredText(TITLE, LONGEST_TITLE);
            if (isRendered) {
                body.violation(
                        "bothForms",
                        TITLE_PARAMETERS,
                        "titleParameters cannot be combined with title. Send title to set a fixed title, or"
                                + " titleParameters to render the template's title.");
            }
        }
        @Nullable ObjectReader parameters = body.object(TITLE_PARAMETERS);
        if (parameters != null) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (String name : parameters.names()) {
                @Nullable Object value = parameters.any(name);
                if (value == null || !SessionRequest.requireName(parameters, "", TITLE_PARAMETERS, name)) {
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
        if (!isSent(body, CONTEXT) || !requireValue(body, CONTEXT, "an object; null values remove entries")) {
            return;
        }
        @Nullable Object value = body.any(CONTEXT);
        // A caller could send an empty array to clear the context, but a merge patch removes each entry by name.
        boolean isEmptyArray = value instanceof List<?> array && array.isEmpty();
        @Nullable
        Map<String, @Nullable Object> members = value == null || isEmptyArray ? null : SessionRequest.entries(value);
        if (members == null) {
            body.wrongType(CONTEXT, "an object or an array of [key, value] pairs", value);
            return;
        }
        for (String name : members.keySet()) {
            SessionRequest.requireName(body, CONTEXT, CONTEXT, name);
        }
        context.putAll(members);
    }

    private static boolean isSent(ObjectReader body, String name) {
        return body.names().contains(name);
    }

    /** Adds a violation for a member that is null. Returns whether the member has a value. */
    private static boolean requireValue(ObjectReader body, String name, String wanted) {
        if (body.any(name) != null) {
            return true;
        }
        body.violation("required", name, name + " cannot be removed. Send " + wanted + ".");
        return false;
    }

    @Override
    public Session apply(SessionOnDesk onDesk) {
        Session session = onDesk.session();
        Session changed = session.next(now);
        for (UnaryOperator<Session> edit : edits) {
            changed = edit.apply(changed);
        }
        Violations violations = new Violations();
        checkPanel(session, violations);
        READ_ONLY.rejectChanges(sent, SessionJson.toJson(onDesk), violations);
        if (!context.isEmpty()) {
            Map<String, Object> merged = merged(session.context());
            changed = changed.withContext(merged);
            SessionChanges.checkContext(merged, CONTEXT, "Remove unused entries by sending null for them.", violations);
        }
        if (title != null && !title.equals(session.presentation().title())) {
            changed = withTitle(changed, title, session.origin().rendering().appliesTitleToAnchorTab(), List.of());
        } else if (titleParameters != null && violations.isEmpty()) {
            changed = rendered(changed, titleParameters);
        }
        SessionChanges.checkSize(changed, violations);
        Refusal.ifAny(violations);
        // The patch changes nothing if only the version and the time differ.
        return changed.equals(session.next(now)) ? session : changed;
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

    /** @param session the session with the context already patched */
    private Session rendered(Session session, Map<String, Object> parameters) {
        ResolvedTitle resolved = new OpenSessionResolver(session, records).title(parameters);
        SessionResponses.refuseStrict(isStrict, resolved.warnings());
        return withTitle(
                session.withAnchor(resolved.anchor()),
                resolved.title(),
                resolved.appliesToAnchorTab(),
                resolved.warnings());
    }

    /** Sets the title, and replaces the warnings of the previous title. */
    private static Session withTitle(
            Session session, String title, boolean appliesToAnchorTab, List<Warning> warnings) {
        Session titled = session.withPresentation(session.presentation().withTitle(title));
        @Nullable Tab anchor = session.tabs().tab(session.tabs().anchorId()).orElse(null);
        if (appliesToAnchorTab && anchor != null) {
            titled = titled.withTabs(session.tabs().replaced(anchor.withTitle(title)));
        }
        List<Warning> ofTitle = new ArrayList<>();
        List<Warning> others = new ArrayList<>();
        for (Warning warning : session.warnings()) {
            boolean isOfTitle =
                    warning.target().equals(TITLE) || warning.target().startsWith(TITLE_PARAMETERS);
            (isOfTitle ? ofTitle : others).add(warning);
        }
        return ofTitle.equals(warnings) ? titled : titled.withWarnings(SessionChanges.warnings(others, warnings));
    }
}
