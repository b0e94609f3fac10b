package io.switchboard.templates.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.offer.NotificationResolver;
import io.switchboard.offer.RenderedNotification;
import io.switchboard.slug.Warning;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.json.NotificationTemplateJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NotificationResolverTest {
    private static RenderedNotification render(String members, Map<String, Object> parameters) {
        Violations violations = new Violations();
        NotificationTemplate template = NotificationTemplateJson.read(new ObjectReader(
                Json.readOwn("{\"uniqueName\":\"contoso_incoming\",\"name\":\"Incoming\"," + members + "}"),
                "",
                violations));
        assertThat(violations.all()).isEmpty();
        return new NotificationResolver(template, parameters).render();
    }

    private static List<String> codes(RenderedNotification notification) {
        List<String> codes = new ArrayList<>();
        for (Warning warning : notification.warnings()) {
            codes.add(warning.code() + " " + warning.target());
        }
        return codes;
    }

    @Test
    void title_buttons_and_fields_are_resolved_and_the_rest_is_as_configured() {
        RenderedNotification rendered =
                render("""
                "title":"Call of {customerName}","icon":"/i.svg","timeout":30,"autoAccept":true,"acceptButtonText":"Take {n}",
                "rejectButtonText":"Leave {n}","desktopNotification":"always","theme":"light",
                "fields":[{"name":"vip","fieldHeader":"{label}","value":"{isVip}, {n}"},{"name":"empty"}]""", Map.of("customerName", "Ada", "n", 7, "isVip", true, "label", "VIP"));

        assertThat(Json.write(RenderedNotificationJson.write(rendered, 3))).isEqualTo(Json.write(Json.readOwn("""
                {"templateName":"contoso_incoming","templateVersion":3,"title":"Call of Ada","icon":"/i.svg",
                 "showTimeout":true,"timeout":30,"autoAccept":true,"autoPopupSession":false,"acceptButtonText":"Take 7",
                 "showRejectButton":true,"rejectButtonText":"Leave 7","desktopNotification":"always","theme":"light",
                 "fields":[{"name":"vip","fieldHeader":"VIP","value":"true, 7"},
                  {"name":"empty","fieldHeader":null,"value":null}],"warnings":[]}""")));
    }

    @Test
    void slug_without_a_value_becomes_an_empty_text_and_a_warning() {
        RenderedNotification rendered = render("""
                "title":"-{x}-","acceptButtonText":"a{y}","fields":[{"name":"f","fieldHeader":"{h}","value":"{v}"}]""", Map.of());

        assertThat(rendered.title()).isEqualTo("--");
        assertThat(rendered.acceptButtonText()).isEqualTo("a");
        assertThat(rendered.fields()).containsExactly(new NotificationField("f", "", ""));
        assertThat(codes(rendered))
                .containsExactly(
                        "unresolvedSlug title",
                        "unresolvedSlug acceptButtonText",
                        "unresolvedSlug fields[0].fieldHeader",
                        "unresolvedSlug fields[0].value");
    }

    @Test
    void empty_title_falls_back_to_the_name_and_an_empty_button_to_its_default() {
        RenderedNotification rendered =
                render("\"title\":\"{x}\",\"acceptButtonText\":\"{x}\",\"rejectButtonText\":\" {x}\"", Map.of("x", ""));

        assertThat(rendered.title()).isEqualTo("Incoming");
        assertThat(rendered.acceptButtonText()).isEqualTo("Accept");
        assertThat(rendered.rejectButtonText()).isEqualTo("Reject");
        assertThat(rendered.warnings()).isEmpty();
    }

    @Test
    void callers_texts_are_resolved_once_without_anchor_and_record_source() {
        RenderedNotification rendered = render(
                "\"title\":\"{a}|{c}\"",
                Map.of(
                        "a",
                        "{b}",
                        "b",
                        "{a}",
                        "c",
                        "{anchor.title}{$odata.incident.title.?x}",
                        "anchor.title",
                        "wrong"));

        assertThat(rendered.title()).isEqualTo("{a}|");
        assertThat(codes(rendered))
                .containsExactlyInAnyOrder(
                        "unresolvedSlug templateParameters.c", "unresolvedSlug templateParameters.c");
    }

    @Test
    void notification_does_not_use_an_anchor_or_the_record_source() {
        RenderedNotification rendered = render(
                "\"title\":\"{anchor.title}{$odata.incident.title.?$filter=a eq '{x}'}!\"",
                Map.of("anchor.title", "T", "x", "1"));

        assertThat(rendered.title()).isEqualTo("!");
        assertThat(codes(rendered)).containsExactly("unresolvedSlug title", "unresolvedSlug title");
    }

    @Test
    void resolved_texts_are_truncated_but_never_inside_a_character() {
        RenderedNotification rendered = render(
                "\"title\":\"{x}\",\"acceptButtonText\":\"{y}\",\"rejectButtonText\":\"{x}\","
                        + "\"fields\":[{\"name\":\"f\",\"fieldHeader\":\"{w}\",\"value\":\"{z}\"}]",
                Map.of("w", "w".repeat(201), "x", "x".repeat(101), "y", "y".repeat(99) + "😀", "z", "z".repeat(2_049)));

        assertThat(rendered.title()).isEqualTo("x".repeat(100));
        assertThat(rendered.acceptButtonText()).isEqualTo("y".repeat(99));
        assertThat(rendered.fields()).containsExactly(new NotificationField("f", "w".repeat(200), "z".repeat(2_048)));
        assertThat(codes(rendered))
                .containsExactly(
                        "textCut title",
                        "textCut acceptButtonText",
                        "textCut rejectButtonText",
                        "textCut fields[0].fieldHeader",
                        "textCut fields[0].value");
    }

    @Test
    void documented_example_renders_without_values() {
        NotificationTemplate builtIn = (NotificationTemplate) java.util.Objects.requireNonNull(BuiltInTemplates.load()
                        .find(TemplateKind.NOTIFICATION_TEMPLATE, "msdyn_chat_incoming_unauthenticated"))
                .template();

        assertThat(new NotificationResolver(builtIn, Map.of()).render().warnings())
                .isEmpty();
    }
}
