package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.graph.communications.callrecords.CallRecordsRequestBuilder;
import com.microsoft.graph.communications.callrecords.item.CallRecordItemRequestBuilder;
import com.microsoft.graph.core.tasks.PageIterator;
import com.microsoft.graph.models.CommunicationsIdentitySet;
import com.microsoft.graph.models.CommunicationsPhoneIdentity;
import com.microsoft.graph.models.Identity;
import com.microsoft.graph.models.callrecords.CallRecord;
import com.microsoft.graph.models.callrecords.CallRecordCollectionResponse;
import com.microsoft.graph.models.callrecords.CallType;
import com.microsoft.graph.models.callrecords.Modality;
import com.microsoft.graph.models.callrecords.Organizer;
import com.microsoft.graph.models.callrecords.Participant;
import com.microsoft.graph.models.callrecords.ParticipantCollectionResponse;
import com.microsoft.graph.models.callrecords.Session;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that Microsoft Graph's unmodified client for Java can write and read call records, their participants and their
 * organizers.
 */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
class GraphSdkRecordsTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:00:00Z");

    private static GraphServiceClient graph;

    @BeforeAll
    static void connect(GraphApi api) {
        graph = api.client();
    }

    private static CallRecordsRequestBuilder records() {
        return graph.communications().callRecords();
    }

    private static CallRecord groupCall(long version) {
        CallRecord record = new CallRecord();
        record.setId(UUID.randomUUID().toString());
        record.setVersion(version);
        record.setType(CallType.GroupCall);
        record.setModalities(List.of(Modality.Audio, Modality.Video));
        record.setStartDateTime(START);
        record.setEndDateTime(START.plusHours(1));
        record.setJoinWebUrl("https://example.org/meet/1");
        return record;
    }

    private static Participant participant(String number) {
        Participant participant = new Participant();
        participant.setIdentity(phone(number));
        return participant;
    }

    private static CommunicationsIdentitySet phone(String number) {
        CommunicationsPhoneIdentity phone = new CommunicationsPhoneIdentity();
        phone.setId(number);
        CommunicationsIdentitySet set = new CommunicationsIdentitySet();
        set.setPhone(phone);
        return set;
    }

    private static Session session(String id) {
        return Payloads.minimalSession(id, START);
    }

    @Test
    void record_with_all_children_is_created_and_read() {
        CallRecord sent = groupCall(1);
        sent.setLastModifiedDateTime(START.plusHours(2));
        Organizer organizer = new Organizer();
        organizer.setIdentity(phone("+15555550100"));
        sent.setOrganizerV2(organizer);
        sent.setParticipantsV2(List.of(participant("+15555550101"), participant("+15555550102")));
        sent.setSessions(List.of(Payloads.exampleSession("group-call"), Payloads.exampleSession("pstn")));
        CallRecord created = records().post(sent);
        CallRecord read = records()
                .byCallRecordId(created.getId())
                .get(request -> request.queryParameters.expand =
                        new String[] {"participants_v2", "sessions($expand=segments)"});
        for (CallRecord response : List.of(created, read)) {
            // Participants get their ids from their identities.
            organizer.setId("+15555550100");
            sent.getParticipantsV2()
                    .forEach(each -> each.setId(each.getIdentity().getPhone().getId()));
            assertThat(response.getSessions()).hasSize(2);
            for (Session session : response.getSessions()) {
                String example = session.getId().startsWith("c0f4") ? "group-call" : "pstn";
                assertThat(Payloads.values(session)).isEqualTo(Payloads.values(Payloads.exampleSession(example)));
            }
            response.setSessions(null);
            sent.setSessions(null);
            response.getAdditionalData().keySet().removeIf(name -> name.endsWith("@odata.context"));
            assertThat(Payloads.values(response)).isEqualTo(Payloads.values(sent));
            assertThat(Payloads.leftOver(response)).isEmpty();
        }
    }

    @Test
    void only_a_higher_version_replaces_a_record_with_its_sessions() {
        CallRecord first = groupCall(5);
        String id = first.getId();
        first.setSessions(List.of(session("early"), session("kept")));
        records().post(first);
        for (long version : new long[] {4, 5}) {
            CallRecord other = groupCall(version);
            other.setId(id);
            other.setType(CallType.PeerToPeer);
            other.setSessions(List.of(session("other")));
            CallRecord response = records().post(other);
            assertThat(response.getVersion()).isEqualTo(5);
            assertThat(response.getType()).isEqualTo(CallType.GroupCall);
            assertThat(sessionIds(id)).containsExactly("early", "kept");
        }
        CallRecord later = groupCall(6);
        later.setId(id);
        later.setSessions(List.of(session("kept"), session("late")));
        assertThat(records().post(later).getVersion()).isEqualTo(6);
        assertThat(sessionIds(id)).containsExactly("kept", "late");
    }

    private static List<String> sessionIds(String record) {
        return records().byCallRecordId(record).sessions().get().getValue().stream()
                .map(Session::getId)
                .toList();
    }

    @Test
    void record_created_by_a_session_can_be_completed_and_keeps_its_sessions() {
        CallRecord whole = groupCall(1);
        String id = whole.getId();
        records().byCallRecordId(id).sessions().post(Payloads.exampleSession("peer-to-peer"));
        CallRecord made = records().byCallRecordId(id).get();
        assertThat(made.getVersion()).isZero();
        assertThat(made.getType()).isEqualTo(CallType.Unknown);
        assertThat(made.getModalities()).containsExactly(Modality.Audio);
        assertThat(records().post(whole).getVersion()).isEqualTo(1);
        assertThat(sessionIds(id)).containsExactly("3f6c1c52-7a0e-4c59-9b1e-2f1f7b0a4d11");
    }

    @Test
    void record_is_patched_and_deleted_with_all_children() {
        CallRecord sent = groupCall(1);
        sent.setSessions(List.of(session("one")));
        CallRecordItemRequestBuilder item =
                records().byCallRecordId(records().post(sent).getId());
        CallRecord read = item.get();
        read.setType(CallType.PeerToPeer);
        read.setJoinWebUrl(null);
        CallRecord patched = item.patch(read);
        assertThat(patched.getType()).isEqualTo(CallType.PeerToPeer);
        assertThat(patched.getJoinWebUrl()).isNull();
        assertThat(patched.getStartDateTime()).isEqualTo(START);
        item.delete();
        for (Runnable reading : List.<Runnable>of(
                item::get, item.sessions()::get, item.sessions().bySessionId("one")::get, item.participantsV2()::get)) {
            ODataError gone = catchThrowableOfType(ODataError.class, reading::run);
            assertThat(gone.getResponseStatusCode()).isEqualTo(404);
        }
    }

    @Test
    void records_are_listed_by_start_and_by_participant(GraphApi api) throws Exception {
        GraphServiceClient own = api.client();
        CallRecordsRequestBuilder records = own.communications().callRecords();
        List<String> ids = new ArrayList<>();
        for (int day = 1; day <= 4; day++) {
            CallRecord record = groupCall(1);
            record.setStartDateTime(OffsetDateTime.of(2026, 3, day, 1, 0, 0, 0, ZoneOffset.ofHours(2)));
            record.setEndDateTime(record.getStartDateTime().plusHours(1));
            record.setParticipantsV2(List.of(participant("+1555555010" + day % 2)));
            ids.add(records.post(record).getId());
        }
        assertThat(listed(own, null)).containsExactlyElementsOf(ids);
        assertThat(records.count().get()).isEqualTo(4);
        assertThat(listed(own, "startDateTime ge 2026-03-01T23:00:00Z and startDateTime lt 2026-03-04T01:00:00+02:00"))
                .containsExactly(ids.get(1), ids.get(2));
        assertThat(listed(own, "participants_v2/any(p:p/id eq '+15555550101')"))
                .containsExactlyInAnyOrder(ids.get(0), ids.get(2));
        assertThat(listed(
                        own, "startDateTime gt 2026-03-01T00:00:00Z and participants_v2/any(p:p/id eq '+15555550101')"))
                .containsExactly(ids.get(2));
        assertThat(records.count()
                        .get(request -> request.queryParameters.filter = "startDateTime ge 2026-03-02T23:00:00Z"))
                .isEqualTo(2);
        CallRecordCollectionResponse selected = records.get(request -> {
            request.queryParameters.select = new String[] {"id", "version"};
            request.queryParameters.count = true;
            request.queryParameters.top = 3;
        });
        assertThat(selected.getOdataCount()).isEqualTo(4);
        assertThat(selected.getValue())
                .hasSize(3)
                .allSatisfy(record ->
                        assertThat(record.getBackingStore().enumerate()).doesNotContainKey("startDateTime"));
    }

    /** Lists with a page size of one. */
    private static List<String> listed(GraphServiceClient own, @Nullable String filter) throws Exception {
        List<String> ids = new ArrayList<>();
        CallRecordCollectionResponse first = own.communications().callRecords().get(request -> {
            if (filter != null) {
                request.queryParameters.filter = filter;
            }
            request.headers.add("Prefer", "odata.maxpagesize=1");
        });
        new PageIterator.Builder<CallRecord, CallRecordCollectionResponse>()
                .client(own)
                .collectionPage(first)
                .collectionPageFactory(CallRecordCollectionResponse::createFromDiscriminatorValue)
                .requestConfigurator(request -> {
                    request.headers.add("Prefer", "odata.maxpagesize=1");
                    return request;
                })
                .processPageItemCallback(record -> ids.add(record.getId()))
                .build()
                .iterate();
        return ids;
    }

    @Test
    void participants_beyond_the_first_page_are_listed_counted_and_expanded() throws Exception {
        CallRecord sent = groupCall(1);
        sent.setParticipantsV2(IntStream.range(0, 134)
                .mapToObj(i -> participant("+1555555%04d".formatted(i)))
                .toList());
        CallRecordItemRequestBuilder item =
                records().byCallRecordId(records().post(sent).getId());
        item.participantsV2().post(participant("+15555559999"));
        ParticipantCollectionResponse first = item.participantsV2().get();
        assertThat(first.getValue()).hasSize(130);
        List<String> numbers = new ArrayList<>();
        new PageIterator.Builder<Participant, ParticipantCollectionResponse>()
                .client(graph)
                .collectionPage(first)
                .collectionPageFactory(ParticipantCollectionResponse::createFromDiscriminatorValue)
                .processPageItemCallback(
                        each -> numbers.add(each.getIdentity().getPhone().getId()))
                .build()
                .iterate();
        assertThat(numbers).hasSize(135).doesNotHaveDuplicates().contains("+15555559999");
        assertThat(item.participantsV2().count().get()).isEqualTo(135);
        CallRecord expanded = item.get(request -> request.queryParameters.expand = new String[] {"participants_v2"});
        assertThat(expanded.getParticipantsV2()).hasSize(130);
        String link = (String) expanded.getAdditionalData().get("participants_v2@odata.nextLink");
        assertThat(item.participantsV2().withUrl(link).get().getValue()).hasSize(5);
    }

    @Test
    void participant_is_created_read_patched_and_deleted() {
        CallRecordItemRequestBuilder item =
                records().byCallRecordId(records().post(groupCall(1)).getId());
        Participant sent = participant("+15555550107");
        sent.setId("p1");
        Participant created = item.participantsV2().post(sent);
        assertThat(Payloads.values(created)).isEqualTo(Payloads.values(sent));
        assertThat(Payloads.leftOver(created)).isEmpty();
        Participant read = item.participantsV2().byParticipantId("p1").get();
        assertThat(read.getIdentity().getPhone()).isInstanceOf(CommunicationsPhoneIdentity.class);
        Identity guest = new Identity();
        guest.setDisplayName("A guest");
        read.getIdentity().setGuest(guest);
        Participant patched = item.participantsV2().byParticipantId("p1").patch(read);
        assertThat(patched.getIdentity().getGuest().getDisplayName()).isEqualTo("A guest");
        assertThat(patched.getIdentity().getPhone().getId()).isEqualTo("+15555550107");
        item.participantsV2().byParticipantId("p1").delete();
        ODataError gone = catchThrowableOfType(
                ODataError.class,
                () -> item.participantsV2().byParticipantId("p1").get());
        assertThat(gone.getResponseStatusCode()).isEqualTo(404);
        assertThat(item.participantsV2().count().get()).isZero();
    }

    @Test
    void organizer_is_read_patched_and_deleted() {
        CallRecord sent = groupCall(1);
        Organizer organizer = new Organizer();
        organizer.setId("o1");
        organizer.setIdentity(phone("+15555550110"));
        sent.setOrganizerV2(organizer);
        CallRecordItemRequestBuilder item =
                records().byCallRecordId(records().post(sent).getId());
        Organizer read = item.organizerV2().get();
        assertThat(Payloads.values(read)).isEqualTo(Payloads.values(organizer));
        assertThat(Payloads.leftOver(read)).isEmpty();
        read.getIdentity().getPhone().setDisplayName("The host");
        assertThat(item.organizerV2().patch(read).getIdentity().getPhone().getDisplayName())
                .isEqualTo("The host");
        item.organizerV2().delete();
        assertThat(item.get().getOrganizerV2()).isNull();
        ODataError gone =
                catchThrowableOfType(ODataError.class, () -> item.organizerV2().get());
        assertThat(gone.getResponseStatusCode()).isEqualTo(404);
    }
}
