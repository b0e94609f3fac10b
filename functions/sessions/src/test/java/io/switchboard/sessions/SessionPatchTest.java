package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.Json;
import io.switchboard.replay.Answer;
import io.switchboard.template.TemplateKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members of a session, changed by merge patches; and texts with its values in them. */
class SessionPatchTest {
    private final SessionFixture fixture = new SessionFixture();

    private static Map<String, @Nullable Object> with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put(name, value);
        return body;
    }

    @Test
    @Tag("S23")
    @Tag("S25")
    void title_and_icon_are_taken_as_they_are() {
        String path = "/sessions/" + fixture.session();

        Answer patched = fixture.patch(path, Map.of("title", "{customer} waits", "sessionIcon", "/icons/call.svg"))
                .is(200);

        assertThat(patched.json())
                .containsEntry("title", "{customer} waits")
                .containsEntry("sessionIcon", "/icons/call.svg")
                .containsEntry("version", 2);
        assertThat(patched.header("ETag")).isEqualTo("W/\"2\"");
        assertThat(fixture.get(path).json()).isEqualTo(patched.json());
        assertThat(fixture.patch(path, with("sessionIcon", null)).is(200).at("sessionIcon"))
                .isNull();
    }

    @Test
    @Tag("S24")
    void title_of_the_template_is_rendered_anew() {
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_titled","name":"Titled","type":"generic","title":"{customer}: {topic}",
                 "applySessionTitleToAnchorTab":true,"communicationPanelMode":"docked",
                 "anchorTab":"msdyn_omnichannel_kbsearch"}""");
        Answer created = fixture.create(
                        Map.of("templateName", "contoso_titled", "templateParameters", Map.of("customer", "Contoso")))
                .is(201);
        String path = "/sessions/" + created.text("sessionId");
        assertThat(created.each("warnings", "target")).containsExactly("title");

        Answer rendered = fixture.patch(path, Map.of("titleParameters", Map.of("topic", "Invoice")))
                .is(200);

        assertThat(rendered.at("title")).isEqualTo("Contoso: Invoice");
        assertThat(rendered.at("tabs[0].title")).isEqualTo("Contoso: Invoice");
        assertThat(rendered.each("warnings", "target")).isEmpty();
        assertThat(rendered.at("context")).isEqualTo(Map.of("customer", "Contoso"));
        // The context of the same patch counts; what nobody knows is a warning, or with strict handling an error.
        Answer again = fixture.patch(
                        path, Map.of("context", Map.of("customer", "Fabrikam"), "titleParameters", Map.of()))
                .is(200);
        assertThat(again.at("title")).isEqualTo("Fabrikam: ");
        assertThat(again.each("warnings", "code")).containsExactly("unresolvedSlug");
        Answer strict = fixture.event("PATCH", path)
                .header("prefer", "handling=strict")
                .body(Map.of("titleParameters", Map.of()))
                .sendTo(fixture.manage)
                .isError(422, "unresolvedSlug");
        assertThat(strict.header("Preference-Applied")).isEqualTo("handling=strict");
        // The same again changes nothing.
        assertThat(fixture.patch(path, Map.of("titleParameters", Map.of()))
                        .is(200)
                        .header("ETag"))
                .isEqualTo(again.header("ETag"));
        assertThat(fixture.patch(path, Map.of("title", "Literal")).is(200).at("tabs[0].title"))
                .isEqualTo("Literal");
    }

    @Test
    @Tag("S12")
    @Tag("S26")
    @Tag("S27")
    @Tag("S28")
    void badge_marker_and_conversation_are_set_and_cleared() {
        fixture.session();
        String path = "/sessions/" + fixture.backgroundSession();
        fixture.patch(path, Map.of("activityCount", 3, "kpiBreach", "First response late", "conversationId", "c-1"))
                .is(200);
        assertThat(fixture.get(path).is(200).json())
                .containsEntry("activityCount", 3)
                .containsEntry("kpiBreach", "First response late")
                .containsEntry("conversationId", "c-1");
        assertThat(fixture.get("/desk").at("sessions[2].activityCount")).isEqualTo(3);

        fixture.act(path + "/focus").is(200);
        assertThat(fixture.get(path).at("activityCount")).isEqualTo(0);
        Map<String, @Nullable Object> none = with("kpiBreach", null);
        none.put("conversationId", null);
        Answer cleared = fixture.patch(path, none).is(200);
        assertThat(cleared.at("kpiBreach")).isNull();
        assertThat(cleared.at("conversationId")).isNull();
    }

    @Test
    @Tag("C02")
    @Tag("C03")
    @Tag("C04")
    void context_is_merged_and_null_removes() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("context", Map.of("caseId", "42", "vip", true, "visits", 2.5)))
                .is(200);

        Map<String, @Nullable Object> changes = with("customer", null);
        changes.put("vip", false);
        changes.put("never there", null);
        Answer patched = fixture.patch(path, Map.of("context", changes)).is(200);

        assertThat(patched.at("context"))
                .isEqualTo(Map.of("caseId", "42", "vip", false, "visits", new BigDecimal("2.5")));
        assertThat(fixture.event("PATCH", path)
                        .header("content-type", "application/merge-patch+json")
                        .body(Map.of("context", Map.of("vip", true)))
                        .sendTo(fixture.manage)
                        .is(200)
                        .at("context.vip"))
                .isEqualTo(true);
    }

    @Test
    void patch_that_changes_nothing_is_no_version() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("activityCount", 1, "context", Map.of("n", 1.50)))
                .is(200);
        Answer before = fixture.get(path);
        var items = fixture.tables.items();

        // The whole answer of a read may be sent back, read-only members and all.
        assertThat(fixture.patch(path, before.json()).is(200).json()).isEqualTo(before.json());
        assertThat(fixture.patch(path, Map.of()).is(200).header("ETag")).isEqualTo(before.header("ETag"));
        assertThat(fixture.patch(path, Map.of("context", with("absent", null)))
                        .is(200)
                        .header("ETag"))
                .isEqualTo(before.header("ETag"));
        assertThat(fixture.tables.items()).isEqualTo(items);
    }

    @Test
    void all_violations_come_in_one_answer() {
        String path = "/sessions/" + fixture.session();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("title", " ");
        body.put("titleParameters", Map.of("", "x", "list", List.of()));
        body.put("canClose", null);
        body.put("sessionIcon", "/a.GIF");
        body.put("context", Map.of("", 1, "object", Map.of()));
        body.put("activityCount", -1);
        body.put("kpiBreach", "x".repeat(2_001));
        body.put("conversationId", "");
        body.put("Title", "x");
        body.put("isfocused", true);
        body.put("unknown", 1);
        var items = fixture.tables.items();

        fixture.patch(path, body)
                .isInvalid(
                        "required title",
                        "bothForms titleParameters",
                        "invalidValue titleParameters",
                        "wrongType titleParameters.list",
                        "required canClose",
                        "invalidValue sessionIcon",
                        "invalidValue context",
                        "wrongType context.object",
                        "invalidValue activityCount",
                        "tooLong kpiBreach",
                        "required conversationId",
                        "unknownProperty Title",
                        "unknownProperty isfocused",
                        "unknownProperty unknown");
        assertThat(fixture.tables.items()).isEqualTo(items);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"title\":null}', required title",
        "'{\"title\":7}', wrongType title",
        "'{\"titleParameters\":\"x\"}', wrongType titleParameters",
        "'{\"context\":null}', required context",
        "'{\"context\":[]}', wrongType context",
        "'{\"activityCount\":null}', required activityCount",
        "'{\"activityCount\":1.5}', invalidValue activityCount",
        "'{\"activityCount\":2147483648}', invalidValue activityCount",
        "'{\"canClose\":\"true\"}', wrongType canClose",
        "'{\"sessionIcon\":\"{icon}\"}', invalidValue sessionIcon",
        "'{\"focusrequested\":true}', unknownProperty focusrequested",
        "'[]', wrongType"
    })
    void member_that_breaks_its_rule_is_named(String body, String violation) {
        fixture.event("PATCH", "/sessions/" + fixture.session())
                .text(body)
                .sendTo(fixture.manage)
                .isInvalid(violation);
    }

    @Test
    void title_may_have_200_characters() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("title", "x".repeat(200))).is(200);
        fixture.patch(path, Map.of("title", "x".repeat(201))).isInvalid("tooLong title");
    }

    @Test
    @Tag("C06")
    void context_may_have_32_kibibytes_once_merged() {
        String path = "/sessions/"
                + fixture.create(Map.of("templateName", "CallSessionTemplate")).text("sessionId");
        fixture.patch(path, Map.of("context", Map.of("a", "x".repeat(30_000)))).is(200);
        String rest = "y".repeat(32_768 - 30_000 - Json.size(Map.of("a", "", "b", "")));
        fixture.patch(path, Map.of("context", Map.of("b", rest + "y"))).isInvalid("contextTooLarge context");
        fixture.patch(path, Map.of("context", Map.of("b", rest))).is(200);
        // What leaves makes room for what comes.
        Map<String, @Nullable Object> changes = with("a", null);
        changes.put("c", "z".repeat(30_000));
        fixture.patch(path, Map.of("context", changes)).is(200);
    }

    @Test
    @Tag("C07")
    void key_of_the_context_is_any_text_that_is_not_empty() {
        String path = "/sessions/" + fixture.session();
        Answer patched = fixture.patch(path, Map.of("context", Map.of("Case Nummer – №", "7", "{odd}", "x")))
                .is(200);
        assertThat(Json.write(patched.at("context"))).contains("Case Nummer – №", "{odd}");
        fixture.patch(path, Map.of("context", Map.of("", "7"))).isInvalid("invalidValue context");
    }

    @Test
    @Tag("C01")
    @Tag("C12")
    @Tag("C13")
    void text_is_resolved_on_demand_and_says_what_it_does_not_know() {
        String path = "/sessions/" + fixture.session() + "/resolveSlug";
        Answer resolved = fixture.act(path, Map.of("text", "Hello {customer}, {name}! \\{x} {$odata.a.b.?c}"))
                .is(200);
        assertThat(resolved.json()).containsOnlyKeys("value", "warnings");
        assertThat(resolved.at("value")).isEqualTo("Hello Contoso, ! {x} ");
        assertThat(resolved.each("warnings", "code")).containsExactly("unresolvedSlug", "unresolvedSlug");
        assertThat(resolved.each("warnings", "target")).containsExactly("text", "text");
        fixture.event("POST", path)
                .header("prefer", "handling=strict")
                .body(Map.of("text", "{name}"))
                .sendTo(fixture.manage)
                .isError(422, "unresolvedSlug");
        assertThat(fixture.act(path, Map.of("text", "")).is(200).at("value")).isEqualTo("");
        fixture.act(path, Map.of()).isInvalid("required text");
        fixture.act(path, Map.of("text", 7, "Text", "")).isInvalid("wrongType text", "unknownProperty Text");
        fixture.act(path, Map.of("text", "x".repeat(65_536))).is(200);
        fixture.act(path, Map.of("text", "x".repeat(65_537))).isInvalid("tooLong text");
    }

    @Test
    @Tag("C12")
    void closed_session_resolves_texts_too() {
        String id = fixture.session();
        fixture.close(id);
        assertThat(fixture.act("/sessions/" + id + "/resolveSlug", Map.of("text", "{customer}"))
                        .is(200)
                        .at("value"))
                .isEqualTo("Contoso");
    }

    @Test
    void long_value_that_is_asked_for_again_and_again_makes_no_endless_answer() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("context", Map.of("a", "x".repeat(30_000)))).is(200);
        Answer resolved = fixture.act(path + "/resolveSlug", Map.of("text", "{a}".repeat(20_000)))
                .is(200);
        assertThat(resolved.text("value").length()).isBetween(200_000, 262_144);
        assertThat(resolved.each("warnings", "code")).containsExactly("unresolvedSlug");
        assertThat(resolved.text("warnings[0].message")).contains("262144 characters");
    }

    @Test
    void patches_of_many_at_once_are_all_there_in_the_end() {
        String path = "/sessions/" + fixture.session();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            names.add("k" + i);
        }
        var left = new java.util.concurrent.ConcurrentLinkedQueue<>(names);
        SessionFixture.race(
                8,
                () -> fixture.patch(path, Map.of("context", Map.of(String.valueOf(left.poll()), 1)))
                        .is(200));
        Answer read = fixture.get(path);
        assertThat(read.at("version")).isEqualTo(9);
        for (String name : names) {
            assertThat(read.at("context." + name)).isEqualTo(1);
        }
    }

    @Test
    void correlation_id_stays_as_it_was() {
        String correlation = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
        Answer created =
                fixture.post(CALL).header("x-correlation-id", correlation).sendTo(fixture.create);
        Answer patched =
                fixture.patch("/sessions/" + created.text("sessionId"), Map.of("correlationId", "x", "title", "t"));
        assertThat(patched.is(200).at("correlationId")).isEqualTo(correlation);
    }
}
