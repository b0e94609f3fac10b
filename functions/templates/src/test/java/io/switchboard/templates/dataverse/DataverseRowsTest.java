package io.switchboard.templates.dataverse;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.replay.Corruptions;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.text.InputLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Translates responses of the Dataverse Web API. Complete responses are resources of this package. */
class DataverseRowsTest {
    private static final String TAB_ID = "0e6bd6a1-7d1a-ef11-9f8a-000d3a5c49ed";

    private final Violations violations = new Violations();

    private static Map<String, @Nullable Object> json(String text) {
        try {
            return ObjectReader.members((Map<?, ?>) Objects.requireNonNull(Json.read(text)));
        } catch (Json.MalformedJson e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Map<String, @Nullable Object> file(String name) {
        try (InputStream stream = Objects.requireNonNull(DataverseRowsTest.class.getResourceAsStream(name), name)) {
            return json(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns rows that are written with apostrophes instead of quotation marks. */
    private static Map<String, @Nullable Object> rows(String... rows) {
        return json("{'value':[%s]}".formatted(String.join(",", rows)).replace('\'', '"'));
    }

    private DataverseRows.Translation translate(Map<String, @Nullable Object> body) {
        assertThat(DataverseRows.isDataverse(body)).isTrue();
        return DataverseRows.translate(body, violations);
    }

    private DataverseRows.Translation carried(Map<String, @Nullable Object> body) {
        DataverseRows.Translation translation = translate(body);
        assertThat(violations.all()).isEmpty();
        assertThat(translation.targets()).hasSameSizeAs(translation.templates());
        return translation;
    }

    private Map<String, @Nullable Object> one(String... rows) {
        List<Map<String, @Nullable Object>> templates = carried(rows(rows)).templates();
        assertThat(templates).hasSize(1);
        return templates.getFirst();
    }

    private static List<String> targets(List<Violation> of) {
        List<String> targets = new ArrayList<>();
        for (Violation violation : of) {
            targets.add(violation.target());
        }
        return targets;
    }

    private static List<String> notCarried(DataverseRows.Translation translation) {
        List<String> targets = new ArrayList<>();
        for (NotCarried note : translation.notCarried()) {
            assertThat(note.message()).endsWith(".");
            assertThat(note.count()).isGreaterThanOrEqualTo(note.rows().size());
            targets.add(note.target());
        }
        return targets;
    }

    private List<String> rejected(String... rows) {
        translate(rows(rows));
        List<String> refused = new ArrayList<>();
        for (Violation violation : violations.all()) {
            assertThat(violation.message()).startsWith(violation.target());
            refused.add(violation.target() + " " + violation.code());
        }
        return refused;
    }

    private static TemplateKind kind(String text) {
        return Arrays.stream(TemplateKind.values())
                .filter(kind -> kind.text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    /** Returns a template of its kind, which must be valid. */
    private static Template template(Map<String, @Nullable Object> json) {
        String kind = Objects.requireNonNull((String) json.remove("kind"));
        Violations broken = new Violations();
        Template template = TemplateJson.read(kind(kind), new ObjectReader(json, "", broken));
        assertThat(broken.all()).isEmpty();
        return template;
    }

    private static String generic(String more) {
        return """
                {'msdyn_sessiontemplateid':'6d2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed','msdyn_uniquename':'contoso_call','msdyn_name':'Call',
                 'msdyn_sessiontype':0,'msdyn_panelstate':162450002,'msdyn_anchortab':{'msdyn_uniquename':'contoso_search'}%s}""".formatted(more);
    }

    private static String entity(String more) {
        return """
                {'msdyn_sessiontemplateid':'7d2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed','msdyn_uniquename':'contoso_case','msdyn_name':'Case',
                 'msdyn_sessiontype':1,'msdyn_panelstate':162450001,'msdyn_entity':'incident'%s}""".formatted(more);
    }

    private static String tab(String more) {
        return "{'msdyn_applicationtabtemplateid':'%s','msdyn_uniquename':'contoso_search','msdyn_name':'Search','msdyn_pagetype':509180006%s}"
                .formatted(TAB_ID, more);
    }

    private static String parameter(String name, String value) {
        return "{'msdyn_name':'%s','msdyn_uniquename':'contoso_x','msdyn_value':'%s'}".formatted(name, value);
    }

    private static String parameters(String... rows) {
        return ",'msdyn_applicationtabtemplate_templateparameter':[" + String.join(",", rows) + "]";
    }

    private static String notification(String more) {
        return "{'msdyn_notificationtemplateid':'8d2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed','msdyn_uniquename':'contoso_incoming','msdyn_name':'Incoming','msdyn_title':'Call'%s}"
                .formatted(more);
    }

    @Test
    void response_with_session_templates_is_translated() {
        DataverseRows.Translation translation = carried(file("session-templates.json"));

        assertThat(translation.targets()).containsExactly("value[0]", "value[1]");
        assertThat(translation.templates().getFirst()).isEqualTo(json("""
                                {"kind":"sessionTemplate","uniqueName":"contoso_shopcall","name":"Shop call","description":"Calls of the shop.",
                                 "title":"{customerName}","status":"active","type":"generic","communicationPanelMode":"minimized",
                                 "sessionIcon":"/webresources/contoso_/icons/call.svg","anchorTab":"contoso_ordersearch",
                                 "applySessionTitleToAnchorTab":true,"additionalTabs":["contoso_task","msdyn_omnichannel_kbsearch"]}"""));
        assertThat(translation.templates().getLast()).isEqualTo(json("""
                                {"kind":"sessionTemplate","uniqueName":"contoso_account","name":"Account session","title":"{anchor.name}",
                                 "status":"inactive","type":"entity","entity":"account","communicationPanelMode":"hidden",
                                 "applySessionTitleToAnchorTab":false}"""));
        assertThat(notCarried(translation))
                .containsExactly(
                        "value[0].msdyn_enablebuildexpression",
                        "value[0].msdyn_expressiondata",
                        "value[1].ismanaged",
                        "value");
        assertThat(translation.notCarried().getLast().message())
                .endsWith(": msdyn_sessiontemplateid, _ownerid_value, createdon, versionnumber.");
    }

    @Test
    void response_with_application_tab_templates_is_translated_with_parameters() {
        DataverseRows.Translation translation = carried(file("application-tab-templates.json"));

        assertThat(translation.templates()).containsExactly(json("""
                                {"kind":"applicationTabTemplate","uniqueName":"contoso_ordersearch","name":"Order search",
                                 "description":"The shop's search, for the number of the case.","title":"Orders of {customerName}",
                                 "status":"active","canClose":true,"pageType":"thirdPartyWebsite",
                                 "parameters":{"url":"https://shop.contoso.com/find?q=","data":"{anchor.ticketnumber}"}}"""), json("""
                                {"kind":"applicationTabTemplate","uniqueName":"contoso_task","name":"Follow-up task","title":"Follow-up",
                                 "status":"active","canClose":false,"pageType":"entityRecord",
                                 "parameters":{"entityName":"task","formId":"915F6055-2E07-4276-AE08-2B96C8D02C57","validateRecord":true,
                                  "data":"{\\"subject\\":\\"Follow up {anchor.ticketnumber}\\",\\"regardingobjectid\\":[{\\"id\\":\\"{anchor.incidentid}\\",\\"name\\":\\"{anchor.title}\\",\\"entityType\\":\\"incident\\"}]}"}}"""), json("""
                                {"kind":"applicationTabTemplate","uniqueName":"contoso_findcases","name":"Find cases","status":"inactive",
                                 "canClose":true,"pageType":"search","parameters":{"searchText":"{customerName}","searchType":1}}"""));
        assertThat(notCarried(translation)).containsExactly("value");
    }

    @Test
    void response_with_notification_templates_is_translated_with_ordered_fields() {
        DataverseRows.Translation translation = carried(file("notification-templates.json"));

        assertThat(translation.templates()).containsExactly(json("""
                                {"kind":"notificationTemplate","uniqueName":"contoso_incoming","name":"Shop call, incoming",
                                 "title":"Call of {customerName}","status":"active","icon":"/webresources/msdyn_chat_icon_zfp.svg",
                                 "showTimeout":false,"timeout":30,"autoAccept":false,"autoPopupSession":true,"acceptButtonText":"Take it",
                                 "showRejectButton":true,"desktopNotification":"whenAppInBackground","theme":"light",
                                 "fields":[{"name":"Name of the customer","fieldHeader":"Customer Name","value":"{customerName}"},
                                  {"name":"Language","fieldHeader":"Language","value":"{visitorLanguage}"}]}"""));
        assertThat(notCarried(translation)).containsExactly("value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"session-templates.json", "application-tab-templates.json", "notification-templates.json"})
    void templates_of_whole_responses_are_valid(String file) {
        List<Map<String, @Nullable Object>> templates = carried(file(file)).templates();
        assertThat(templates).isNotEmpty().allSatisfy(DataverseRowsTest::template);
    }

    @Test
    void rows_of_several_tables_are_distinguished_and_their_lookups_resolved() {
        DataverseRows.Translation translation = carried(
                rows(
                        """
                {'msdyn_sessiontemplateid':'6d2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed','msdyn_uniquename':'contoso_call','msdyn_name':'Call',
                 'msdyn_sessiontype':0,'_msdyn_anchortab_value':'0E6BD6A1-7d1a-ef11-9f8a-000d3a5c49ed','_msdyn_sessionicon_value':'w1'}""",
                        "{'msdyn_templateparameterid':'p1','msdyn_name':'url','msdyn_uniquename':'c_url','msdyn_value':'https://example.com','_msdyn_applicationtabtemplateid_value':'"
                                + TAB_ID + "'}",
                        "{'@odata.type':'#Microsoft.Dynamics.CRM.msdyn_applicationtabtemplate','msdyn_applicationtabtemplateid':'"
                                + TAB_ID
                                + "','msdyn_uniquename':'contoso_search','msdyn_name':'Search','msdyn_pagetype':509180006}",
                        "{'webresourceid':'w1','name':'contoso_icon.svg','webresourcetype':11}",
                        notification(
                                ",'msdyn_notificationtemplate_notificationfield':[{'msdyn_notificationfieldid':'f1'}]"),
                        "{'msdyn_notificationfieldid':'f1','msdyn_name':'customer','msdyn_title':'Customer','msdyn_value':'{customerName}'}"));

        assertThat(translation.targets()).containsExactly("value[0]", "value[2]", "value[4]");
        assertThat(translation.templates().getFirst())
                .containsEntry("anchorTab", "contoso_search")
                .containsEntry("sessionIcon", "/webresources/contoso_icon.svg")
                .containsEntry("communicationPanelMode", "docked");
        assertThat(translation.templates().get(1)).containsEntry("parameters", Map.of("url", "https://example.com"));
        assertThat(translation.templates().getLast())
                .containsEntry(
                        "fields",
                        List.of(Map.of("name", "customer", "fieldHeader", "Customer", "value", "{customerName}")));
        assertThat(notCarried(translation)).containsExactly("value[3]", "value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'msdyn_uniquename':'x','msdyn_name':'x','msdyn_panelstate':162450002} | msdyn_sessiontype",
                "{'msdyn_uniquename':'x','msdyn_name':'x','msdyn_pinned':false} | msdyn_pagetype",
            })
    void row_without_guid_is_identified_by_a_column_that_only_its_table_has(String row, String missing) {
        assertThat(rejected(row)).containsExactly("value[0]." + missing + " required");
    }

    @Test
    void row_without_guid_is_identified_by_the_context() {
        Map<String, @Nullable Object> body = rows("{'msdyn_uniquename':'contoso_incoming','msdyn_name':'Incoming'}");
        body.put("@odata.context", "https://x/api/data/v9.2/$metadata#msdyn_notificationtemplates(msdyn_name)");
        assertThat(carried(body).templates().getFirst()).containsEntry("kind", "notificationTemplate");
    }

    @Test
    void single_row_is_a_response() {
        Map<String, @Nullable Object> body = json(entity("").replace('\'', '"'));
        DataverseRows.Translation translation = carried(body);
        assertThat(translation.targets()).containsExactly("");
        assertThat(translation.templates().getFirst()).containsEntry("uniqueName", "contoso_case");
    }

    @Test
    void export_of_this_api_is_not_a_dataverse_response() {
        assertThat(DataverseRows.isDataverse(rows("{'kind':'sessionTemplate','uniqueName':'contoso_call'}")))
                .isFalse();
        assertThat(DataverseRows.isDataverse(rows())).isFalse();
        assertThat(DataverseRows.isDataverse(json("{\"value\":\"msdyn_\"}"))).isFalse();
    }

    @Test
    void context_of_a_collection_without_rows_is_an_answer_with_nothing_to_import() {
        Map<String, @Nullable Object> body = rows();
        body.put("@odata.context", "https://x/api/data/v9.2/$metadata#msdyn_sessiontemplates");
        assertThat(carried(body).templates()).isEmpty();
    }

    @Test
    void value_must_be_an_array() {
        Map<String, @Nullable Object> body = json("{\"value\":{}}");
        body.put("@odata.context", "https://x/api/data/v9.2/$metadata#msdyn_sessiontemplates");
        translate(body);
        assertThat(targets(violations.all())).containsExactly("value");
    }

    @Test
    void every_row_without_a_table_is_rejected() {
        assertThat(rejected(
                        generic(""),
                        "{'msdyn_name':'x'}",
                        "'msdyn_name'",
                        "{'kind':'sessionTemplate','uniqueName':'contoso_call'}"))
                .containsExactlyInAnyOrder("value[1] invalidValue", "value[2] wrongType", "value[3] invalidValue");
    }

    @Test
    void rows_of_tables_that_are_not_imported_are_listed() {
        DataverseRows.Translation translation = carried(
                rows(
                        "{'@odata.type':'#Microsoft.Dynamics.CRM.msdyn_channelprovider','msdyn_name':'Voice'}",
                        "{'msdyn_sessiontemplate_applicationtabid':'r1','msdyn_sessiontemplateid':'s1','msdyn_applicationtabtemplateid':'t1'}"));
        assertThat(translation.templates()).isEmpty();
        assertThat(notCarried(translation)).containsExactly("value[0]", "value[1]");
        assertThat(translation.notCarried().getFirst().message()).contains("identity provider");
        assertThat(translation.notCarried().getLast().message())
                .contains("$expand=msdyn_sessiontemplate_applicationtab");
    }

    @ParameterizedTest
    @CsvSource({"0,generic", "1,entity"})
    void number_determines_the_type_of_a_session_template(int number, String text) {
        assertThat(one(entity(",'msdyn_type':false")
                        .replace("'msdyn_sessiontype':1", "'msdyn_sessiontype':" + number)
                        .replace(
                                "'msdyn_entity':'incident'",
                                number == 1
                                        ? "'msdyn_entity':'incident'"
                                        : "'msdyn_anchortab':{'msdyn_uniquename':'a'}")))
                .containsEntry("type", text);
    }

    @Test
    void legacy_type_applies_if_no_other_type_was_sent() {
        assertThat(one(entity(",'msdyn_type':true").replace("'msdyn_sessiontype':1,", "")))
                .containsEntry("type", "entity");
    }

    @ParameterizedTest
    @CsvSource({"162450000,minimized", "162450001,hidden", "162450002,docked"})
    void number_determines_the_panel_mode_of_a_generic_template(int number, String text) {
        assertThat(one(generic("").replace("162450002", Integer.toString(number))))
                .containsEntry("communicationPanelMode", text);
    }

    @Test
    void entity_template_is_always_hidden() {
        DataverseRows.Translation translation =
                carried(rows(entity("").replace("'msdyn_panelstate':162450001", "'msdyn_panelstate':162450000")));
        assertThat(translation.templates().getFirst()).containsEntry("communicationPanelMode", "hidden");
        assertThat(notCarried(translation)).contains("value[0].msdyn_panelstate");
    }

    @ParameterizedTest
    @CsvSource({
        "509180000,entityList",
        "509180001,entityRecord",
        "509180002,webResource",
        "509180003,control",
        "509180004,dashboard",
        "509180005,search",
        "509180006,thirdPartyWebsite",
        "509180007,custom"
    })
    void number_determines_the_page_type(int number, String text) {
        assertThat(one(tab("").replace("509180006", Integer.toString(number)))).containsEntry("pageType", text);
    }

    @ParameterizedTest
    @CsvSource({"509180000,never", "509180001,whenAppInBackground", "509180002,always"})
    void number_determines_the_desktop_notification(int number, String text) {
        assertThat(one(notification(",'msdyn_desktopnotificationmode':" + number)))
                .containsEntry("desktopNotification", text);
    }

    @Test
    void unknown_choice_values_are_rejected_with_the_allowed_values() {
        assertThat(rejected(
                        generic("").replace("162450002", "2"),
                        entity("").replace("'msdyn_sessiontype':1", "'msdyn_sessiontype':2"),
                        tab("").replace("509180006", "-1"),
                        notification(",'msdyn_theme':0,'statecode':true")))
                .containsExactly(
                        "value[0].msdyn_panelstate invalidValue",
                        "value[1].msdyn_sessiontype invalidValue",
                        "value[2].msdyn_pagetype invalidValue",
                        "value[3].statecode invalidValue",
                        "value[3].msdyn_theme invalidValue");
        assertThat(violations.all().getFirst().message())
                .contains("162450000 (minimized), 162450001 (hidden), 162450002 (docked)");
    }

    @Test
    void every_column_of_a_wrong_type_is_rejected() {
        assertThat(rejected(
                        generic(",'msdyn_type':'Generic','msdyn_sessiontemplate_applicationtab':{},'ismanaged':0"),
                        tab(",'msdyn_pinned':'No','msdyn_applicationtabtemplate_templateparameter':['url']"),
                        notification(",'msdyn_notificationtemplate_notificationfield':'x'")))
                .containsExactly(
                        "value[0].ismanaged wrongType",
                        "value[0].msdyn_type wrongType",
                        "value[0].msdyn_sessiontemplate_applicationtab wrongType",
                        "value[1].msdyn_pinned wrongType",
                        "value[1].msdyn_applicationtabtemplate_templateparameter[0] wrongType",
                        "value[2].msdyn_notificationtemplate_notificationfield wrongType");
    }

    @Test
    void texts_of_a_wrong_type_are_validated_by_the_template() {
        Map<String, @Nullable Object> template = one(generic("").replace("'msdyn_name':'Call'", "'msdyn_name':5"));
        template.remove("kind");
        TemplateJson.read(TemplateKind.SESSION_TEMPLATE, new ObjectReader(template, "value[0]", violations));
        assertThat(targets(violations.all())).containsExactly("value[0].name");
    }

    @Test
    void anchor_without_a_unique_name_is_rejected_with_the_required_query() {
        assertThat(rejected(generic("")
                        .replace(
                                "'msdyn_anchortab':{'msdyn_uniquename':'contoso_search'}",
                                "'_msdyn_anchortab_value':'g'")))
                .containsExactly("value[0]._msdyn_anchortab_value invalidValue");
        assertThat(violations.all().getFirst().message()).contains("$expand=msdyn_anchortab($select=msdyn_uniquename)");
    }

    @Test
    void active_generic_template_without_anchor_is_imported_as_inactive() {
        DataverseRows.Translation translation = carried(rows(generic("")
                .replace("'msdyn_anchortab':{'msdyn_uniquename':'contoso_search'}", "'msdyn_anchortab':null")));
        assertThat(translation.templates().getFirst()).containsEntry("status", "inactive");
        assertThat(notCarried(translation)).contains("value[0].statecode");
        template(translation.templates().getFirst());
    }

    @Test
    void tabs_are_resolved_by_guid_if_their_rows_are_in_the_body() {
        Map<String, @Nullable Object> template = carried(rows(
                        generic(",'msdyn_sessiontemplate_applicationtab':[{'msdyn_applicationtabtemplateid':'" + TAB_ID
                                        + "'}]")
                                .replace("contoso_search", "contoso_other"),
                        tab("")))
                .templates()
                .getFirst();
        assertThat(template).containsEntry("additionalTabs", List.of("contoso_search"));
    }

    @Test
    void expanded_tab_with_other_columns_is_listed_unless_its_own_row_was_sent() {
        String row = generic("")
                .replace(
                        "{'msdyn_uniquename':'contoso_search'}",
                        "{'msdyn_uniquename':'contoso_search','msdyn_pagetype':509180006}");
        assertThat(notCarried(carried(rows(row)))).contains("value[0].msdyn_anchortab");
        assertThat(notCarried(carried(rows(row, tab(""))))).containsExactly("value");
    }

    @Test
    void tab_without_a_name_is_rejected() {
        assertThat(rejected(generic(",'msdyn_sessiontemplate_applicationtab':[{'msdyn_name':'Search'}]")))
                .containsExactly("value[0].msdyn_sessiontemplate_applicationtab[0].msdyn_uniquename required");
    }

    @Test
    void excess_and_duplicate_tabs_are_listed_and_the_others_carried() {
        StringBuilder tabs = new StringBuilder("{'msdyn_uniquename':'contoso_search'}");
        for (int i = 0; i < 10; i++) {
            tabs.append(",{'msdyn_uniquename':'contoso_tab").append(i).append("'}");
        }
        DataverseRows.Translation translation =
                carried(rows(generic(",'msdyn_sessiontemplate_applicationtab':[" + tabs + "]")));
        assertThat((List<?>) translation.templates().getFirst().get("additionalTabs"))
                .hasSize(9);
        assertThat(notCarried(translation))
                .startsWith(
                        "value[0].msdyn_sessiontemplate_applicationtab[0]",
                        "value[0].msdyn_sessiontemplate_applicationtab[10]");
        template(translation.templates().getFirst());
    }

    @Test
    void scripts_profiles_and_custom_columns_are_listed_unless_empty() {
        DataverseRows.Translation translation = carried(rows(generic("""
                                ,'msdyn_enablebuildexpression':true,'msdyn_expressiondata':'{}','msdyn_entity':'account','contoso_team':'Red',
                                'contoso_blank':'','contoso_no':false,'contoso_none':null,'contoso_team@OData.Community.Display.V1.FormattedValue':'Red',
                                'msdyn_msdyn_prod_agentscript_msdyn_sessiontemplat':[{'msdyn_name':'Greeting'}],
                                'msdyn_appconfiguration_sessiontemplate':[{'msdyn_uniquename':'contoso_voice'}],'statuscode':3"""), entity("""
                                ,'msdyn_msdyn_prod_agentscript_msdyn_sessiontemplat':[],'msdyn_expressiondata':null,
                                '_msdyn_anchortab_value':'g','_msdyn_sessionicon_value':'g'""")));
        assertThat(notCarried(translation))
                .containsExactlyInAnyOrder(
                        "value[0].msdyn_enablebuildexpression",
                        "value[0].msdyn_expressiondata",
                        "value[0].msdyn_entity",
                        "value[0].contoso_team",
                        "value[0].msdyn_msdyn_prod_agentscript_msdyn_sessiontemplat",
                        "value[0].msdyn_appconfiguration_sessiontemplate",
                        "value[0].statuscode",
                        "value[1]._msdyn_anchortab_value",
                        "value[1]._msdyn_sessionicon_value",
                        "value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",'_msdyn_sessionicon_value':'g'",
                ",'msdyn_sessionicon':{'webresourceid':'g'}",
                ",'msdyn_sessionicon':{'name':'contoso_icon.GIF'}",
                ",'msdyn_sessionicon':{'name':'contoso_{x}.svg'}"
            })
    void icon_that_is_unnamed_or_not_allowed_is_listed(String icon) {
        DataverseRows.Translation translation = carried(rows(generic(icon)));
        assertThat(translation.templates().getFirst()).doesNotContainKey("sessionIcon");
        assertThat(notCarried(translation)).startsWith("value[0].msdyn_sessionicon");
    }

    @Test
    void managed_row_is_carried_and_its_lock_listed() {
        assertThat(notCarried(carried(rows(generic(",'ismanaged':true"))))).startsWith("value[0].ismanaged");
    }

    @Test
    void deleted_rows_are_listed_and_unpublished_ones_carried() {
        DataverseRows.Translation translation = carried(rows(
                generic(",'componentstate':2"),
                tab(",'componentstate':3"),
                entity(",'componentstate':1"),
                notification(",'componentstate':0")));
        assertThat(translation.targets()).containsExactly("value[2]", "value[3]");
        assertThat(notCarried(translation)).startsWith("value[0]", "value[1]", "value[2].componentstate");
    }

    @Test
    void parameters_are_carried_with_their_types_and_unknown_ones_listed() {
        DataverseRows.Translation translation = carried(rows(tab(parameters(
                parameter("URL", "https://example.com"),
                parameter("alwaysRender", "False"),
                parameter("colour", "red"),
                parameter("url", "https://example.org"),
                parameter("data", "x").replace("'}", "','statecode':1}"),
                parameter("data", "{\\u0022a\\u0022:1}"),
                parameter("none", "")))));
        assertThat(translation.templates().getFirst().get("parameters"))
                .isEqualTo(Map.of("url", "https://example.com", "alwaysRender", false, "data", "{\"a\":1}"));
        String rows = "value[0].msdyn_applicationtabtemplate_templateparameter";
        assertThat(notCarried(translation)).containsExactly(rows + "[2]", rows + "[3]", rows + "[4]", "value");
    }

    @Test
    void parameter_without_its_template_is_listed() {
        DataverseRows.Translation translation = carried(rows(
                "{'msdyn_templateparameterid':'p1','msdyn_name':'url','msdyn_value':'https://example.com','_msdyn_applicationtabtemplateid_value':'g'}",
                "{'msdyn_notificationfieldid':'f1','msdyn_name':'customer','msdyn_value':'x'}"));
        assertThat(translation.templates()).isEmpty();
        assertThat(notCarried(translation)).containsExactly("value[0]", "value[1]");
    }

    @Test
    void duplicate_parameter_is_carried_once() {
        DataverseRows.Translation translation = carried(rows(
                tab(parameters(
                        "{'msdyn_templateparameterid':'P1','msdyn_name':'url','msdyn_value':'https://example.com'}")),
                "{'msdyn_templateparameterid':'p1','msdyn_name':'url','msdyn_value':'https://example.com','_msdyn_applicationtabtemplateid_value':'"
                        + TAB_ID + "'}"));
        assertThat(notCarried(translation)).containsExactly("value");
    }

    @Test
    void invalid_parameter_before_or_after_its_template_is_rejected() {
        String wrong = "{'msdyn_templateparameterid':'%s','msdyn_name':5,'_msdyn_applicationtabtemplateid_value':'"
                + TAB_ID + "'}";
        assertThat(rejected(wrong.formatted("p1"), tab(""), wrong.formatted("p2")))
                .containsExactly("value[0].msdyn_name wrongType", "value[2].msdyn_name wrongType");
    }

    private static String column(String json) {
        return ",'msdyn_templateparameters':'" + json.replace("'", "\\\"") + "'";
    }

    private static String page(int pageType, String more) {
        return tab(more).replace("509180006", Integer.toString(pageType));
    }

    @Test
    void parameters_of_the_column_are_unwrapped() {
        DataverseRows.Translation translation =
                carried(rows(page(509180001, column("{'entityName':{'value':'incident'},'entityId':{'value':null}}"))));
        assertThat(translation.templates().getFirst().get("parameters")).isEqualTo(Map.of("entityName", "incident"));
        assertThat(notCarried(translation)).containsExactly("value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "509180000|{'entityName':{'value':'account'},'viewId':{'value':'v'},'viewType':{'value':null}}|{'entityName':'account','viewId':'v'}",
                "509180001|{'selectedStageId':{'value':'s'},'processInstanceId':{'value':'p'},'isCrossEntityNavigate':{'value':null}}|{'selectedStageId':'s','processInstanceId':'p'}",
                "509180001|{'validateRecord':{'value':true},'formId':{'value':'{915F6055-2E07-4276-AE08-2B96C8D02C57}'}}|{'validateRecord':true,'formId':'915F6055-2E07-4276-AE08-2B96C8D02C57'}",
                "509180002|{'webresourceName':{'value':'x.html'},'data':{'value':''}}|{'webresourceName':'x.html'}",
                "509180005|{'searchText':{'value':null},'searchType':{'value':null}}|{}",
                "509180005|{'searchText':{'value':'x'},'searchType':{'value':1}}|{'searchText':'x','searchType':1}",
                "509180007|{'name':{'value':'n'},'entityName':null}|{'name':'n'}",
                "509180005|{'searchText':'flat','searchType':0}|{'searchText':'flat','searchType':0}",
            })
    void columns_of_every_page_type_are_unwrapped(int pageType, String json, String parameters) {
        DataverseRows.Translation translation = carried(rows(page(pageType, column(json))));
        assertThat(translation.templates().getFirst().get("parameters")).isEqualTo(json(parameters.replace('\'', '"')));
        assertThat(notCarried(translation)).containsExactly("value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'value':{'a':1}}",
                "{'Value':'x'}",
                "{'value':'x','type':'text'}",
                "{}",
                "['x']",
                "{'value':['x']}"
            })
    void object_other_than_the_wrapper_is_listed_and_never_stored(String held) {
        DataverseRows.Translation translation = carried(rows(page(509180005, column("{'searchText':" + held + "}"))));
        assertThat(translation.templates().getFirst().get("parameters")).isEqualTo(Map.of());
        assertThat(notCarried(translation)).containsExactly("value[0].msdyn_templateparameters.searchText", "value");
    }

    @Test
    void template_with_a_row_ignores_its_column_and_lists_other_values() {
        DataverseRows.Translation translation = carried(rows(page(
                509180001,
                column("{'entityName':{'value':'account'},'entityId':{'value':'e'},'x':{'value':null}}")
                        + parameters(parameter("entityName", "account")))));
        assertThat(translation.templates().getFirst().get("parameters")).isEqualTo(Map.of("entityName", "account"));
        assertThat(notCarried(translation)).containsExactly("value[0].msdyn_templateparameters.entityId", "value");
    }

    @Test
    void compiled_address_of_a_website_with_rows_is_ignored() {
        DataverseRows.Translation translation = carried(rows(tab(column(
                        "{'webresourceName':{'value':'msdyn_CECExternalWebPageContainer.html'},'data':{'value':'cif_thirdpartyurlhttps:\\/\\/help.contoso.example\\/find?topic%3D{topic}'}}")
                + parameters(
                        parameter("url", "https://help.contoso.example/find?topic={topic}"),
                        "{'msdyn_name':'data','msdyn_uniquename':'contoso_search_data','msdyn_value':null}"))));
        assertThat(translation.templates().getFirst().get("parameters"))
                .isEqualTo(Map.of("url", "https://help.contoso.example/find?topic={topic}"));
        assertThat(notCarried(translation)).containsExactly("value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https:\\/\\/help.contoso.example\\/find?topic%3D{topic}|https://help.contoso.example/find?topic={topic}",
                "https%3A%2F%2Fhelp.contoso.example%2Fa%20b|https://help.contoso.example/a b",
                "https://help.contoso.example/%C3%A9?q=%7Btopic%7D|https://help.contoso.example/é?q={topic}",
                "https://help.contoso.example/?q=100%|https://help.contoso.example/?q=100%",
                "https://help.contoso.example/%FF|https://help.contoso.example/%FF",
            })
    void address_of_a_website_without_rows_is_decoded(String compiled, String url) {
        DataverseRows.Translation translation = carried(rows(tab(column(
                "{'webresourceName':{'value':'msdyn_CECExternalWebPageContainer.html'},'data':{'value':'cif_thirdpartyurl"
                        + compiled + "'}}"))));
        assertThat(translation.templates().getFirst().get("parameters")).isEqualTo(Map.of("url", url));
        assertThat(notCarried(translation)).containsExactly("value");
    }

    @Test
    void parameter_is_found_by_its_unique_name_if_its_name_is_translated() {
        String row = "{'msdyn_name':'%s','msdyn_uniquename':'%s','msdyn_value':'v'}";
        DataverseRows.Translation translation = carried(rows(page(
                509180001,
                parameters(
                        row.formatted("Nombre de entidad", "contoso_search_entityName"),
                        row.formatted("Registro", "new_tabtemplateparam_entityId"),
                        row.formatted("data", "contoso_search_relationship")))));
        assertThat(translation.templates().getFirst().get("parameters"))
                .isEqualTo(Map.of("entityName", "v", "entityId", "v"));
        assertThat(notCarried(translation)).hasSize(2);
    }

    @Test
    void value_that_the_page_does_not_accept_is_listed_and_does_not_stop_the_import() {
        DataverseRows.Translation translation = carried(rows(
                page(509180005, column("{'searchType':{'value':7}}")),
                page(509180004, column("{'dashboardId':{'value':'mine'}}")),
                page(509180001, parameters(parameter("data", "no JSON"), parameter("validateRecord", "yes")))));
        assertThat(translation.templates())
                .allSatisfy(template -> assertThat(template.get("parameters")).isEqualTo(Map.of()));
        assertThat(notCarried(translation)).hasSize(5);
    }

    private static final String PROFILE_ID = "9c2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed";

    private static String profile(String more) {
        return "{'msdyn_appconfigurationid':'%s','msdyn_uniquename':'contoso_voice','msdyn_name':'Voice','msdyn_profileorder':3,'statecode':0%s}"
                .formatted(PROFILE_ID, more);
    }

    @Test
    void app_configuration_becomes_an_app_profile_with_its_templates_and_roles() {
        DataverseRows.Translation translation = carried(rows(
                profile(
                        ",'msdyn_description':'d','msdyn_appmoduleuniquename':'m','msdyn_appconfiguration_sessiontemplate':[{'msdyn_uniquename':'contoso_call'},{'msdyn_sessiontemplateid':'7D2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed'}]"
                                + ",'msdyn_appconfiguration_msdyn_appprofilerolemapping':[{'msdyn_securityroleid':{'name':'Agent','roleid':'r1'}}]"),
                entity(""),
                "{'msdyn_appprofilerolemappingid':'m2','_msdyn_appprofileid_value':'" + PROFILE_ID
                        + "','_msdyn_securityroleid_value':'r2'}",
                "{'roleid':'r2','name':'Supervisor','@odata.type':'#Microsoft.Dynamics.CRM.role'}",
                "{'msdyn_appprofilerolemappingid':'m3','_msdyn_appprofileid_value':'" + PROFILE_ID
                        + "','_msdyn_securityroleid_value':'r3','_msdyn_securityroleid_value@OData.Community.Display.V1.FormattedValue':'Manager'}",
                "{'msdyn_appprofilerolemappingid':'m4','_msdyn_appprofileid_value':'" + PROFILE_ID
                        + "','_msdyn_securityroleid_value':'r4'}"));
        assertThat(translation.templates().getFirst()).isEqualTo(json("""
                        {"kind":"appProfile","uniqueName":"contoso_voice","name":"Voice","description":"d","status":"active","profileOrder":3,
                         "sessionTemplates":["contoso_call","contoso_case"],"roles":["Agent","Supervisor","Manager"]}"""));
        assertThat(notCarried(translation)).containsExactly("value[5]", "value[0].msdyn_appmoduleuniquename", "value");
        template(translation.templates().getFirst());
    }

    @Test
    void profile_lists_session_templates_that_refer_to_it() {
        DataverseRows.Translation translation = carried(rows(
                profile(""),
                entity(",'msdyn_appconfiguration_sessiontemplate':[{'msdyn_uniquename':'contoso_voice'}]"),
                generic(",'msdyn_appconfiguration_sessiontemplate':[{'msdyn_appconfigurationid':'" + PROFILE_ID
                        + "'}]")));
        assertThat(translation.templates().getFirst())
                .containsEntry("sessionTemplates", List.of("contoso_call", "contoso_case"));
        assertThat(notCarried(translation)).containsExactly("value");
    }

    @Test
    void content_that_is_not_carried_has_one_entry_per_kind_and_reason() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(entity(",'contoso_team':'x','ismanaged':true").replace("contoso_case", "contoso_case" + i));
            rows.add("{'@odata.type':'#Microsoft.Dynamics.CRM.msdyn_channelprovider'}");
        }
        DataverseRows.Translation translation = carried(rows(rows.toArray(String[]::new)));
        assertThat(notCarried(translation))
                .containsExactly("value[1]", "value[0].ismanaged", "value[0].contoso_team", "value");
        assertThat(translation.notCarried().get(2).count()).isEqualTo(20);
        assertThat(translation.notCarried().get(2).rows())
                .containsExactly(
                        "value[0].contoso_team",
                        "value[2].contoso_team",
                        "value[4].contoso_team",
                        "value[6].contoso_team",
                        "value[8].contoso_team");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "no JSON", "5"})
    void parameters_column_that_is_not_an_object_is_listed(String json) {
        DataverseRows.Translation translation = carried(rows(tab(",'msdyn_templateparameters':'" + json + "'")));
        assertThat(notCarried(translation)).startsWith("value[0].msdyn_templateparameters");
    }

    @Test
    void duplicate_field_names_are_replaced_by_unique_names_or_listed() {
        DataverseRows.Translation translation = carried(rows(notification("""
                                ,'msdyn_notificationtemplate_notificationfield':[{'msdyn_name':'a','msdyn_uniquename':'x_a'},
                                {'msdyn_name':'a','msdyn_uniquename':'x_b'},{'msdyn_name':'a','msdyn_uniquename':'x_b'},
                                {'msdyn_name':'c','statecode':1}]""")));
        assertThat(translation.templates().getFirst().get("fields"))
                .isEqualTo(List.of(Map.of("name", "a"), Map.of("name", "x_b")));
        String rows = "value[0].msdyn_notificationtemplate_notificationfield";
        assertThat(notCarried(translation)).containsExactly(rows + "[3]", rows + "[2]", "value");
    }

    @ParameterizedTest
    @CsvSource({
        "v9.2/x?$select=y,0",
        "v9.2/x?$select=y&$skiptoken=z,1",
        "v9.1/x?$select=y,1",
    })
    void links_to_rows_that_were_not_sent_are_listed(String link, int listed) {
        DataverseRows.Translation translation = carried(rows(generic(
                ",'msdyn_sessiontemplate_applicationtab':[],'msdyn_sessiontemplate_applicationtab@odata.nextLink':'https://x/api/data/"
                        + link + "'")));
        assertThat(notCarried(translation).stream().filter("value[0].msdyn_sessiontemplate_applicationtab"::equals))
                .hasSize(listed);
    }

    @Test
    void further_page_of_the_response_is_listed() {
        Map<String, @Nullable Object> body = rows(generic(""));
        body.put(
                "@odata.nextLink",
                "https://contoso.crm.dynamics.com/api/data/v9.2/msdyn_sessiontemplates?$skiptoken=x");
        assertThat(notCarried(carried(body))).contains("@odata.nextLink");
    }

    @Test
    void malformed_row_does_not_affect_other_rows() {
        DataverseRows.Translation translation = translate(rows(generic("").replace("162450002", "1"), entity("")));
        assertThat(translation.targets()).containsExactly("value[1]");
        assertThat(violations.all()).hasSize(1);
    }

    /** Removes one column at a time. A column whose removal changes nothing was not read. */
    @ParameterizedTest
    @ValueSource(strings = {"session-templates.json", "application-tab-templates.json", "notification-templates.json"})
    void no_filled_column_is_dropped_silently(String file) {
        DataverseRows.Translation whole = carried(file(file));
        Set<String> silent = new TreeSet<>();
        List<?> rows = (List<?>) Objects.requireNonNull(file(file).get("value"));
        for (int i = 0; i < rows.size(); i++) {
            for (var column : ObjectReader.members((Map<?, ?>) rows.get(i)).entrySet()) {
                Map<String, @Nullable Object> body = file(file);
                List<?> others = (List<?>) Objects.requireNonNull(body.get("value"));
                ((Map<?, ?>) others.get(i)).remove(column.getKey());
                Violations broken = new Violations();
                boolean isSame = DataverseRows.translate(body, broken).equals(whole)
                        && broken.isEmpty()
                        && column.getValue() != null
                        && !column.getValue().equals(false)
                        && !column.getValue().equals(List.of())
                        && column.getKey().indexOf('@') < 0;
                if (isSame && !listsForAnotherRow(whole, column.getKey())) {
                    silent.add(column.getKey() + "=" + column.getValue());
                }
            }
        }
        // These columns are redundant: another column, the status or the expanded row has the value, or it is the
        // default.
        silent.remove("msdyn_sessiontype=0");
        silent.remove("statuscode=1");
        silent.remove("statuscode=2");
        silent.remove("statecode=0");
        silent.remove("componentstate=0");
        silent.remove("_msdyn_anchortab_value=0e6bd6a1-7d1a-ef11-9f8a-000d3a5c49ed");
        silent.remove("_msdyn_sessionicon_value=9f2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed");
        silent.remove("msdyn_panelstate=162450001");
        // The rows of parameters contain the same values.
        silent.removeIf(column -> column.startsWith("msdyn_templateparameters="));
        assertThat(silent).isEmpty();
    }

    private static boolean listsForAnotherRow(DataverseRows.Translation translation, String column) {
        String message = translation.notCarried().getLast().message();
        return message.contains(" " + column + ",") || message.contains(" " + column + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"session-templates.json", "application-tab-templates.json", "notification-templates.json"})
    void corrupt_rows_are_rejected_or_carried_and_never_cause_a_fault(String file) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("corrupt rows of Dataverse: -Dseed=" + seed);
        for (String text : new Corruptions(new Random(seed)).of(Json.write(file(file)), 300)) {
            @Nullable Object tree;
            try {
                tree = Json.read(text);
            } catch (Json.MalformedJson e) {
                continue;
            }
            if (!(tree instanceof Map<?, ?> object) || !DataverseRows.isDataverse(ObjectReader.members(object))) {
                continue;
            }
            Map<String, @Nullable Object> body = ObjectReader.members(object);
            Violations found = new Violations();
            DataverseRows.Translation translation = DataverseRows.translate(body, found);
            assertThat(found.all())
                    .as("-Dseed=%d %s", seed, text)
                    .allSatisfy(violation -> assertThat(violation.message())
                            .startsWith(violation.target())
                            .endsWith("."));
            assertThat(translation.targets()).hasSameSizeAs(translation.templates());
            for (Map<String, @Nullable Object> template : translation.templates()) {
                String kind = Objects.requireNonNull((String) template.remove("kind"));
                Violations rules = new Violations();
                TemplateJson.read(kind(kind), new ObjectReader(template, "value[0]", rules));
                // Columns become known members, so that no violation is about an unknown one.
                assertThat(rules.all())
                        .as("-Dseed=%d %s", seed, text)
                        .noneMatch(violation -> violation.code().equals("unknownProperty"));
            }
        }
    }

    @Test
    void response_size_is_bounded_for_any_number_of_errors() {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            wrong.add("{'msdyn_x':" + i + "}");
            wrong.add(generic(",'contoso_x':1,'msdyn_type':" + i));
        }
        translate(rows(wrong.toArray(String[]::new)));
        assertThat(violations.all()).hasSize(InputLimits.VIOLATIONS + 1);
        List<String> strange = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            strange.add(entity(",'contoso_x" + i + "':1"));
        }
        DataverseRows.Translation translation =
                DataverseRows.translate(rows(strange.toArray(String[]::new)), new Violations());
        assertThat(translation.templates()).hasSize(5_000);
        assertThat(translation.notCarried()).hasSize(DataverseNotes.MAXIMUM + 2);
        assertThat(translation.notCarried().get(DataverseNotes.MAXIMUM).message())
                .startsWith("4800 more");
    }
}
