package io.switchboard.callrecords.model;

import static io.switchboard.callrecords.model.Bodies.content;
import static io.switchboard.callrecords.model.Bodies.found;
import static io.switchboard.callrecords.model.Bodies.object;
import static io.switchboard.callrecords.model.Bodies.session;
import static io.switchboard.callrecords.model.Bodies.violations;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TypeInferenceTest {
    private static final String NS = "#microsoft.graph.callRecords.";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {'@odata.type':'#endpoint'}",
                "{'name':'x'} | {'@odata.type':'#participantEndpoint','name':'x'}",
                "{'@odata.type':'serviceEndpoint'} | {'@odata.type':'#serviceEndpoint'}",
                "{'@odata.type':'#endpoint'} | {'@odata.type':'#endpoint'}",
                "{'name':'x','@odata.type':'#participantEndpoint'} | {'@odata.type':'#participantEndpoint','name':'x'}",
                "{'@odata.type':null,'name':'x'} | {'@odata.type':'#participantEndpoint','name':'x'}",
                "{'userAgent':{}} | {'@odata.type':'#endpoint'}",
                "{'userAgent':{'@odata.context':'x'}} | {'@odata.type':'#endpoint'}",
                "{'userAgent':{'role':'gateway'}} | {'@odata.type':'#endpoint','userAgent':{'@odata.type':'#serviceUserAgent','role':'gateway'}}",
                "{'userAgent':{'headerValue':'h','platform':'web'}} |"
                        + " {'@odata.type':'#endpoint','userAgent':{'@odata.type':'#clientUserAgent','headerValue':'h','platform':'web'}}",
                "{'userAgent':{'@odata.type':'clientUserAgent'}} | {'@odata.type':'#endpoint','userAgent':{'@odata.type':'#clientUserAgent'}}",
            })
    void type_is_the_one_sent_or_inferred_from_the_members(String sent, String kept) {
        assertThat(content(session("'caller':" + named(sent)))).isEqualTo(session("'caller':" + named(kept)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'@odata.type':'#session'} | wrongTypeName caller.@odata.type",
                "{'@odata.type':'#clientUserAgent'} | wrongTypeName caller.@odata.type",
                "{'@odata.type':'#Endpoint'} | wrongTypeName caller.@odata.type",
                "{'@odata.type':'##endpoint'} | wrongTypeName caller.@odata.type",
                "{'@odata.type':''} | wrongTypeName caller.@odata.type",
                "{'@odata.type':3} | wrongType caller.@odata.type",
                "{'userAgent':{'@odata.type':'#userAgent'}} | abstractType caller.userAgent.@odata.type",
                "{'userAgent':{'@odata.type':'#endpoint'}} | wrongTypeName caller.userAgent.@odata.type",
                "{'userAgent':{'headerValue':'h'}} | ambiguousType caller.userAgent",
                "{'userAgent':{'platform':'web','role':'gateway'}} | ambiguousType caller.userAgent",
                "{'userAgent':{'Platform':'web'}} | unknownProperty caller.userAgent.Platform",
                "{'userAgent':{'platform':'web','foo':1}} | unknownProperty caller.userAgent.foo",
                "{'userAgent':{'platform':null}} | notNullable caller.userAgent.platform",
                "{'userAgent':{'platform':'teletext'}} | invalidEnumMember caller.userAgent.platform",
                "{'Name':'x'} | unknownProperty caller.Name",
                "{'foo':null} | unknownProperty caller.foo",
                "{'@odata.type':'#serviceEndpoint','name':'x'} | unknownProperty caller.name",
                "{'@odata.type':'#endpoint','name':'x'} | unknownProperty caller.name"
            })
    void invalid_or_ambiguous_type_is_rejected(String sent, String violation) {
        assertThat(found(session("'caller':" + named(sent)))).containsExactly(violation);
    }

    @Test
    void messages_list_the_types_that_can_be_sent() {
        assertThat(violations(session("'caller':{'userAgent':{'headerValue':'h'}}"))
                        .getFirst()
                        .message())
                .contains("matches several types")
                .endsWith("Send its \"@odata.type\", one of: " + NS + "clientUserAgent, " + NS + "serviceUserAgent.");
        assertThat(violations(session("'caller':{'userAgent':{'platform':'web','role':'gateway'}}"))
                        .getFirst()
                        .message())
                .contains("matches no type");
        assertThat(violations(session(named("'caller':{'@odata.type':'#serviceEndpoint','name':'x'}")))
                        .getFirst()
                        .message())
                .contains(NS + "participantEndpoint");
        assertThat(violations(session("'caller':{'Name':'x'}")).getFirst().message())
                .contains("use name");
    }

    @Test
    void root_accepts_only_its_own_type() {
        for (String own :
                new String[] {"#microsoft.graph.callRecords.session", "microsoft.graph.callRecords.session"}) {
            assertThat(content(session("'@odata.type':'" + own + "'"))).isEqualTo(session(""));
        }
        assertThat(found(session("'@odata.type':'#microsoft.graph.callRecords.segment'")))
                .containsExactly("wrongTypeName @odata.type");
        assertThat(
                        found(
                                session(
                                        "'segments':[{'@odata.type':'x','startDateTime':'2026-03-04T09:15:02Z','endDateTime':'2026-03-04T09:15:02Z'}]")))
                .containsExactly("wrongTypeName segments[0].@odata.type");
    }

    @Test
    void only_possible_type_is_checked_and_not_stored() {
        assertThat(content(session("'failureInfo':" + named("{'@odata.type':'#failureInfo','stage':'midcall'}"))))
                .isEqualTo(session("'failureInfo':{'stage':'midcall'}"));
        assertThat(found(session("'failureInfo':" + named("{'@odata.type':'#media','stage':'midcall'}"))))
                .containsExactly("wrongTypeName failureInfo.@odata.type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'1','tenantId':'t'}",
                "{'@odata.type':'#microsoft.graph.communicationsPhoneIdentity','id':'+1'}",
                "{'@odata.type':'#microsoft.graph.callRecords.userIdentity','userPrincipalName':'u','tenantId':'t'}",
                "{'email':7}",
                "{'Id':7,'nested':{'deep':[1,null,{'deeper':1.10}]}}"
            })
    void identity_keeps_unknown_properties(String identity) {
        String caller = named("'caller':{'@odata.type':'#participantEndpoint','associatedIdentity':" + identity + "}");
        assertThat(content(session(caller))).isEqualTo(session(caller));
    }

    @Test
    void declared_properties_of_an_open_type_are_checked() {
        assertThat(found(session("'caller':{'associatedIdentity':{'id':1,"
                        + "'@odata.type':'microsoft.graph.communicationsGuestIdentity','email':7}}")))
                .containsExactly("wrongType caller.associatedIdentity.id", "wrongType caller.associatedIdentity.email");
    }

    @Test
    void open_hierarchy_stores_a_derived_type_with_hash_but_not_the_declared_type() {
        assertThat(
                        content(
                                session(
                                        "'caller':{'associatedIdentity':{'@odata.type':'#microsoft.graph.identity','id':'1'},"
                                                + "'identity':{'@odata.type':'microsoft.graph.communicationsIdentitySet','endpointType':'default'}}")))
                .isEqualTo(
                        session(
                                named(
                                        "'caller':{'@odata.type':'#participantEndpoint','associatedIdentity':{'id':'1'},"
                                                + "'identity':{'@odata.type':'#microsoft.graph.communicationsIdentitySet','endpointType':'default'}}")));
    }

    @Test
    void dynamic_values_keep_only_type_annotations() {
        assertThat(content(session(
                        "'caller':{'identity':{'acsUser':{'@odata.type':'microsoft.graph.identity','id':'1','x@y':1,"
                                + "'gone':null,'list':[{'@odata.id':2,'z':null}]},'spoolUser':null}}")))
                .isEqualTo(session(named("'caller':{'@odata.type':'#participantEndpoint','identity':{'acsUser':"
                        + "{'@odata.type':'#microsoft.graph.identity','id':'1','list':[{}]}}}")));
        assertThat(found(session("'caller':{'identity':{'acsUser':{'@odata.type':5}}}")))
                .containsExactly("wrongType caller.identity.acsUser.@odata.type");
    }

    @Test
    void tokens_accept_any_properties() {
        String feedback = named("'caller':{'@odata.type':'#participantEndpoint','feedback':{'rating':'good','tokens':"
                + "{'Echo':true,'LowVolume':false,'other':'x'}}}");
        assertThat(content(session(feedback))).isEqualTo(session(feedback));
    }

    @Test
    void root_type_is_checked_in_a_patch() {
        assertThat(Bodies.brief(violations(
                        CallRecordTypes.session(),
                        Purpose.PATCH,
                        object("{'@odata.type':'#microsoft.graph.callRecords.media'}"))))
                .containsExactly("wrongTypeName @odata.type");
    }

    /** Expands the short names of the namespace. */
    private static String named(String json) {
        return json.replaceAll("'@odata.type':'(#*)(\\w+)'", "'@odata.type':'$1microsoft.graph.callRecords.$2'");
    }
}
