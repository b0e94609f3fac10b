package io.switchboard.callrecords.model;

import static io.switchboard.callrecords.model.Bodies.content;
import static io.switchboard.callrecords.model.Bodies.object;
import static io.switchboard.callrecords.model.Bodies.patched;
import static io.switchboard.callrecords.model.Bodies.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.json.Violations;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContentPatchTest {
    private static final String STORED = "'isTest':false,'failureInfo':{'stage':'midcall','reason':'r'},"
            + "'caller':{'name':'n','userAgent':{'platform':'web','headerValue':'h'},'associatedIdentity':"
            + "{'@odata.type':'microsoft.graph.callRecords.userIdentity','id':'1','tenantId':'t','more':{'a':1,'b':{'c':2}}}},"
            + "'callee':{},'segments':[{'id':'g','startDateTime':'2026-03-04T09:15:02Z','endDateTime':'2026-03-04T09:21:47Z'}]";

    private final Map<String, @Nullable Object> stored = content(session(STORED));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | ",
                "{'isTest':true} | 'isTest':true",
                "{'isTest':null} | 'isTest':null",
                "{'failureInfo':null} | 'failureInfo':null",
                "{'failureInfo':{'reason':null}} | 'failureInfo':{'stage':'midcall'}",
                "{'failureInfo':{'stage':'callSetup'}} | 'failureInfo':{'stage':'callSetup','reason':'r'}",
                "{'failureInfo':{'stage':'unknownFutureValue','reason':'s'}} | 'failureInfo':{'stage':'midcall','reason':'s'}",
                "{'modalities':['video','unknownFutureValue']} | 'modalities':['video']",
                "{'modalities':['unknownFutureValue']} | 'modalities':['audio']",
                "{'id':'other'} | 'id':'s'",
                "{'segments':[]} | 'segments':[]",
                "{'callee':{'name':'x'}} | 'callee':{'@odata.type':'#microsoft.graph.callRecords.participantEndpoint','name':'x'}",
                "{'callee':{'userAgent':{}}} | ",
                "{'callee':{'@odata.type':'microsoft.graph.callRecords.serviceEndpoint'}} |"
                        + " 'callee':{'@odata.type':'#microsoft.graph.callRecords.serviceEndpoint'}",
                "{'callee':{'@odata.type':'#microsoft.graph.callRecords.endpoint','userAgent':{'role':'gateway'}}} |"
                        + " 'callee':{'@odata.type':'#microsoft.graph.callRecords.endpoint','userAgent':"
                        + "{'@odata.type':'#microsoft.graph.callRecords.serviceUserAgent','role':'gateway'}}",
                "{'caller':{'@odata.type':'#microsoft.graph.callRecords.endpoint'}} |"
                        + " 'caller':{'@odata.type':'#microsoft.graph.callRecords.endpoint'}",
                "{'caller':{'@odata.type':'#microsoft.graph.callRecords.serviceEndpoint','userAgent':null}} |"
                        + " 'caller':{'@odata.type':'#microsoft.graph.callRecords.serviceEndpoint'}"
            })
    void maps_merge_null_removes_and_arrays_are_replaced(String patch, @Nullable String changed) {
        Map<String, @Nullable Object> expected = content(session(STORED));
        if (changed != null) {
            expected.putAll(object("{" + changed + "}"));
            expected.values().removeIf(Objects::isNull);
        }
        String before = Json.write(stored);

        assertThat(patched(stored, object(patch))).isEqualTo(expected);
        assertThat(Json.write(stored)).isEqualTo(before);
    }

    @Test
    void patch_without_type_merges_into_the_stored_object() {
        Map<String, @Nullable Object> patched = patched(
                stored,
                object(
                        "{'caller':{'userAgent':{'headerValue':'new'},'associatedIdentity':{'displayName':'d','id':null}}}"));

        assertThat(patched.get("caller"))
                .isEqualTo(object("{'@odata.type':'#microsoft.graph.callRecords.participantEndpoint',"
                        + "'name':'n','userAgent':{'@odata.type':'#microsoft.graph.callRecords.clientUserAgent','platform':'web','headerValue':'new'},"
                        + "'associatedIdentity':{'@odata.type':'#microsoft.graph.callRecords.userIdentity','displayName':'d','tenantId':'t',"
                        + "'more':{'a':1,'b':{'c':2}}}}"));
    }

    @Test
    void patch_that_names_the_same_type_merges() {
        Map<String, @Nullable Object> patched = patched(
                stored,
                object("{'caller':{'@odata.type':'microsoft.graph.callRecords.participantEndpoint','cpuName':'c'}}"));

        assertThat(((Map<?, ?>) Objects.requireNonNull(patched.get("caller"))).keySet())
                .isEqualTo(Set.of("@odata.type", "name", "userAgent", "associatedIdentity", "cpuName"));
    }

    @Test
    void dynamic_maps_merge_too() {
        assertThat(patched(
                                stored,
                                object(
                                        "{'caller':{'associatedIdentity':{'more':{'a':null,'b':{'d':[null]},'e':{'f':null}},'tenantId':null}}}"))
                        .get("caller"))
                .extracting("associatedIdentity")
                .isEqualTo(object("{'@odata.type':'#microsoft.graph.callRecords.userIdentity','id':'1',"
                        + "'more':{'b':{'c':2,'d':[null]},'e':{}}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'startDateTime':null} | notNullable startDateTime",
                "{'modalities':null} | notNullable modalities",
                "{'failureInfo':{'stage':null}} | notNullable failureInfo.stage",
                "{'foo':null} | unknownProperty foo",
                "{'caller':{'foo':1}} | unknownProperty caller.foo",
                "{'caller':{'userAgent':{'platform':'web','role':'gateway'}}} | ambiguousType caller.userAgent",
                "{'segments':[{'id':'h'}]} | required segments[0].startDateTime, required segments[0].endDateTime",
                "{'segments':[{'id':'h','startDateTime':'2026-03-04T09:15:02Z','endDateTime':'2026-03-04T09:21:47Z',"
                        + "'caller':{'userAgent':{'headerValue':'x'}}}]} | ambiguousType segments[0].caller.userAgent"
            })
    void violations_of_the_patch_are_reported_when_it_is_read(String patch, String violations) {
        assertThat(Bodies.brief(Bodies.violations(CallRecordTypes.session(), Purpose.PATCH, object(patch))))
                .containsExactly(violations.split(", "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'caller':{'userAgent':{'role':'gateway'}}} | unknownProperty caller.userAgent.role",
                "{'callee':{'userAgent':{'headerValue':'x'}}} | ambiguousType callee.userAgent",
                "{'caller':{'associatedIdentity':{'userPrincipalName':7}}} | wrongType caller.associatedIdentity.userPrincipalName",
                "{'caller':{'@odata.type':'#microsoft.graph.callRecords.serviceEndpoint','userAgent':{'headerValue':'x'}}} |"
                        + " ambiguousType caller.userAgent"
            })
    void violations_of_the_result_are_reported_when_it_is_applied(String patch, String violation) {
        assertThat(Bodies.violations(CallRecordTypes.session(), Purpose.PATCH, object(patch)))
                .isEmpty();
        Violations violations = new Violations();
        patched(stored, object(patch), violations);
        assertThat(Bodies.brief(violations.all())).containsExactly(violation);
    }

    @Test
    void patch_does_not_require_required_properties() {
        assertThat(Bodies.violations(CallRecordTypes.callRecord(), Purpose.PATCH, object("{}")))
                .isEmpty();
    }
}
