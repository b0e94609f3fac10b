package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import org.junit.jupiter.api.Test;

/** The unchanged examples of both specifications, with each member of the resulting sessions. */
class SpecificationExamplesTest {
    private final SessionFixture fixture = new SessionFixture();

    private FunctionResponse example(String name) {
        return ApiEvent.named("CreateSession", name)
                .user(fixture.user)
                .claim("tid", fixture.tenant)
                .claim("azp", "desk")
                .sendTo(fixture.create)
                .is(201);
    }

    @Test
    void cif_example_creates_a_docked_call_session_with_the_customer_as_title() {
        FunctionResponse answer = example("201.cif-example");

        assertThat(answer.json()).isEqualTo(Json.readOwn("""
                {"sessionId":"%1$s","templateName":"CallSessionTemplate","templateVersion":0,"type":"generic",
                 "title":"Contoso","sessionIcon":null,"communicationPanelMode":"docked","communicationPanelWidth":null,
                 "status":"open","isFocused":true,
                 "isDefault":false,"canClose":true,"canCreateTab":true,"focusRequested":false,"activityCount":0,
                 "kpiBreach":null,"conversationId":null,"correlationId":null,"provider":"desk",
                 "context":{"customer":"Contoso"},"handOver":null,"anchor":{"entityName":null,"entityId":null},
                 "anchorTabId":"%2$s","focusedTabId":"%2$s",
                 "tabs":[{"tabId":"%2$s","templateName":"msdyn_omnichannel_kbsearch","title":"Knowledge Search",
                  "pageType":"webResource","parameters":{"webresourceName":"msdyn_kbsearchpagehost.html"},"tags":[],
                  "isAnchor":true,"isFocused":true,"canClose":false,"refreshCount":0,
                  "unsavedChanges":false,"highlighted":false,"createdDateTime":"%3$s"}],
                 "warnings":[],"createdDateTime":"%3$s","lastModifiedDateTime":"%3$s","closedDateTime":null,
                 "wrapUpExpiresDateTime":null,"disposition":null,"notes":null,"closedBy":null,"version":1}
                """.formatted(
                        answer.text("sessionId"), answer.text("tabs[0].tabId"), answer.text("createdDateTime"))));
        assertThat(answer.text("sessionId")).matches("[0-9a-f-]{36}").isNotEqualTo(answer.text("tabs[0].tabId"));
    }

    @Test
    void apm_example_opens_the_incident_in_an_anchor_tab_without_a_template() {
        FunctionResponse answer = example("201.apm-example");

        assertThat(answer.json()).isEqualTo(Json.readOwn("""
                {"sessionId":"%1$s","templateName":"case_entity_session_default_template","templateVersion":0,
                 "type":"entity","title":"Case entity session - default template","sessionIcon":null,
                 "communicationPanelMode":"hidden","communicationPanelWidth":null,
                 "status":"open","isFocused":true,"isDefault":false,"canClose":true,
                 "canCreateTab":true,"focusRequested":false,"activityCount":0,"kpiBreach":null,"conversationId":null,
                 "correlationId":null,"provider":"desk","context":{},"handOver":null,
                 "anchor":{"entityName":"incident","entityId":"fac04293-1ab0-eb11-8236-000d3a5c49ed"},
                 "anchorTabId":"%2$s","focusedTabId":"%2$s",
                 "tabs":[{"tabId":"%2$s","templateName":null,"title":"incident","pageType":"entityRecord",
                  "parameters":{"entityName":"incident","entityId":"fac04293-1ab0-eb11-8236-000d3a5c49ed"},"tags":[],
                  "isAnchor":true,"isFocused":true,"canClose":false,"refreshCount":0,
                  "unsavedChanges":false,"highlighted":false,"createdDateTime":"%3$s"}],
                 "warnings":[{"code":"unresolvedSlug","message":"%4$s","target":"title"}],
                 "createdDateTime":"%3$s","lastModifiedDateTime":"%3$s","closedDateTime":null,
                 "wrapUpExpiresDateTime":null,"disposition":null,"notes":null,"closedBy":null,"version":1}
                """.formatted(
                        answer.text("sessionId"),
                        answer.text("tabs[0].tabId"),
                        answer.text("createdDateTime"),
                        answer.text("warnings[0].message"))));
        assertThat(answer.text("warnings[0].message")).contains("{anchor.title}");
    }

    @Test
    void apm_example_without_focus_leaves_the_desk_at_home() {
        FunctionResponse answer = example("201.apm-example-without-focus");

        assertThat(answer.at("isFocused")).isEqualTo(false);
        assertThat(answer.at("anchor.entityId")).isEqualTo("0e0e6c4f-cbb6-eb11-8236-000d3a5ab8b9");
        FunctionResponse desk = fixture.get("/desk").is(200);
        assertThat(desk.at("focusedSessionId")).isEqualTo("home");
        assertThat(desk.each("sessions", "sessionId")).containsExactly("home", answer.text("sessionId"));
    }

    @Test
    void create_and_get_return_the_same_session() {
        for (String name : new String[] {"201.cif-example", "201.apm-example"}) {
            FunctionResponse created = example(name);
            FunctionResponse read =
                    fixture.get("/sessions/" + created.text("sessionId")).is(200);
            assertThat(read.json()).isEqualTo(created.json());
            assertThat(read.header("ETag")).isEqualTo(created.header("ETag")).isEqualTo("W/\"1\"");
        }
    }
}
