package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.graph.models.ChangeNotification;
import com.microsoft.graph.models.ChangeType;
import com.microsoft.graph.models.Subscription;
import com.microsoft.graph.models.callrecords.CallRecord;
import com.microsoft.graph.models.callrecords.CallType;
import com.microsoft.graph.models.callrecords.Modality;
import com.microsoft.graph.models.odataerrors.ErrorDetails;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Microsoft Graph's client for Java subscribes to call records, and what is told is in the form of Graph's models. */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // all that the client gives may be null: then the test fails, as it should
class GraphSdkNotificationsTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String tenant = UUID.randomUUID().toString();
    private final String id = UUID.randomUUID().toString();

    private GraphServiceClient graph;

    private Subscriber subscriber;

    @BeforeEach
    void listen(GraphApi api) throws Exception {
        graph = api.client(api.token("tenant=" + tenant + "&scope=CallRecords.ReadWrite.All"));
        subscriber = new Subscriber();
    }

    @AfterEach
    void hang_up() {
        subscriber.close();
    }

    private static Subscription wanted(String url, String changeType, String clientState) {
        Subscription subscription = new Subscription();
        subscription.setChangeType(changeType);
        subscription.setNotificationUrl(url);
        subscription.setResource("/communications/callRecords");
        subscription.setExpirationDateTime(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(2).truncatedTo(ChronoUnit.SECONDS));
        subscription.setClientState(clientState);
        return subscription;
    }

    @Test
    void a_subscriber_is_told_of_a_new_record_and_of_a_higher_version_within_seconds() throws Exception {
        Subscription subscription =
                graph.subscriptions().post(wanted(subscriber.url(), "created,updated", "only we know"));
        assertThat(subscription.getClientState()).isEqualTo("only we know");
        assertThat(Payloads.leftOver(subscription)).isEmpty();

        graph.communications().callRecords().byCallRecordId(id).sessions().post(Payloads.exampleSession("pstn"));
        List<ChangeNotification> first = subscriber.told(2, LIMIT);
        assertThat(first)
                .extracting(ChangeNotification::getChangeType)
                .containsExactlyInAnyOrder(ChangeType.Created, ChangeType.Updated);
        assertThat(first).allSatisfy(told -> {
            assertThat(told.getSubscriptionId()).isEqualTo(subscription.getId());
            assertThat(told.getClientState()).isEqualTo("only we know");
            assertThat(told.getTenantId()).hasToString(tenant);
            assertThat(told.getSubscriptionExpirationDateTime()).isEqualTo(subscription.getExpirationDateTime());
            assertThat(told.getResource()).isEqualTo("communications/callRecords/" + id);
            assertThat(told.getResourceData().getOdataType()).isEqualTo("#Microsoft.Graph.callrecord");
            assertThat(told.getResourceData().getAdditionalData().get("id")).hasToString(id);
            assertThat(Payloads.leftOver(told))
                    .containsExactly("ChangeNotification.resourceData.@odata.id", "ChangeNotification.resourceData.id");
        });

        graph.communications().callRecords().byCallRecordId(id).sessions().post(Payloads.brief("another", START));
        CallRecord whole = new CallRecord();
        whole.setId(id);
        whole.setVersion(1L);
        whole.setType(CallType.GroupCall);
        whole.setModalities(List.of(Modality.Audio));
        whole.setStartDateTime(START);
        whole.setEndDateTime(START.plusHours(1));
        graph.communications().callRecords().post(whole);
        assertThat(subscriber.told(3, LIMIT).getLast().getChangeType()).isEqualTo(ChangeType.Updated);

        String next = UUID.randomUUID().toString();
        graph.communications().callRecords().byCallRecordId(next).sessions().post(Payloads.brief("one", START));
        assertThat(subscriber.told(5, LIMIT))
                .as("nothing more of the first record: a further session is no news")
                .filteredOn(told -> !told.getResource().endsWith(id))
                .hasSize(2);
    }

    @Test
    void a_subscription_is_read_listed_renewed_and_deleted() throws Exception {
        Subscription kept = graph.subscriptions().post(wanted(subscriber.url(), "created", "kept"));
        Subscription deleted = graph.subscriptions().post(wanted(subscriber.url(), "created", "deleted"));
        assertThat(graph.subscriptions().get().getValue())
                .extracting(Subscription::getId)
                .containsExactlyInAnyOrder(kept.getId(), deleted.getId());
        Subscription read = graph.subscriptions().bySubscriptionId(kept.getId()).get();
        OffsetDateTime later = OffsetDateTime.now(ZoneOffset.UTC).plusDays(2).truncatedTo(ChronoUnit.SECONDS);
        read.setExpirationDateTime(later);
        assertThat(graph.subscriptions()
                        .bySubscriptionId(kept.getId())
                        .patch(read)
                        .getExpirationDateTime())
                .isEqualTo(later);
        graph.subscriptions().bySubscriptionId(deleted.getId()).delete();
        assertThat(catchThrowableOfType(
                                ODataError.class,
                                () -> graph.subscriptions()
                                        .bySubscriptionId(deleted.getId())
                                        .get())
                        .getResponseStatusCode())
                .isEqualTo(404);
        graph.communications().callRecords().byCallRecordId(id).sessions().post(Payloads.brief("one", START));
        ChangeNotification told = subscriber.told(1, LIMIT).getFirst();
        assertThat(told.getClientState()).isEqualTo("kept");
        assertThat(told.getSubscriptionExpirationDateTime()).isEqualTo(later);
    }

    @Test
    void an_endpoint_that_does_not_answer_the_handshake_is_refused() {
        ODataError error = catchThrowableOfType(
                ODataError.class,
                () -> graph.subscriptions()
                        .post(wanted(subscriber.url().replace("/told", "/elsewhere"), "created", "c")));
        assertThat(error.getResponseStatusCode()).isEqualTo(400);
        assertThat(error.getError().getDetails())
                .singleElement()
                .extracting(ErrorDetails::getCode, ErrorDetails::getTarget)
                .containsExactly("validationFailed", "notificationUrl");
    }
}
