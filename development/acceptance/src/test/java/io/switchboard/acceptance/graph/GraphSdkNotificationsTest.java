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

/**
 * Tests that Microsoft Graph's client for Java can subscribe to call records, and that notifications match Graph's
 * models.
 */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
class GraphSdkNotificationsTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String tenant = UUID.randomUUID().toString();
    private final String id = UUID.randomUUID().toString();

    private GraphServiceClient graph;

    private Subscriber subscriber;

    @BeforeEach
    void start(GraphApi api) throws Exception {
        graph = api.client(api.token("tenant=" + tenant + "&scope=CallRecords.ReadWrite.All"));
        subscriber = new Subscriber();
    }

    @AfterEach
    void stop() {
        subscriber.close();
    }

    private static Subscription requested(String url, String changeType, String clientState) {
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
    void subscriber_is_notified_of_a_new_record_and_a_higher_version_within_seconds() throws Exception {
        Subscription subscription =
                graph.subscriptions().post(requested(subscriber.url(), "created,updated", "client secret"));
        assertThat(subscription.getClientState()).isEqualTo("client secret");
        assertThat(Payloads.leftOver(subscription)).isEmpty();

        graph.communications().callRecords().byCallRecordId(id).sessions().post(Payloads.exampleSession("pstn"));
        List<ChangeNotification> first = subscriber.received(2, LIMIT);
        assertThat(first)
                .extracting(ChangeNotification::getChangeType)
                .containsExactlyInAnyOrder(ChangeType.Created, ChangeType.Updated);
        assertThat(first).allSatisfy(notification -> {
            assertThat(notification.getSubscriptionId()).isEqualTo(subscription.getId());
            assertThat(notification.getClientState()).isEqualTo("client secret");
            assertThat(notification.getTenantId()).hasToString(tenant);
            assertThat(notification.getSubscriptionExpirationDateTime())
                    .isEqualTo(subscription.getExpirationDateTime());
            assertThat(notification.getResource()).isEqualTo("communications/callRecords/" + id);
            assertThat(notification.getResourceData().getOdataType()).isEqualTo("#Microsoft.Graph.callrecord");
            assertThat(notification.getResourceData().getAdditionalData().get("id"))
                    .hasToString(id);
            assertThat(Payloads.leftOver(notification))
                    .containsExactly("ChangeNotification.resourceData.@odata.id", "ChangeNotification.resourceData.id");
        });

        graph.communications()
                .callRecords()
                .byCallRecordId(id)
                .sessions()
                .post(Payloads.minimalSession("another", START));
        CallRecord whole = new CallRecord();
        whole.setId(id);
        whole.setVersion(1L);
        whole.setType(CallType.GroupCall);
        whole.setModalities(List.of(Modality.Audio));
        whole.setStartDateTime(START);
        whole.setEndDateTime(START.plusHours(1));
        graph.communications().callRecords().post(whole);
        assertThat(subscriber.received(3, LIMIT).getLast().getChangeType()).isEqualTo(ChangeType.Updated);

        String next = UUID.randomUUID().toString();
        graph.communications()
                .callRecords()
                .byCallRecordId(next)
                .sessions()
                .post(Payloads.minimalSession("one", START));
        assertThat(subscriber.received(5, LIMIT))
                .as("no notification for another session of the first record")
                .filteredOn(notification -> !notification.getResource().endsWith(id))
                .hasSize(2);
    }

    @Test
    void subscription_is_read_listed_renewed_and_deleted() throws Exception {
        Subscription kept = graph.subscriptions().post(requested(subscriber.url(), "created", "kept"));
        Subscription deleted = graph.subscriptions().post(requested(subscriber.url(), "created", "deleted"));
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
        graph.communications().callRecords().byCallRecordId(id).sessions().post(Payloads.minimalSession("one", START));
        ChangeNotification notification = subscriber.received(1, LIMIT).getFirst();
        assertThat(notification.getClientState()).isEqualTo("kept");
        assertThat(notification.getSubscriptionExpirationDateTime()).isEqualTo(later);
    }

    @Test
    void endpoint_that_fails_the_handshake_is_rejected() {
        ODataError error = catchThrowableOfType(
                ODataError.class,
                () -> graph.subscriptions()
                        .post(requested(subscriber.url().replace("/notifications", "/elsewhere"), "created", "c")));
        assertThat(error.getResponseStatusCode()).isEqualTo(400);
        assertThat(error.getError().getDetails())
                .singleElement()
                .extracting(ErrorDetails::getCode, ErrorDetails::getTarget)
                .containsExactly("validationFailed", "notificationUrl");
    }
}
