package io.switchboard.session.store;

import io.switchboard.json.StoredDocument;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferAttempt;
import io.switchboard.offer.OfferContent;
import io.switchboard.offer.OfferEnd;
import io.switchboard.offer.OfferPurpose;
import io.switchboard.offer.OfferResult;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferTarget;
import io.switchboard.offer.OfferedHandOver;
import io.switchboard.offer.SenderId;
import io.switchboard.slug.Warning;
import io.switchboard.template.DesktopNotification;
import io.switchboard.template.NotificationField;
import io.switchboard.template.Theme;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the stored documents of offers. No other class does. Id and version are separate attributes of the
 * item. {@code offers-schema-1.json} in the test resources contains examples.
 */
public final class StoredOfferDocument {
    private static final int SCHEMA = 1;
    private static final String KIND = "notification";

    private static final String PROVIDER = "provider";
    private static final String USER = "user";
    private static final String TEMPLATE_NAME = "templateName";
    private static final String TEMPLATE_VERSION = "templateVersion";
    private static final String TITLE = "title";
    private static final String ICON = "icon";
    private static final String FIELDS = "fields";
    private static final String NAME = "name";
    private static final String FIELD_HEADER = "fieldHeader";
    private static final String VALUE = "value";
    private static final String SHOW_TIMEOUT = "showTimeout";
    private static final String TIMEOUT = "timeout";
    private static final String AUTO_ACCEPT = "autoAccept";
    private static final String AUTO_POPUP_SESSION = "autoPopupSession";
    private static final String ACCEPT_BUTTON_TEXT = "acceptButtonText";
    private static final String SHOW_REJECT_BUTTON = "showRejectButton";
    private static final String REJECT_BUTTON_TEXT = "rejectButtonText";
    private static final String DESKTOP_NOTIFICATION = "desktopNotification";
    private static final String THEME = "theme";
    private static final String CONVERSATION_ID = "conversationId";
    private static final String CANCELLATION_TOKEN = "cancellationToken";
    private static final String CORRELATION_ID = "correlationId";
    private static final String SESSION = "session";
    private static final String HAND_OVER = "handOver";
    private static final String NOTE = "note";
    private static final String ATTEMPT = "attempt";
    private static final String START = "start";
    private static final String EXPIRES = "expires";
    private static final String TARGETS = "targets";
    private static final String EARLIER = "earlier";
    private static final String USER_ID = "userId";
    private static final String DISPLAYED = "displayed";
    private static final String RESULT = "result";
    private static final String ENDED = "ended";
    private static final String REASON = "reason";
    private static final String NEXT = "next";
    private static final String USER_IDS = "userIds";
    private static final String EXPIRES_IN_SECONDS = "expiresInSeconds";
    private static final String ACCEPTED_BY = "acceptedBy";
    private static final String SESSION_ID = "sessionId";
    private static final String CREATED = "createdDateTime";
    private static final String WARNINGS = "warnings";
    private static final String CODE = "code";
    private static final String MESSAGE = "message";
    private static final String TARGET = "target";

    private StoredOfferDocument() {}

    /** Returns the size of an offer's document, in bytes. */
    public static int size(Offer offer) {
        return write(offer).getBytes(StandardCharsets.UTF_8).length;
    }

    /** Returns the document of an offer. */
    static String write(Offer offer) {
        StoredDocument document = StoredDocument.ofSchema(SCHEMA, KIND)
                .put(PROVIDER, offer.sender().provider(), "")
                .put(USER, offer.sender().user(), null);
        putContent(document, offer.content());
        OfferAttempt attempt = offer.attempt();
        OfferPurpose purpose = offer.purpose();
        List<StoredDocument> next = new ArrayList<>();
        for (OfferStep step : attempt.next()) {
            next.add(document.inner()
                    .put(USER_IDS, step.userIds())
                    .put(EXPIRES_IN_SECONDS, step.expiresInSeconds(), Offer.LONGEST_SECONDS));
        }
        List<StoredDocument> warnings = new ArrayList<>();
        for (Warning warning : offer.warnings()) {
            warnings.add(document.inner()
                    .put(CODE, warning.code())
                    .put(MESSAGE, warning.message())
                    .put(TARGET, warning.target()));
        }
        StoredDocument end = document.inner();
        putEnd(end, offer.end());
        return document.put(CONVERSATION_ID, purpose.conversationId(), null)
                .put(CANCELLATION_TOKEN, purpose.cancellationToken(), null)
                .put(CORRELATION_ID, purpose.correlationId(), null)
                .put(SESSION, purpose.session(), null)
                .putObject(HAND_OVER, handOver(document, purpose.handOver()))
                .put(CREATED, offer.created().toString())
                .put(ATTEMPT, attempt.number(), 1)
                .put(START, attempt.start().toString(), offer.created().toString())
                .put(EXPIRES, attempt.expires().toString())
                .putArray(TARGETS, targets(document, attempt.targets()))
                .putObjects(EARLIER, targets(document, offer.earlier()))
                .putObjects(NEXT, next)
                .putObject(RESULT, end)
                .put(ACCEPTED_BY, offer.acceptedBy(), null)
                .put(SESSION_ID, offer.sessionId(), null)
                .putObjects(WARNINGS, warnings)
                .write();
    }

    private static StoredDocument handOver(StoredDocument document, @Nullable OfferedHandOver handOver) {
        StoredDocument object = document.inner();
        return handOver == null
                ? object
                : object.put(SESSION_ID, handOver.sessionId())
                        .put(USER_ID, handOver.userId())
                        .put(TEMPLATE_NAME, handOver.templateName())
                        .put(NOTE, handOver.note(), null);
    }

    private static @Nullable OfferedHandOver handOver(StoredDocument object) {
        @Nullable String sessionId = object.textOrNull(SESSION_ID);
        return sessionId == null
                ? null
                : new OfferedHandOver(
                        sessionId, object.text(USER_ID), object.text(TEMPLATE_NAME), object.textOrNull(NOTE));
    }

    private static void putContent(StoredDocument document, OfferContent content) {
        List<StoredDocument> fields = new ArrayList<>();
        for (NotificationField field : content.fields()) {
            fields.add(document.inner()
                    .put(NAME, field.name())
                    .put(FIELD_HEADER, field.fieldHeader(), null)
                    .put(VALUE, field.value(), null));
        }
        document.put(TEMPLATE_NAME, content.templateName())
                .put(TEMPLATE_VERSION, content.templateVersion(), 0L)
                .put(TITLE, content.title())
                .put(ICON, content.icon())
                .putObjects(FIELDS, fields)
                .put(SHOW_TIMEOUT, content.showTimeout(), true)
                .put(TIMEOUT, content.timeout(), 0)
                .put(AUTO_ACCEPT, content.autoAccept(), false)
                .put(AUTO_POPUP_SESSION, content.autoPopupSession(), false)
                .put(ACCEPT_BUTTON_TEXT, content.acceptButtonText())
                .put(SHOW_REJECT_BUTTON, content.showRejectButton(), true)
                .put(REJECT_BUTTON_TEXT, content.rejectButtonText())
                .put(DESKTOP_NOTIFICATION, content.desktopNotification().text(), DesktopNotification.NEVER.text())
                .put(THEME, content.theme().text(), Theme.DARK.text());
    }

    private static List<StoredDocument> targets(StoredDocument document, List<OfferTarget> targets) {
        List<StoredDocument> all = new ArrayList<>();
        for (OfferTarget target : targets) {
            @Nullable Instant displayed = target.displayed();
            StoredDocument one = document.inner()
                    .put(USER_ID, target.userId())
                    .put(DISPLAYED, displayed == null ? null : displayed.toString(), null);
            putEnd(one, target.end());
            all.add(one);
        }
        return all;
    }

    private static void putEnd(StoredDocument object, @Nullable OfferEnd end) {
        if (end != null) {
            object.put(RESULT, end.result().text())
                    .put(ENDED, end.at().toString())
                    .put(REASON, end.reason(), null);
        }
    }

    /**
     * Returns the offer of a document.
     *
     * @throws RuntimeException if the document is invalid or was written by a later release
     */
    static Offer read(String id, String text, long version) {
        StoredDocument document = StoredDocument.read(text, SCHEMA, KIND);
        Instant created = document.instant(CREATED);
        List<OfferStep> next = new ArrayList<>();
        for (StoredDocument step : document.objectsOrNone(NEXT)) {
            next.add(new OfferStep(step.texts(USER_IDS), (int) step.number(EXPIRES_IN_SECONDS, Offer.LONGEST_SECONDS)));
        }
        List<Warning> warnings = new ArrayList<>();
        for (StoredDocument warning : document.objectsOrNone(WARNINGS)) {
            warnings.add(new Warning(warning.text(CODE), warning.text(MESSAGE), warning.text(TARGET)));
        }
        Map<String, Object> session = document.values(SESSION, Map.of());
        return new Offer(
                id,
                new SenderId(document.text(PROVIDER, ""), document.textOrNull(USER)),
                content(document),
                new OfferPurpose(
                        document.textOrNull(CONVERSATION_ID),
                        document.textOrNull(CANCELLATION_TOKEN),
                        document.textOrNull(CORRELATION_ID),
                        session.isEmpty() ? null : session,
                        handOver(document.object(HAND_OVER))),
                new OfferAttempt(
                        (int) document.number(ATTEMPT, 1),
                        document.instant(START, created),
                        document.instant(EXPIRES),
                        targets(document.objects(TARGETS)),
                        next),
                targets(document.objectsOrNone(EARLIER)),
                end(document.object(RESULT)),
                document.textOrNull(ACCEPTED_BY),
                document.textOrNull(SESSION_ID),
                created,
                warnings,
                version);
    }

    private static OfferContent content(StoredDocument document) {
        List<NotificationField> fields = new ArrayList<>();
        for (StoredDocument field : document.objectsOrNone(FIELDS)) {
            fields.add(
                    new NotificationField(field.text(NAME), field.textOrNull(FIELD_HEADER), field.textOrNull(VALUE)));
        }
        return new OfferContent(
                document.text(TEMPLATE_NAME),
                document.number(TEMPLATE_VERSION, 0),
                document.text(TITLE),
                document.text(ICON),
                fields,
                document.truth(SHOW_TIMEOUT, true),
                (int) document.number(TIMEOUT, 0),
                document.truth(AUTO_ACCEPT, false),
                document.truth(AUTO_POPUP_SESSION, false),
                document.text(ACCEPT_BUTTON_TEXT),
                document.truth(SHOW_REJECT_BUTTON, true),
                document.text(REJECT_BUTTON_TEXT),
                document.oneOf(DESKTOP_NOTIFICATION, DesktopNotification.BY_TEXT, DesktopNotification.NEVER),
                document.oneOf(THEME, Theme.BY_TEXT, Theme.DARK));
    }

    private static List<OfferTarget> targets(List<StoredDocument> objects) {
        List<OfferTarget> targets = new ArrayList<>();
        for (StoredDocument object : objects) {
            targets.add(new OfferTarget(object.text(USER_ID), object.instantOrNull(DISPLAYED), end(object)));
        }
        return targets;
    }

    private static @Nullable OfferEnd end(StoredDocument object) {
        return object.textOrNull(RESULT) == null
                ? null
                : new OfferEnd(
                        object.oneOf(RESULT, OfferResult.BY_TEXT), object.instant(ENDED), object.textOrNull(REASON));
    }
}
