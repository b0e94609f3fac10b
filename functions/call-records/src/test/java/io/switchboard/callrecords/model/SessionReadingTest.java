package io.switchboard.callrecords.model;

import static io.switchboard.callrecords.model.Bodies.content;
import static io.switchboard.callrecords.model.Bodies.found;
import static io.switchboard.callrecords.model.Bodies.object;
import static io.switchboard.callrecords.model.Bodies.segment;
import static io.switchboard.callrecords.model.Bodies.session;
import static io.switchboard.callrecords.model.Bodies.stream;
import static io.switchboard.callrecords.model.Bodies.violations;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionReadingTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'@odata.context':'x'}", "{'id':'s','isTest':true,'segments':[]}"})
    void body_without_any_required_property_reports_them_with_a_link_to_the_backing_stores(String body) {
        List<Violation> violations = violations(object(body));

        assertThat(Bodies.brief(violations)).containsExactly("required modalities");
        assertThat(violations.getFirst().message())
                .startsWith("modalities, startDateTime and endDateTime are required. Graph's SDKs send only")
                .endsWith("docs/reference/call-records.md#backing-stores");
    }

    @Test
    void body_with_a_required_property_reports_the_other_ones() {
        assertThat(found(object("{'modalities':['audio']}")))
                .containsExactly("required startDateTime", "required endDateTime");
    }

    @Test
    void sentinel_is_kept_alone_and_in_a_collection() {
        Map<String, @Nullable Object> body = session("'failureInfo':{'stage':'unknownFutureValue'}");
        body.put("modalities", List.of("unknownFutureValue", "audio"));

        assertThat(content(body)).isEqualTo(body);
    }

    @Test
    void instant_without_seconds_is_kept_with_seconds() {
        assertThat(content(with(session(""), "'startDateTime':'2026-03-04T09:15+01:00'")))
                .containsEntry("startDateTime", "2026-03-04T09:15:00+01:00");
    }

    @Test
    void duration_in_the_notation_of_python_is_kept_in_that_of_iso() {
        assertThat(content(stream("'averageJitter':'0:00:00.016000'")))
                .isEqualTo(content(stream("'averageJitter':'PT0.016S'")));
    }

    @Test
    void duration_that_the_sdk_for_go_has_shortened_is_reported_with_the_cause() {
        assertThat(violations(stream("'averageJitter':'P'")).getFirst().message())
                .endsWith("Graph's SDK for Go drops the fractions of a second and sends P for a shorter duration.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "emailIdentity", "servicePrincipalIdentity", "sharePointIdentity", "sharePointGroupIdentity",
                "provisionedIdentity", "provisioningSystem", "provisioningServicePrincipal", "teamworkTagIdentity",
                "initiator", "teamworkUserIdentity", "teamworkApplicationIdentity", "teamworkConversationIdentity"
            })
    void identity_of_each_subtype_is_kept_with_its_type(String type) {
        Map<String, @Nullable Object> body = session(
                ("'caller':{'@odata.type':'#microsoft.graph.callRecords.participantEndpoint','associatedIdentity':"
                                + "{'@odata.type':'#microsoft.graph.%1$s','id':'u','more':1},'identity':{'user':"
                                + "{'@odata.type':'#microsoft.graph.%1$s'}}}")
                        .formatted(type));

        assertThat(content(body)).isEqualTo(body);
        assertThat(CallRecordTypes.session().show(content(body), Projection.ALL).get("caller"))
                .isEqualTo(body.get("caller"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'modalities':null | notNullable modalities",
                "'modalities':'audio' | wrongType modalities",
                "'modalities':[null] | notNullable modalities[0]",
                "'modalities':['audio',1] | wrongType modalities[1]",
                "'modalities':['unknown'] | invalidEnumMember modalities[0]",
                "'modalities':['Audio'] | invalidEnumMember modalities[0]",
                "'startDateTime':null | notNullable startDateTime",
                "'startDateTime':'2026-03-04T09:15:02' | invalidValue startDateTime",
                "'startDateTime':'2026-03-04' | invalidValue startDateTime",
                "'startDateTime':'2026-03-04T09:15' | invalidValue startDateTime",
                "'startDateTime':'2026-03-04T09:15.5Z' | invalidValue startDateTime",
                "'startDateTime':'2026-02-30T09:15:02Z' | invalidValue startDateTime",
                "'startDateTime':1772615702 | wrongType startDateTime",
                "'isTest':'true' | wrongType isTest",
                "'isTest':1 | wrongType isTest",
                "'id':'' | invalidValue id",
                "'id':' ' | invalidValue id",
                "'id':null | notNullable id",
                "'id':7 | wrongType id",
                "'foo':1 | unknownProperty foo",
                "'foo':null | unknownProperty foo",
                "'IsTest':true | unknownProperty IsTest",
                "'segments':{} | wrongType segments",
                "'segments':[null] | notNullable segments[0]",
                "'segments':[[]] | wrongType segments[0]",
                "'segments':[{'id':'g','endDateTime':'2026-03-04T09:21:47Z'}] | required segments[0].startDateTime",
                "'failureInfo':[] | wrongType failureInfo",
                "'failureInfo':{'stage':null} | notNullable failureInfo.stage",
                "'failureInfo':{'stage':'late'} | invalidEnumMember failureInfo.stage",
                "'failureInfo':{'stage':true} | wrongType failureInfo.stage",
                "'failureInfo':{'reason':1} | wrongType failureInfo.reason"
            })
    void violation_of_a_session_is_reported(String member, String violation) {
        assertThat(found(with(session(""), member))).containsExactly(violation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'streamDirection':'unknownFutureValue' | invalidEnumMember .streamDirection",
                "'streamDirection':null | notNullable .streamDirection",
                "'averageJitter':'6ms' | invalidValue .averageJitter",
                "'averageJitter':'P1Y' | invalidValue .averageJitter",
                "'averageJitter':'PT' | invalidValue .averageJitter",
                "'averageJitter':0.006 | wrongType .averageJitter",
                "'averagePacketLossRate':'0.1' | wrongType .averagePacketLossRate",
                "'averagePacketLossRate':'Infinity' | wrongType .averagePacketLossRate",
                "'averagePacketLossRate':1E39 | invalidValue .averagePacketLossRate",
                "'averagePacketLossRate':1E999999999 | invalidValue .averagePacketLossRate",
                "'packetUtilization':9223372036854775808 | invalidValue .packetUtilization",
                "'packetUtilization':-9223372036854775809 | invalidValue .packetUtilization",
                "'packetUtilization':1E999999999 | invalidValue .packetUtilization",
                "'packetUtilization':1E-999999999 | invalidValue .packetUtilization",
                "'packetUtilization':0.5 | invalidValue .packetUtilization",
                "'packetUtilization':'7' | wrongType .packetUtilization",
                "'wasMediaBypassed':'false' | wrongType .wasMediaBypassed",
                "'averagejitter':'PT1S' | unknownProperty .averagejitter"
            })
    void violation_of_a_nested_value_is_reported_with_its_path(String member, String violation) {
        assertThat(found(stream(member))).containsExactly(violation.replace(" ", " segments[0].media[0].streams[0]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'packetUtilization':9223372036854775807",
                "'packetUtilization':-9223372036854775808",
                "'packetUtilization':1.0",
                "'packetUtilization':1E2",
                "'averagePacketLossRate':0.1",
                "'averagePacketLossRate':3",
                "'averagePacketLossRate':3.4E38",
                "'averagePacketLossRate':1E-999999999",
                "'averagePacketLossRate':'NaN'",
                "'averagePacketLossRate':'INF'",
                "'averagePacketLossRate':'-INF'",
                "'averageJitter':'-P1DT2H3M4.5S'",
                "'startDateTime':'2020-02-25T20:52:46.123456789012+02:00'",
                "'streamId':''"
            })
    void valid_value_is_kept_as_it_was_written(String member) {
        assertThat(content(stream(member))).isEqualTo(stream(member));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'port':2147483648 | invalidValue .port",
                "'port':-2147483649 | invalidValue .port",
                "'port':99999999999999999999 | invalidValue .port",
                "'port':1.5 | invalidValue .port",
                "'port':'80' | wrongType .port",
                "'port':true | wrongType .port",
                "'traceRouteHops':null | notNullable .traceRouteHops",
                "'traceRouteHops':[{'hopCount':'1'}] | wrongType .traceRouteHops[0].hopCount",
                "'wifiBand':null | notNullable .wifiBand"
            })
    void violation_of_a_network_is_reported(String member, String violation) {
        assertThat(found(segment("'media':[{'callerNetwork':{" + member + "}}]")))
                .containsExactly(violation.replace(" ", " segments[0].media[0].callerNetwork"));
    }

    @Test
    void smallest_and_largest_integers_are_valid() {
        String network =
                "'media':[{'callerNetwork':{'port':2147483647,'relayPort':-2147483648,'linkSpeed':9223372036854775807}}]";
        assertThat(content(segment(network))).isEqualTo(segment(network));
    }

    @Test
    void all_violations_are_found_in_one_pass() {
        assertThat(
                        found(
                                object(
                                        "{'modalities':['x'],'startDateTime':1,'foo':2,'segments':[{'media':[{'label':3},{'label':'x','bar':1}]}]}")))
                .containsExactly(
                        "invalidEnumMember modalities[0]",
                        "wrongType startDateTime",
                        "unknownProperty foo",
                        "wrongType segments[0].media[0].label",
                        "unknownProperty segments[0].media[1].bar",
                        "required segments[0].startDateTime",
                        "required segments[0].endDateTime",
                        "required endDateTime");
    }

    @Test
    void at_most_100_violations_are_described_and_the_others_are_counted() {
        String bodyOfMany = "'segments':[" + "{},".repeat(10_000) + "{}]";

        List<Violation> violations = violations(session(bodyOfMany));

        assertThat(violations).hasSize(101);
        assertThat(violations.getLast().code()).isEqualTo("tooMany");
        // Each segment lacks its start and its end.
        assertThat(violations.getLast().message()).startsWith("19902 more problems are not listed");
    }

    @Test
    void elements_are_counted_before_they_are_read() {
        String bodyOfMany = "'segments':[" + "{},".repeat(50_000) + "{}]";

        List<Violation> violations = violations(session(bodyOfMany));

        assertThat(violations).hasSize(1);
        assertThat(violations.getFirst().message())
                .isEqualTo("segments has 50001 elements; at most 50000 are allowed.");
    }

    @Test
    void long_name_is_cut_between_characters() {
        Map<String, @Nullable Object> body = session("");
        body.put("x".repeat(99) + "😀".repeat(1_000_000), 1);

        Violation violation = violations(body).getFirst();

        assertThat(violation.target()).isEqualTo("x".repeat(99) + "…");
        assertThat(violation.message()).hasSizeLessThan(300);
    }

    @Test
    void targets_start_with_the_path_of_the_entity() {
        Violations violations = new Violations();
        CallRecordTypes.segment()
                .read(object("{}"), new ReadContext(Purpose.CREATE, "sessions[1].segments[2]", violations));

        assertThat(Bodies.brief(violations.all()))
                .containsExactly(
                        "required sessions[1].segments[2].startDateTime",
                        "required sessions[1].segments[2].endDateTime");
    }

    @Test
    void messages_state_the_permitted_values() {
        assertThat(message("'modalities':['unknown']"))
                .isEqualTo("modalities[0] must be one of: audio, video, videoBasedScreenSharing, data, screenSharing.");
        assertThat(message("'startDateTime':'x'")).contains("such as 2026-03-04T09:15:02.441Z");
        assertThat(message("'IsTest':true")).contains("use isTest");
        assertThat(message("'isTest':3")).isEqualTo("isTest must be true or false, not a number.");
        assertThat(message("'endDateTime':null"))
                .isEqualTo("endDateTime must not be null. Send a date and time with seconds and offset,"
                        + " such as 2026-03-04T09:15:02.441Z.");
    }

    @Test
    void messages_contain_no_sent_values() {
        for (String member : List.of(
                "'startDateTime':'Nora'",
                "'modalities':['Nora']",
                "'isTest':'Nora'",
                "'caller':{'@odata.type':'Nora'}",
                "'failureInfo':'Nora'")) {
            assertThat(violations(with(session(""), member)).toString()).doesNotContain("Nora");
        }
    }

    @Test
    void annotations_are_ignored_everywhere() {
        assertThat(content(session("'foo@odata.type':'x','@odata.context':1,'@odata.etag':null,"
                        + "'failureInfo':{'@x':1,'stage@y':2,'stage':'midcall','@odata.id':3}")))
                .isEqualTo(session("'failureInfo':{'stage':'midcall'}"));
    }

    @Test
    void nulls_are_absent_and_empty_arrays_stay() {
        assertThat(content(session("'isTest':null,'caller':null,'failureInfo':{'reason':null},'segments':[]")))
                .isEqualTo(session("'failureInfo':{},'segments':[]"));
    }

    @Test
    void id_is_not_required() {
        Map<String, @Nullable Object> body = session("");
        body.remove("id");
        assertThat(content(body)).isEqualTo(body);
    }

    @Test
    void member_beyond_the_sentinel_is_accepted_without_preference() {
        String caller = "'caller':{'@odata.type':'#microsoft.graph.callRecords.participantEndpoint','userAgent':"
                + "{'@odata.type':'#microsoft.graph.callRecords.clientUserAgent','productFamily':'azureCommunicationServices'}}";
        assertThat(content(session(caller))).isEqualTo(session(caller));
    }

    @Test
    void call_record_is_read_with_its_organizer_and_participants() {
        Map<String, @Nullable Object> body = object("{'id':'r','version':1,'type':'groupCall','modalities':['audio'],"
                + "'startDateTime':'2026-03-04T09:15:02Z','endDateTime':'2026-03-04T09:21:47Z',"
                + "'organizer':{'user':{'id':'u','tenantId':'t'},'acsUser':{'id':'a'}},"
                + "'organizer_v2':{'id':'o','identity':{'user':{'id':'u'},'endpointType':'default'},"
                + "'administrativeUnitInfos':[{'id':''}]},"
                + "'participants_v2':[{'id':'p','identity':{'phone':{'id':'+15550100'}}}],'sessions':[]}");
        assertThat(content(CallRecordTypes.callRecord(), body)).isEqualTo(body);

        assertThat(
                        Bodies.brief(
                                violations(
                                        CallRecordTypes.callRecord(),
                                        Purpose.CREATE,
                                        object(
                                                "{'organizer_v2':"
                                                        + "{'id':' ','identity':{'endpointType':'x','user':{'id':1}}},'participants_v2':[{'sessions':[]}]}"))))
                .containsExactly(
                        "invalidValue organizer_v2.id",
                        "invalidEnumMember organizer_v2.identity.endpointType",
                        "wrongType organizer_v2.identity.user.id",
                        "unknownProperty participants_v2[0].sessions",
                        "required version");
    }

    private static String message(String member) {
        List<Violation> violations = violations(with(session(""), member));
        assertThat(violations).hasSize(1);
        return violations.getFirst().message();
    }

    static Map<String, @Nullable Object> with(Map<String, @Nullable Object> body, String member) {
        body.putAll(object("{" + member + "}"));
        return body;
    }
}
