package io.switchboard.callrecords.model;

import static io.switchboard.callrecords.model.Bodies.content;
import static io.switchboard.callrecords.model.Bodies.object;
import static io.switchboard.callrecords.model.Bodies.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests equality of normal forms and the effect of posting the same key again with the same cases. */
final class ReconciliationTest {
    private static final EntityType SESSION = CallRecordTypes.session();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'isTest':true | 'isTest':true",
                "'startDateTime':'2026-03-04T10:15:02.500+01:00' | 'startDateTime':'2026-03-04T09:15:02.5Z'",
                "'modalities':['audio','video'] | 'modalities':['video','audio','video']",
                "'isTest':null | 'segments':[]",
                "'caller':{'cpuCoresCount':4} | 'caller':{'cpuCoresCount':4.0}",
                "'caller':{'cpuCoresCount':400} | 'caller':{'cpuCoresCount':4E2}",
                "'caller':{'associatedIdentity':{'x':1.10}} | 'caller':{'associatedIdentity':{'x':1.1,'y':null,'z':[]}}",
                "'caller':{'associatedIdentity':{'x':1E2147483646}} | 'caller':{'associatedIdentity':{'x':1E2147483646}}",
                "'caller':{'associatedIdentity':{'x':100E2147483647}} | 'caller':{'associatedIdentity':{'x':100E2147483647}}",
                "'caller':{'identity':{'a':{'id':'1','@odata.type':'#x'}}} | 'caller':{'identity':{'a':{'@odata.type':'y','id':'1'}}}",
                "'segments':[{'media':[{'streams':[{'averageJitter':'PT60S'}]}],S}] |"
                        + " 'segments':[{S,'media':[{'streams':[{'averageJitter':'PT1M0.0S'}]}]}]",
                "'caller':{} | 'caller':{'@odata.type':'#microsoft.graph.callRecords.endpoint'}"
            })
    void equal_values_in_another_notation_are_equal(String stored, String posted) {
        Map<String, @Nullable Object> first = of(stored);
        Map<String, @Nullable Object> second = of(posted);

        assertThat(SESSION.normal(first)).isEqualTo(SESSION.normal(second));
        assertThat(Json.write(SESSION.normal(first))).isEqualTo(Json.write(SESSION.normal(second)));
        assertThat(SESSION.reconcile(first, second)).isEqualTo(new Reconciled.Same());
        assertThat(SESSION.reconcile(second, first)).isEqualTo(new Reconciled.Same());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'modalities':['audio','data'] | 'modalities':['audio','unknownFutureValue']",
                "'modalities':['audio'] | 'modalities':['unknownFutureValue']",
                "'failureInfo':{'stage':'midcall'} | 'failureInfo':{'stage':'unknownFutureValue'}"
            })
    void sentinel_matches_any_stored_member_and_a_member_replaces_a_stored_sentinel(String member, String sentinel) {
        Map<String, @Nullable Object> real = of(member);
        Map<String, @Nullable Object> unknown = of(sentinel);

        assertThat(SESSION.reconcile(real, unknown)).isEqualTo(new Reconciled.Same());
        assertThat(SESSION.reconcile(unknown, unknown)).isEqualTo(new Reconciled.Same());
        assertThat(SESSION.reconcile(unknown, real)).isEqualTo(new Reconciled.Filled(real));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'modalities':['audio','unknownFutureValue'] | 'modalities':['audio'] | modalities",
                "'modalities':['audio'] | 'modalities':['video','unknownFutureValue'] | modalities",
                "'isTest':true | 'isTest':false | isTest",
                "'startDateTime':'2026-03-04T09:15:02Z' | 'startDateTime':'2026-03-04T09:15:02.000000000001Z' | startDateTime",
                "'modalities':['audio'] | 'modalities':['audio','video'] | modalities",
                "'modalities':['audio','video'] | 'modalities':['audio'] | modalities",
                "'caller':{'name':'a'} | 'caller':{'name':'b'} | caller.name",
                "'caller':{'name':'a','cpuName':'c'} | 'caller':{'name':'a','cpuName':'d'} | caller.cpuName",
                "'caller':{'associatedIdentity':{'x':1}} | 'caller':{'associatedIdentity':{'x':'1'}} | caller.associatedIdentity.x",
                "'caller':{'associatedIdentity':{'x':{'y':1}}} | 'caller':{'associatedIdentity':{'x':{'y':2}}} | caller.associatedIdentity.x.y",
                "'caller':{'associatedIdentity':{'x':[1,2]}} | 'caller':{'associatedIdentity':{'x':[2,1]}} | caller.associatedIdentity.x[0]",
                "'caller':{'associatedIdentity':{'x':[1]}} | 'caller':{'associatedIdentity':{'x':{}}} | caller.associatedIdentity.x",
                "'caller':{'associatedIdentity':{'x':'2026-03-04T09:15:02Z'}} | 'caller':{'associatedIdentity':{'x':'2026-03-04T09:15:02.0Z'}} |"
                        + " caller.associatedIdentity.x",
                "'segments':[{'caller':{'name':'a'},S}] | 'segments':[{'caller':{'name':'b'},S}] | segments[0].caller.name",
                "'segments':[{S}] | 'segments':[{S},{S}] | segments",
                "'segments':[{S},{S}] | 'segments':[{S}] | segments",
                "'caller':{'@odata.type':'#microsoft.graph.callRecords.serviceEndpoint'} | 'caller':{'name':'b'} | caller.@odata.type"
            })
    void changed_value_is_reported(String stored, String posted, String target) {
        assertThat(SESSION.normal(of(stored))).isNotEqualTo(SESSION.normal(of(posted)));
        assertThat(SESSION.reconcile(of(stored), of(posted))).isEqualTo(new Reconciled.Different(target));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                " | 'isTest':true | 'isTest':true",
                "'isTest':false | 'failureInfo':{'stage':'midcall'} | 'isTest':false,'failureInfo':{'stage':'midcall'}",
                "'segments':[] | 'segments':[{S}] | 'segments':[{S}]",
                "'caller':{'name':'a'} | 'caller':{'cpuName':'c'} | 'caller':{'name':'a','cpuName':'c'}",
                "'segments':[{S},{S,'media':[{'label':'l','streams':[]}]}] | 'segments':[{S},{S,'media':[{'streams':[{'streamId':'1'}]}]}] |"
                        + " 'segments':[{S},{S,'media':[{'label':'l','streams':[{'streamId':'1'}]}]}]",
                "'caller':{} | 'caller':{'name':'a'} | 'caller':{'name':'a'}",
                "'caller':{'associatedIdentity':{'x':{'y':1}}} | 'caller':{'associatedIdentity':{'x':{'z':2}}} |"
                        + " 'caller':{'associatedIdentity':{'x':{'y':1,'z':2}}}",
                "'caller':{'associatedIdentity':{'id':'1'}} |"
                        + " 'caller':{'associatedIdentity':{'@odata.type':'microsoft.graph.communicationsPhoneIdentity'}} |"
                        + " 'caller':{'associatedIdentity':{'@odata.type':'microsoft.graph.communicationsPhoneIdentity','id':'1'}}",
                "'startDateTime':'2026-03-04T09:15:02.0Z' | 'isTest':true,'startDateTime':'2026-03-04T09:15:02Z' |"
                        + " 'startDateTime':'2026-03-04T09:15:02.0Z','isTest':true"
            })
    void what_was_missing_is_filled_and_what_was_there_stays_as_written(
            @Nullable String stored, String posted, String filled) {
        Map<String, @Nullable Object> before = of(stored == null ? "" : stored);
        String written = Json.write(before);

        assertThat(SESSION.reconcile(before, of(posted))).isEqualTo(new Reconciled.Filled(of(filled)));
        assertThat(SESSION.normal(before)).isNotEqualTo(SESSION.normal(of(filled)));
        assertThat(Json.write(before)).isEqualTo(written);
        // A subset of the stored content adds nothing.
        assertThat(SESSION.reconcile(of(filled), of(posted))).isEqualTo(new Reconciled.Same());
        assertThat(SESSION.reconcile(of(filled), before)).isEqualTo(new Reconciled.Same());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'caller':{'associatedIdentity':{'userPrincipalName':7}} |"
                        + " 'caller':{'associatedIdentity':{'@odata.type':'microsoft.graph.userIdentity'}} |"
                        + " caller.associatedIdentity.userPrincipalName"
            })
    void type_that_does_not_match_the_stored_object_is_a_difference(String stored, String posted, String target) {
        assertThat(SESSION.reconcile(of(stored), of(posted))).isEqualTo(new Reconciled.Different(target));
    }

    /** Content of a session; {@code S} stands for what a segment requires. */
    private static Map<String, @Nullable Object> of(String members) {
        Map<String, @Nullable Object> body = session("");
        body.putAll(object("{"
                + members.replace("S}", "'startDateTime':'2026-03-04T09:15:02Z','endDateTime':'2026-03-04T09:21:47Z'}")
                        .replace("S,", "'startDateTime':'2026-03-04T09:15:02Z','endDateTime':'2026-03-04T09:21:47Z',")
                + "}"));
        return content(body);
    }
}
