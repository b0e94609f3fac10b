package io.switchboard.callrecords.model;

import static io.switchboard.callrecords.model.Bodies.brief;
import static io.switchboard.callrecords.model.Bodies.content;
import static io.switchboard.callrecords.model.Bodies.object;
import static io.switchboard.callrecords.model.Bodies.segment;
import static io.switchboard.callrecords.model.Bodies.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the lenient reader, which keeps what Graph adds. */
final class MirrorTest {
    private static final EntityType SESSION = CallRecordTypes.session();

    private final Violations violations = new Violations();
    private final Violations warnings = new Violations();

    private Map<String, @Nullable Object> read(Map<String, @Nullable Object> body) {
        return SESSION.read(body, new ReadContext(Purpose.CREATE, "", violations, warnings));
    }

    private Map<String, @Nullable Object> readWith(String member) {
        return read(SessionReadingTest.with(session(""), member));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'foo':1 | unknownProperty foo",
                "'IsTest':true | unknownProperty IsTest",
                "'foo':{'a':[1,null,{'b':'c'}]} | unknownProperty foo",
                "'modalities':['audio','hologram'] | invalidEnumMember modalities[1]",
                "'modalities':['Audio'] | invalidEnumMember modalities[0]",
                "'failureInfo':{'stage':'late','foo':1} | invalidEnumMember failureInfo.stage, unknownProperty failureInfo.foo",
                "'failureInfo':{'@odata.type':'#microsoft.graph.callRecords.detailedFailureInfo','reason':'r'} |"
                        + " wrongTypeName failureInfo.@odata.type",
                "'callee':{'@odata.type':'#microsoft.graph.callRecords.serviceEndpoint','name':'x'} |"
                        + " unknownProperty callee.name",
                "'caller':{'@odata.type':'#microsoft.graph.callRecords.botEndpoint','name':'x','botId':'b'} |"
                        + " wrongTypeName caller.@odata.type, unknownProperty caller.botId",
                "'caller':{'@odata.type':'#microsoft.graph.callRecords.participantEndpoint','associatedIdentity':"
                        + "{'@odata.type':'#microsoft.graph.robotIdentity','id':'r','model':1}} |"
                        + " wrongTypeName caller.associatedIdentity.@odata.type",
                "'caller':{'@odata.type':'#microsoft.graph.callRecords.endpoint','userAgent':"
                        + "{'@odata.type':'#microsoft.graph.callRecords.botUserAgent','headerValue':'x','botId':'b'}} |"
                        + " wrongTypeName caller.userAgent.@odata.type, unknownProperty caller.userAgent.botId",
                "'@odata.type':'#microsoft.graph.callRecords.sessionOfBots' | wrongTypeName @odata.type"
            })
    void unknown_member_is_kept_shown_and_compared_with_a_warning(String member, String expected) {
        Map<String, @Nullable Object> body = SessionReadingTest.with(session(""), member);

        Map<String, @Nullable Object> content = read(body);

        assertThat(violations.all()).isEmpty();
        assertThat(brief(warnings.all())).containsExactlyInAnyOrder(expected.split(", "));
        assertThat(warnings.all())
                .allSatisfy(each -> assertThat(each.message()).endsWith("It is stored as it was sent."));
        assertThat(content).isEqualTo(body);
        assertThat(SESSION.show(content, Projection.ALL)).containsAllEntriesOf(body);
        assertThat(SESSION.normal(content)).isNotEqualTo(SESSION.normal(content(session(""))));
        assertThat(SESSION.reconcile(content, content)).isEqualTo(new Reconciled.Same());
        assertThat(read(content)).isEqualTo(content);
    }

    @Test
    void strict_reader_rejects_what_the_lenient_one_keeps() {
        assertThat(Bodies.found(session("'foo':1,'failureInfo':{'stage':'late','@odata.type':'#later'}")))
                .containsExactlyInAnyOrder("unknownProperty foo", "wrongTypeName failureInfo.@odata.type");
        assertThat(Bodies.found(SessionReadingTest.with(session(""), "'modalities':['hologram']")))
                .containsExactly("invalidEnumMember modalities[0]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'id':null | id",
                "'failureInfo':{'stage':null} | failureInfo.stage",
                "'caller':{'feedback':{'rating':null}} | caller.feedback.rating"
            })
    void null_of_a_property_that_is_not_nullable_is_absent(String member, String target) {
        Map<String, @Nullable Object> content = readWith(member);

        assertThat(violations.all()).isEmpty();
        assertThat(brief(warnings.all())).containsExactly("notNullable " + target);
        assertThat(content.toString()).doesNotContain("null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'modalities':null | notNullable modalities",
                "'startDateTime':null | notNullable startDateTime",
                "'startDateTime':'2026-03-04' | invalidValue startDateTime",
                "'modalities':['au dio'] | invalidEnumMember modalities[0]",
                "'modalities':[''] | invalidEnumMember modalities[0]",
                "'modalities':['1a'] | invalidEnumMember modalities[0]",
                "'modalities':[null] | notNullable modalities[0]",
                "'isTest':'yes' | wrongType isTest",
                "'caller':{'@odata.type':1} | wrongType caller.@odata.type",
                "'caller':{'@odata.type':'#microsoft.graph.callRecords.session'} | wrongTypeName caller.@odata.type",
                "'@odata.type':'#microsoft.graph.callRecords.segment' | wrongTypeName @odata.type",
                "'caller':{'userAgent':{'headerValue':'x','foo':1}} | ambiguousType caller.userAgent",
                "'caller':{'@odata.type':'#later','cpuCoresCount':'x'} | wrongType caller.cpuCoresCount"
            })
    void known_members_keep_their_rules(String member, String violation) {
        readWith(member);

        assertThat(brief(violations.all())).containsExactly(violation);
    }

    @Test
    void longest_member_of_an_enum_has_128_characters() {
        readWith("'modalities':['" + "x".repeat(128) + "']");
        assertThat(violations.all()).isEmpty();

        readWith("'modalities':['" + "x".repeat(129) + "']");
        assertThat(brief(violations.all())).containsExactly("invalidEnumMember modalities[0]");
    }

    @Test
    void warnings_name_the_known_spelling_and_contain_no_values() {
        read(SessionReadingTest.with(session("'IsTest':'Nora'"), "'modalities':['AUDIO']"));

        assertThat(warnings.all().toString())
                .contains("the known one is audio", "the known one is isTest")
                .doesNotContain("Nora", "AUDIO");
    }

    @Test
    void at_most_100_warnings_are_described_and_the_others_are_counted() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            members.add("'foo" + i + "':" + i);
        }

        read(session(String.join(",", members)));

        assertThat(warnings.first()).hasSize(100);
        assertThat(warnings.others()).isEqualTo(150);
    }

    @Test
    void unknown_members_are_shown_as_sent_and_known_ones_follow_the_preference() {
        Map<String, @Nullable Object> content = read(session("'caller':{'@odata.type':"
                + "'#microsoft.graph.callRecords.participantEndpoint','userAgent':{'@odata.type':"
                + "'#microsoft.graph.callRecords.clientUserAgent','platform':'linux','productFamily':"
                + "'azureCommunicationServices'}}"));

        assertThat(SESSION.show(content, Projection.ALL).toString())
                .contains("platform=linux", "productFamily=unknownFutureValue");
        assertThat(SESSION.show(content, new Projection(false, true, null)).toString())
                .contains("platform=linux", "productFamily=azureCommunicationServices");
    }

    @Test
    void unknown_properties_are_not_shown_if_others_are_selected() {
        Map<String, @Nullable Object> content = read(session("'foo':1"));

        assertThat(SESSION.show(content, new Projection(false, false, Set.of("id"))))
                .isEqualTo(object("{'id':'s'}"));
    }

    @Test
    void posting_again_fills_and_compares_unknown_members() {
        Map<String, @Nullable Object> before = read(session("'foo':1"));

        assertThat(SESSION.reconcile(before, read(session("'bar':2"))))
                .isEqualTo(new Reconciled.Filled(read(session("'foo':1,'bar':2"))));
        assertThat(SESSION.reconcile(before, read(session("'foo':2")))).isEqualTo(new Reconciled.Different("foo"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'failureInfo':{'@odata.type':'#a'} | 'failureInfo':{'@odata.type':'#b'} | failureInfo.@odata.type",
                "'caller':{'@odata.type':'#a'} | 'caller':{'@odata.type':'#microsoft.graph.callRecords.serviceEndpoint'} |"
                        + " caller.@odata.type",
                "'caller':{'@odata.type':'#microsoft.graph.callRecords.serviceEndpoint'} | 'caller':{'@odata.type':'#a'} |"
                        + " caller.@odata.type"
            })
    void another_unknown_type_is_different(String stored, String posted, String target) {
        assertThat(SESSION.reconcile(read(session(stored)), read(session(posted))))
                .isEqualTo(new Reconciled.Different(target));
    }

    @Test
    void unknown_type_fills_an_object_of_the_declared_type() {
        Map<String, @Nullable Object> before = read(session("'failureInfo':{'reason':'r'}"));
        Map<String, @Nullable Object> typed = read(session("'failureInfo':{'@odata.type':'#a','reason':'r'}"));

        assertThat(SESSION.reconcile(before, typed)).isEqualTo(new Reconciled.Filled(typed));
        assertThat(SESSION.reconcile(typed, before)).isEqualTo(new Reconciled.Same());
    }

    @Test
    void patch_keeps_stored_members_removes_by_null_and_warns_of_its_own_only() {
        Map<String, @Nullable Object> stored = read(session("'foo':1,'bar':{'a':1},'failureInfo':{'stage':'late'}"));
        for (boolean isStrict : new boolean[] {true, false}) {
            Violations rejected = new Violations();
            Violations own = new Violations();
            ReadContext context = new ReadContext(Purpose.PATCH, "", rejected, isStrict ? null : own);

            assertThat(SESSION.patch(stored, SESSION.read(object("{'isTest':true}"), context), context))
                    .isEqualTo(read(session("'foo':1,'bar':{'a':1},'failureInfo':{'stage':'late'},'isTest':true")));
            assertThat(rejected.all()).isEmpty();
            assertThat(own.all()).isEmpty();
        }
        ReadContext context = new ReadContext(Purpose.PATCH, "", violations, new Violations());
        assertThat(SESSION.patch(stored, SESSION.read(object("{'foo':null,'bar':{'b':2}}"), context), context))
                .isEqualTo(read(session("'bar':{'a':1,'b':2},'failureInfo':{'stage':'late'}")));
        assertThat(violations.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'caller':{'userAgent':{'role':'gateway'}}}", "{'failureInfo':{'late':1}}"})
    void strict_patch_rejects_its_unknown_members(String patch) {
        Map<String, @Nullable Object> stored = read(session("'foo':1,'caller':{'userAgent':{'platform':'web'}}"));
        ReadContext context = new ReadContext(Purpose.PATCH, "", violations);

        SESSION.patch(stored, SESSION.read(object(patch), context), context);

        assertThat(brief(violations.all()))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).startsWith("unknownProperty "));
    }

    @Test
    void unknown_property_of_a_segment_is_kept_in_its_place() {
        Map<String, @Nullable Object> body =
                segment("'quality':{'score':4.1},'media':[{'streams':[{'averageMos':4.1}]}]");

        assertThat(read(body)).isEqualTo(body);
        assertThat(brief(warnings.all()))
                .containsExactly(
                        "unknownProperty segments[0].quality",
                        "unknownProperty segments[0].media[0].streams[0].averageMos");
    }
}
