package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /notificationTemplates/{uniqueName}/render}. */
class RenderNotificationTest {
    private static final String COLLECTION = "/notificationTemplates";
    private static final String RENDER = COLLECTION + "/contoso_incoming/render";
    private static final Tables TABLES = new Tables();

    private final ManageTemplates function = new ManageTemplates(TABLES.environment());
    private final String tenant = "tenant-" + UUID.randomUUID();

    private ApiEvent event(String method, String path) {
        return ApiEvent.of(method, path).claim("tid", tenant);
    }

    private ApiEvent render(Object body) {
        return event("POST", RENDER).body(body);
    }

    @BeforeEach
    void store() {
        event("POST", COLLECTION).body(Json.readOwn("""
                        {"uniqueName":"contoso_incoming","name":"Incoming","title":"{customerName}","timeout":30,"theme":"light",
                         "fields":[{"name":"queue","fieldHeader":"Queue","value":"{queue}"}]}""")).sendTo(function).is(201);
    }

    @Test
    void notification_is_rendered_with_the_callers_values() {
        FunctionResponse response = render(Map.of("templateParameters", Map.of("customerName", "Ada", "queue", 7)))
                .sendTo(function)
                .is(200);

        assertThat(Json.write(response.json())).isEqualTo(Json.write(Json.readOwn("""
                {"templateName":"contoso_incoming","templateVersion":1,"title":"Ada",
                 "icon":"/webresources/msdyn_chat_icon_zfp.svg","showTimeout":true,"timeout":30,"autoAccept":false,
                 "autoPopupSession":false,"acceptButtonText":"Accept","showRejectButton":true,"rejectButtonText":"Reject",
                 "desktopNotification":"never","theme":"light",
                 "fields":[{"name":"queue","fieldHeader":"Queue","value":"7"}],"warnings":[]}""")));
        assertThat(response.headers()).doesNotContainKeys("ETag", "Location", "Preference-Applied");
    }

    @Test
    void body_is_optional() {
        FunctionResponse response = event("POST", COLLECTION + "/msdyn_chat_incoming_unauthenticated/render")
                .sendTo(function)
                .is(200);

        assertThat(response.text("title")).isEqualTo("Visitor");
        assertThat(response.json()).containsEntry("templateVersion", 0).containsEntry("warnings", List.of());
    }

    @Test
    void unresolved_slugs_are_warnings_and_with_strict_handling_errors() {
        FunctionResponse lenient = render(Map.of()).sendTo(function).is(200);
        assertThat(lenient.text("title")).isEqualTo("Incoming");
        assertThat(lenient.each("warnings", "target")).containsExactly("title", "fields[0].value");

        FunctionResponse strict = render(Map.of())
                .header("prefer", "handling=strict")
                .sendTo(function)
                .is(422);
        assertThat(strict.text("error.code")).isEqualTo("unresolvedSlug");
        assertThat(strict.detailCodes()).hasSize(2);
        assertThat(strict.header("Preference-Applied")).isEqualTo("handling=strict");

        FunctionResponse fine = render(Map.of("templateParameters", Map.of("customerName", "Ada", "queue", "Q")))
                .header("prefer", "handling=strict")
                .sendTo(function)
                .is(200);
        assertThat(fine.header("Preference-Applied")).isEqualTo("handling=strict");
    }

    @Test
    void inactive_or_unknown_template_is_not_rendered() {
        Map<String, @Nullable Object> template = event("GET", COLLECTION + "/contoso_incoming")
                .sendTo(function)
                .is(200)
                .json();
        template.put("status", "inactive");
        event("PUT", COLLECTION + "/contoso_incoming")
                .header("if-match", "*")
                .body(template)
                .sendTo(function)
                .is(200);

        assertThat(render(Map.of()).sendTo(function).is(422).text("error.code")).isEqualTo("templateInactive");
        event("POST", COLLECTION + "/contoso_Incoming/render").sendTo(function).is(404);
        event("POST", COLLECTION + "/a%20b/render").sendTo(function).is(404);
        render(Map.of()).claim("tid", "another").sendTo(function).is(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sessions.Read",
                "Sessions.ReadWrite",
                "Sessions.ReadWrite.Provider",
                "Sessions.ReadWrite.All",
                "Templates.Read",
                "Templates.ReadWrite"
            })
    void permissions_to_read_sessions_or_templates_are_sufficient(String permission) {
        render(Map.of()).permissions(permission).sendTo(function).is(200);
    }

    @Test
    void other_permissions_are_rejected() {
        render(Map.of()).permissions("openid").sendTo(function).is(403);
        render(Map.of()).withoutClaims().sendTo(function).is(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"templateParameters\":[]}|wrongType",
                "{\"templateParameters\":{\"a\":null}}|wrongType",
                "{\"templateParameters\":{\"a\":{}}}|wrongType",
                "{\"templateParameters\":{\"\":1}}|invalidValue",
                "{\"TemplateParameters\":{}}|unknownProperty",
                "{\"templateName\":\"x\"}|unknownProperty",
            })
    void malformed_values_are_rejected(String body, String code) {
        assertThat(render(Json.readOwn(body)).sendTo(function).is(400).detailCodes())
                .containsExactly(code);
    }
}
