package io.switchboard.callrecords.model;

import static io.switchboard.callrecords.model.Bodies.content;
import static io.switchboard.callrecords.model.Bodies.object;
import static io.switchboard.callrecords.model.Bodies.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ProjectionTest {
    private static final String AGENT =
            "'userAgent':{'@odata.type':'#microsoft.graph.callRecords.clientUserAgent','productFamily':'%s'}";

    private final Map<String, @Nullable Object> stored = content(session("'caller':{"
            + AGENT.formatted("azureCommunicationServices") + "},'failureInfo':{'stage':'midcall'},'segments':[]"));

    @Test
    void entity_returns_all_structural_properties_in_order_with_nulls_only_on_itself() {
        Map<String, @Nullable Object> shown = CallRecordTypes.session().show(stored, Projection.ALL);

        assertThat(shown.keySet())
                .containsExactlyElementsOf(CallRecordTypes.session().properties());
        assertThat(shown).containsEntry("callee", null).containsEntry("isTest", null);
        assertThat(shown.get("failureInfo")).isEqualTo(object("{'stage':'midcall'}"));
    }

    @Test
    void property_that_is_not_nullable_is_omitted_without_a_value() {
        assertThat(CallRecordTypes.callRecord().show(object("{'id':'r'}"), Projection.ALL))
                .isEqualTo(object("{'id':'r','modalities':[],'joinWebUrl':null,'organizer':null,'participants':[]}"));
    }

    @Test
    void collection_without_a_value_is_empty_unless_nulls_are_omitted() {
        Map<String, @Nullable Object> participant = object("{'id':'p'}");

        assertThat(CallRecordTypes.participant().show(participant, Projection.ALL))
                .isEqualTo(object("{'id':'p','administrativeUnitInfos':[],'identity':null}"));
        assertThat(CallRecordTypes.organizer().show(participant, Projection.ALL))
                .containsEntry("administrativeUnitInfos", List.of());
        assertThat(CallRecordTypes.segment().show(object("{'id':'g'}"), Projection.ALL))
                .containsEntry("media", List.of());
        assertThat(CallRecordTypes.participant().show(participant, new Projection(true, false, null)))
                .isEqualTo(participant);
    }

    @Test
    void nulls_are_omitted_if_requested() {
        assertThat(CallRecordTypes.session()
                        .show(stored, new Projection(true, false, null))
                        .keySet())
                .containsExactly("id", "caller", "modalities", "startDateTime", "endDateTime", "failureInfo");
    }

    @Test
    void only_selected_properties_are_returned() {
        assertThat(CallRecordTypes.session().show(stored, new Projection(false, false, Set.of("id", "isTest"))))
                .isEqualTo(object("{'id':'s','isTest':null}"));
    }

    @Test
    void member_beyond_the_sentinel_is_returned_if_requested() {
        assertThat(CallRecordTypes.session().show(stored, Projection.ALL).get("caller"))
                .isEqualTo(object("{'@odata.type':'#microsoft.graph.callRecords.endpoint',"
                        + AGENT.formatted("unknownFutureValue") + "}"));
        assertThat(CallRecordTypes.session()
                        .show(stored, new Projection(false, true, null))
                        .get("caller"))
                .isEqualTo(stored.get("caller"));
    }

    @Test
    void known_members_and_dynamic_values_are_returned_unchanged() {
        Map<String, @Nullable Object> known = content(session("'caller':{" + AGENT.formatted("teams")
                + ",'associatedIdentity':{'productFamily':'azureCommunicationServices','x':[null,{'y':1}]}}"));
        assertThat(CallRecordTypes.session().show(known, Projection.ALL).get("caller"))
                .isEqualTo(known.get("caller"));
    }

    @Test
    void path_selects_a_part_of_a_value_and_keeps_its_type() {
        Map<String, @Nullable Object> stored = object("""
                {'id':'g','caller':{'@odata.type':'#microsoft.graph.callRecords.participantEndpoint','name':'n',
                'userAgent':{'@odata.type':'#microsoft.graph.callRecords.clientUserAgent','platform':'web','headerValue':'h'}},
                'media':[{'label':'a','streams':[{'streamId':'1','averageJitter':'PT1S'}]},{'label':'b'}]}""");
        Projection parts = new Projection(
                false, false, Set.of("caller/userAgent/platform", "media/streams/streamId", "media/label"));

        assertThat(CallRecordTypes.segment().show(stored, parts)).isEqualTo(object("""
                {'caller':{'@odata.type':'#microsoft.graph.callRecords.participantEndpoint',
                'userAgent':{'@odata.type':'#microsoft.graph.callRecords.clientUserAgent','platform':'web'}},
                'media':[{'label':'a','streams':[{'streamId':'1'}]},{'label':'b'}]}"""));
    }
}
