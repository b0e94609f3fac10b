package io.switchboard.offer;

import io.switchboard.slug.Warning;
import io.switchboard.template.NotificationField;
import io.switchboard.template.json.NotificationTemplateJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the API's JSON of offers, which it calls notifications. */
public final class OfferJson {
    private OfferJson() {}

    /** Writes an offer for its sender, with the state for each user. */
    public static Map<String, @Nullable Object> forSender(OfferView view) {
        Offer offer = view.offer();
        int position = Integer.MAX_VALUE;
        @Nullable Instant displayed = null;
        Instant deadline = offer.created();
        List<Map<String, @Nullable Object>> targets = new ArrayList<>();
        for (OfferView.Standing standing : view.standings()) {
            position = Math.min(position, standing.position());
            deadline = standing.deadline().isAfter(deadline) ? standing.deadline() : deadline;
            @Nullable Instant since = standing.displayed();
            displayed = displayed == null || (since != null && since.isBefore(displayed)) ? since : displayed;
            targets.add(target(standing));
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("notificationId", offer.id());
        json.put("state", view.state().text());
        json.put("position", view.state() == OfferState.QUEUED ? position : 0);
        putContent(json, offer);
        putTimes(json, offer, displayed, deadline);
        json.put("result", result(offer.end()));
        json.put("sessionId", offer.sessionId());
        json.put("targets", targets);
        json.put("warnings", Warning.toJson(offer.warnings()));
        return json;
    }

    /** Writes an offer for one of its users, who learns nothing about the others. */
    public static Map<String, @Nullable Object> forUser(OfferView view, OfferView.Standing standing) {
        Offer offer = view.offer();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("notificationId", offer.id());
        json.put("state", standing.state().text());
        json.put("position", standing.position());
        putContent(json, offer);
        putTimes(json, offer, standing.displayed(), standing.deadline());
        json.put("result", result(standing.end()));
        json.put("sessionId", standing.userId().equals(offer.acceptedBy()) ? offer.sessionId() : null);
        json.put("warnings", Warning.toJson(offer.warnings()));
        return json;
    }

    private static Map<String, @Nullable Object> target(OfferView.Standing standing) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("userId", standing.userId());
        json.put("state", standing.state().text());
        json.put("result", result(standing.end()));
        json.put("reason", standing.end() == null ? null : standing.end().reason());
        return json;
    }

    private static void putContent(Map<String, @Nullable Object> json, Offer offer) {
        OfferContent content = offer.content();
        json.put("attempt", offer.attempt().number());
        json.put("templateName", content.templateName());
        json.put("templateVersion", content.templateVersion());
        json.put("title", content.title());
        json.put("icon", content.icon());
        List<Map<String, @Nullable Object>> fields = new ArrayList<>();
        for (NotificationField field : content.fields()) {
            fields.add(NotificationTemplateJson.write(field));
        }
        json.put("fields", fields);
        json.put("showTimeout", content.showTimeout());
        json.put("timeout", content.timeout());
        json.put("autoAccept", content.autoAccept());
        json.put("autoPopupSession", content.autoPopupSession());
        json.put("acceptButtonText", content.acceptButtonText());
        json.put("showRejectButton", content.showRejectButton());
        json.put("rejectButtonText", content.rejectButtonText());
        json.put("desktopNotification", content.desktopNotification().text());
        json.put("theme", content.theme().text());
        json.put("conversationId", offer.purpose().conversationId());
        json.put("correlationId", offer.purpose().correlationId());
        json.put("provider", offer.sender().provider());
        json.put("handOver", handOver(offer.purpose().handOver()));
    }

    private static @Nullable Map<String, @Nullable Object> handOver(@Nullable OfferedHandOver handOver) {
        if (handOver == null) {
            return null;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sessionId", handOver.sessionId());
        json.put("userId", handOver.userId());
        json.put("note", handOver.note());
        return json;
    }

    private static void putTimes(
            Map<String, @Nullable Object> json, Offer offer, @Nullable Instant displayed, Instant deadline) {
        json.put("createdDateTime", offer.created().toString());
        json.put("displayedDateTime", displayed == null ? null : displayed.toString());
        json.put("expiresDateTime", deadline.toString());
    }

    private static @Nullable Map<String, Object> result(@Nullable OfferEnd end) {
        if (end == null) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("actionName", end.result().actionName());
        json.put("responseReason", end.result().responseReason());
        return json;
    }
}
