package io.switchboard.local.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.ApiFunction;
import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.Tables;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What needs something to be there first: requests and answers in the order an administrator comes to them. */
class OpenApiFlowTest {
    private static final ApiDescription API = ApiDescription.read();

    private final ApiFunction templates =
            DeployedFunctions.in(new Tables().environment()).named("ManageTemplates");

    @Test
    void templates_of_every_kind_are_changed_cloned_restored_and_deleted() {
        for (String kind :
                List.of("applicationTabTemplates", "sessionTemplates", "notificationTemplates", "appProfiles")) {
            create(kind);
            String one = "/" + kind + "/contoso_one";
            send(ApiEvent.of("PATCH", one).header("if-match", "*").body(Map.of("description", "Changed")), 200);
            send(
                    ApiEvent.of("PATCH", one)
                            .header("if-match", "W/\"2\"")
                            .header("content-type", "application/merge-patch+json")
                            .body(Map.of("tags", List.of("changed"))),
                    200);
            send(ApiEvent.of("PATCH", one).header("if-match", "W/\"2\"").body(Map.of("tags", List.of())), 412);
            send(ApiEvent.of("GET", one).header("if-none-match", "W/\"3\""), 304);
            send(ApiEvent.of("GET", one + "/versions").query("$top", "2"), 200);
            send(ApiEvent.of("GET", one + "/versions/1"), 200);
            send(ApiEvent.of("GET", one + "/versions/9"), 404);
            send(ApiEvent.of("POST", one + "/versions/1/restore").header("if-match", "*"), 200);
            ApiEvent clone = ApiEvent.of("POST", one + "/clone")
                    .header("idempotency-key", "clone")
                    .body(Map.of("uniqueName", "contoso_two"));
            send(clone.copy(), 201);
            assertThat(send(clone, 201).header("Idempotency-Replayed")).isEqualTo("true");
            send(ApiEvent.of("GET", "/" + kind).query("namePrefix", "contoso_"), 200);
            send(ApiEvent.of("DELETE", "/" + kind + "/contoso_two").header("if-match", "*"), 204);
        }
        send(ApiEvent.of("DELETE", "/sessionTemplates/contoso_one").header("if-match", "*"), 409);
        send(ApiEvent.of("GET", "/appProfiles"), 200);
        send(ApiEvent.of("GET", "/appProfiles/switchboard_default_profile"), 200);
    }

    @Test
    void users_of_a_profile_are_assigned_listed_and_taken_out() {
        create("applicationTabTemplates");
        create("sessionTemplates");
        create("appProfiles");
        String users = "/appProfiles/contoso_one/users";
        send(ApiEvent.of("PUT", users + "/alice"), 201);
        send(ApiEvent.of("PUT", users + "/alice"), 200);
        send(ApiEvent.of("GET", users), 200);
        send(ApiEvent.of("DELETE", users + "/alice"), 204);
        send(ApiEvent.of("DELETE", users + "/alice"), 404);
    }

    @Test
    void an_export_is_imported_again() {
        for (String kind :
                List.of("applicationTabTemplates", "sessionTemplates", "notificationTemplates", "appProfiles")) {
            create(kind);
        }
        Answer exported = send(ApiEvent.of("GET", "/templates/export"), 200);
        send(ApiEvent.of("GET", "/templates/export").query("$top", "1"), 200);
        send(ApiEvent.of("GET", "/templates/export").query("templates", "appProfile/contoso_one"), 200);
        send(ApiEvent.of("GET", "/templates/export").query("templates", "appProfile/nowhere"), 422);
        ApiEvent imports = ApiEvent.of("POST", "/templates/import").body(exported.json());
        send(imports.copy().query("dryRun", "true"), 200);
        send(imports.copy().claim("tid", "fabrikam"), 200);
        assertThat(send(imports, 200).at("counts.unchanged")).isEqualTo(4);
        Map<String, Object> conflicting = Map.of(
                "value",
                List.of(Map.of(
                        "kind",
                        "sessionTemplate",
                        "uniqueName",
                        "contoso_lost",
                        "name",
                        "Lost",
                        "type",
                        "generic",
                        "communicationPanelMode",
                        "hidden",
                        "anchorTab",
                        "nowhere")));
        ApiEvent conflict = ApiEvent.of("POST", "/templates/import").body(conflicting);
        send(conflict.copy().query("dryRun", "true"), 200);
        send(conflict, 409);
    }

    @Test
    void rows_of_dataverse_are_imported() {
        send(ApiEvent.of("POST", "/templates/import").text("""
                        {"@odata.context":"https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#msdyn_sessiontemplates",
                         "value":[{"msdyn_sessiontemplateid":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","msdyn_name":"Case",
                          "msdyn_uniquename":"contoso_case","msdyn_sessiontype":1,"msdyn_entity":"incident",
                          "msdyn_panelstate":162450001,"msdyn_title":"{anchor.title}","msdyn_enablebuildexpression":true,
                          "msdyn_expressiondata":"{}","statecode":0}]}"""), 200);
    }

    private void create(String kind) {
        send(
                ApiEvent.of("POST", "/" + kind)
                        .text(
                                switch (kind) {
                                    case "applicationTabTemplates" -> """
                            {"uniqueName":"contoso_one","name":"One","pageType":"thirdPartyWebsite",
                             "parameters":{"url":"https://example.com/?q=","data":"{customer}"}}""";
                                    case "sessionTemplates" -> """
                            {"uniqueName":"contoso_one","name":"One","type":"generic","communicationPanelMode":"docked",
                             "anchorTab":"contoso_one","parameterDefinitions":[{"name":"customer","type":"string"}]}""";
                                    case "notificationTemplates" -> """
                            {"uniqueName":"contoso_one","name":"One","title":"{customer}",
                             "fields":[{"name":"customer","value":"{customer}"}]}""";
                                    default -> """
                            {"uniqueName":"contoso_one","name":"One","roles":["voice"],"isDefault":true,
                             "sessionTemplates":["contoso_one","case_entity_session_default_template"],
                             "defaultSessionTemplates":{"channels":{"chat":"contoso_one"},
                              "entities":{"incident":"case_entity_session_default_template"}}}""";
                                }),
                201);
    }

    private Answer send(ApiEvent event, int status) {
        Exchange.Sent sent = Exchange.Sent.ofEvent(event.toString());
        Answer answer = event.sendTo(templates).is(status);
        assertThat(API.problemsOf(sent)).as(event.toString()).isEmpty();
        assertThat(API.problemsOf(sent.method(), sent.path(), Exchange.Answered.of(answer)))
                .as("%s %s: %s", sent.method(), sent.path(), answer.body())
                .isEmpty();
        return answer;
    }
}
