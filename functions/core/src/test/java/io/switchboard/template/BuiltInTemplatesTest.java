package io.switchboard.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.TemplateFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class BuiltInTemplatesTest {
    private static final TemplateKind SESSION = TemplateKind.SESSION_TEMPLATE;
    private static final TemplateKind NOTIFICATION = TemplateKind.NOTIFICATION_TEMPLATE;
    private static final TemplateKind TAB = TemplateKind.APPLICATION_TAB_TEMPLATE;

    private final BuiltInTemplates builtIn = BuiltInTemplates.load();

    @Test
    void session_templates_have_the_names_of_the_product() {
        assertThat(builtIn.all(SESSION))
                .filteredOn(stored -> stored.origin() == Origin.BUILT_IN)
                .extracting(stored -> stored.template().name())
                .containsExactlyInAnyOrder(
                        "Case entity session - default template",
                        "Chat - Default Session",
                        "SMS - Default Session",
                        "Entity routing - Default Session",
                        "Voice call session - default",
                        "Custom messaging session - default",
                        "Facebook session - default",
                        "LINE session - default",
                        "Teams session - default",
                        "Twitter session - default",
                        "WeChat session - default",
                        "WhatsApp session - default");
    }

    @Test
    void known_unique_names_have_the_display_names_of_the_specification() {
        Map<String, String> names = Map.of(
                "case_entity_session_default_template", "Case entity session - default template",
                "msdyn_chat_session", "Chat - Default Session",
                "msdyn_voicecall_session", "Voice call session - default",
                "msdyn_custommessaging_session", "Custom messaging session - default");
        names.forEach((uniqueName, name) ->
                assertThat(session(uniqueName).name()).as(uniqueName).isEqualTo(name));
        assertThat(tab("msdyn_entityrecord").name()).isEqualTo("Entity record");
        assertThat(tab("msdyn_omnichannel_kbsearch").name()).isEqualTo("Knowledge Search");
        assertThat(tab("msdyn_omnichannel_search").name()).isEqualTo("Search (deprecated)");
    }

    @Test
    void application_tab_templates_have_the_page_types_of_the_product() {
        assertThat(builtIn.all(TAB))
                .extracting(stored -> stored.template().name() + ": "
                        + ((ApplicationTabTemplate) stored.template())
                                .pageType()
                                .text())
                .containsExactlyInAnyOrder(
                        "Active Conversation: entityRecord",
                        "Entity record: entityRecord",
                        "Knowledge Search: webResource",
                        "Omnichannel Conversations Dashboard: dashboard",
                        "Omnichannel Intraday Insights: control",
                        "Quick Reply Preview: control",
                        "Rich Message Preview: control",
                        "Search (deprecated): control");
    }

    @Test
    void case_template_is_an_entity_template_with_the_title_of_its_record() {
        SessionTemplate template = session("case_entity_session_default_template");

        assertThat(template.type()).isEqualTo(SessionType.ENTITY);
        assertThat(template.entity()).isEqualTo("incident");
        assertThat(template.title()).isEqualTo("{anchor.title}");
        assertThat(template.communicationPanelMode()).isEqualTo(CommunicationPanelMode.HIDDEN);
        assertThat(template.anchorTab()).isNull();
        assertThat(template.additionalTabs()).isEmpty();
    }

    @Test
    void example_of_the_specification_is_marked_as_an_example() {
        SessionTemplate template = session("CallSessionTemplate");

        assertThat(builtIn.find(SESSION, "CallSessionTemplate"))
                .isNotNull()
                .extracting(Stored::origin)
                .isEqualTo(Origin.EXAMPLE);
        assertThat(template.type()).isEqualTo(SessionType.GENERIC);
        assertThat(template.title()).isEqualTo("{customer}");
        assertThat(template.communicationPanelMode()).isEqualTo(CommunicationPanelMode.DOCKED);
        assertThat(template.anchorTab()).isEqualTo("msdyn_omnichannel_kbsearch");
        assertThat(builtIn.all(SESSION))
                .filteredOn(stored -> stored.origin() == Origin.EXAMPLE)
                .hasSize(1);
    }

    @Test
    void shipped_session_templates_refer_to_shipped_tabs_and_are_active() {
        for (Stored<Template> stored : builtIn.all(SESSION)) {
            SessionTemplate template = (SessionTemplate) stored.template();
            for (String tab : template.references()) {
                assertThat(builtIn.find(TAB, tab)).isNotNull();
            }
            assertThat(template.status()).isEqualTo(Status.ACTIVE);
            assertThat(stored.version()).isZero();
            if (!template.uniqueName().startsWith("case_")) {
                assertThat(template.type()).isEqualTo(SessionType.GENERIC);
            }
        }
        assertThat(builtIn.all(TAB)).hasSize(8);
    }

    @Test
    void notification_templates_are_found_by_channel_and_by_situation() {
        for (String channel :
                List.of("chat", "custommessaging", "facebook", "line", "sms", "teams", "twitter", "wechat", "voice")) {
            for (String situation :
                    List.of("incoming_authenticated", "incoming_unauthenticated", "consult", "transfer")) {
                assertThat(builtIn.find(NOTIFICATION, "msdyn_" + channel + "_" + situation))
                        .as("%s %s", channel, situation)
                        .isNotNull();
            }
            assertThat(tagged(channel)).as(channel).hasSize(channel.equals("voice") ? 5 : 4);
        }
        for (String situation : List.of("incomingAuthenticated", "incomingUnauthenticated", "consult", "transfer")) {
            assertThat(tagged(situation)).as(situation).hasSize(9);
        }
        assertThat(tagged("handOver")).containsExactly("switchboard_hand_over");
        assertThat(tagged("supervisorAssign")).containsExactly("msdyn_voice_supervisor_assign");
        assertThat(builtIn.all(NOTIFICATION)).hasSize(41).allSatisfy(stored -> {
            assertThat(stored.origin()).isEqualTo(Origin.BUILT_IN);
            assertThat(stored.template().status()).isEqualTo(Status.ACTIVE);
            assertThat(stored.template().tags()).isNotEmpty();
        });
    }

    private List<String> tagged(String tag) {
        TemplateFilter filter = new TemplateFilter(null, null, tag, null, null);
        List<String> names = new ArrayList<>();
        for (Stored<Template> stored : builtIn.all(NOTIFICATION)) {
            if (filter.admits(stored.template())) {
                names.add(stored.template().uniqueName());
            }
        }
        return names;
    }

    @Test
    void templates_of_sessions_are_the_same_without_notifications_and_presence_states() {
        BuiltInTemplates forSessions = BuiltInTemplates.loadForSessions();

        assertThat(forSessions.all(NOTIFICATION)).isEmpty();
        assertThat(forSessions.all(TemplateKind.PRESENCE_STATE)).isEmpty();
        for (TemplateKind kind : TemplateKind.values()) {
            if (kind != NOTIFICATION && kind != TemplateKind.PRESENCE_STATE) {
                assertThat(forSessions.all(kind)).isEqualTo(builtIn.all(kind));
            }
        }
    }

    @Test
    void each_basic_state_has_a_presence_state() {
        BuiltInTemplates forPresence = BuiltInTemplates.loadForPresence();

        assertThat(forPresence.all(TemplateKind.PRESENCE_STATE))
                .isEqualTo(builtIn.all(TemplateKind.PRESENCE_STATE))
                .extracting(stored -> ((PresenceState) stored.template()).basicState())
                .contains(BasicState.values());
        assertThat(forPresence.all(NOTIFICATION)).isEmpty();
    }

    @Test
    void names_are_case_sensitive_in_lookups_and_case_insensitive_as_reserved_names() {
        assertThat(builtIn.find(SESSION, "MSDYN_chat_session")).isNull();
        assertThat(builtIn.find(TAB, "msdyn_chat_session")).isNull();
        assertThat(builtIn.findReserved(SESSION, "MSDYN_chat_session")).isNotNull();
        assertThat(builtIn.findReserved(SESSION, "CallSessionTemplate")).isNull();
        assertThat(builtIn.findReserved(SESSION, "contoso_call")).isNull();
    }

    @Test
    void built_in_templates_are_immutable_for_their_callers() {
        builtIn.all(SESSION).clear();

        assertThat(builtIn.all(SESSION)).hasSize(13);
        assertThat(List.copyOf(builtIn.all(TAB))).hasSize(8);
    }

    private SessionTemplate session(String uniqueName) {
        return (SessionTemplate) Objects.requireNonNull(builtIn.find(SESSION, uniqueName), uniqueName)
                .template();
    }

    private ApplicationTabTemplate tab(String uniqueName) {
        return (ApplicationTabTemplate) Objects.requireNonNull(builtIn.find(TAB, uniqueName), uniqueName)
                .template();
    }
}
