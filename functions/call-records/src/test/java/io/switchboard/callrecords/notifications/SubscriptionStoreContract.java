package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Race;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of every subscription store. */
abstract class SubscriptionStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String DESK = TestSubscriptions.APPLICATION;

    private final String tenant = "tenant #%" + UUID.randomUUID();

    protected abstract SubscriptionStore store();

    private Subscription subscription(String id) {
        return TestSubscriptions.of(tenant, id, NOW);
    }

    private Subscription created(String id) {
        Subscription subscription = subscription(id);
        assertThat(store().create(subscription, null, NOW)).isEqualTo(new SubscriptionOutcome.Created(subscription));
        return subscription;
    }

    @Test
    void created_subscription_is_read_unchanged() {
        Subscription full = created("a");
        Subscription bare = new Subscription(
                tenant,
                "b",
                "",
                "",
                "communications/callRecords",
                List.of(ChangeType.UPDATED),
                "https://x.example",
                null,
                null,
                null,
                NOW.plus(HOUR));
        store().create(bare, null, NOW);

        assertThat(store().read(tenant, "a", NOW)).contains(full);
        assertThat(store().read(tenant, "b", NOW)).contains(bare);
        assertThat(store().all(tenant, NOW)).containsExactly(full, bare);
    }

    @Test
    void subscription_is_absent_to_another_tenant() {
        created("a");
        String other = tenant + "#SUBSCRIPTION";

        assertThat(store().read(other, "a", NOW)).isEmpty();
        assertThat(store().all(other, NOW)).isEmpty();
        assertThat(store().delete(other, DESK, "a", NOW)).isFalse();
        assertThat(store().change(other, DESK, "a", found -> found.expiring(NOW), NOW))
                .isEmpty();
        assertThat(store().read(tenant, "a", NOW)).isPresent();
    }

    @Test
    void another_application_cannot_list_change_or_delete() {
        Subscription mine = created("a");

        assertThat(store().list(tenant, "other", new PageRequest(null, 10), NOW))
                .isEqualTo(new Page<>(List.of(), null));
        assertThat(store().delete(tenant, "other", "a", NOW)).isFalse();
        assertThat(store().change(tenant, "other", "a", found -> found.expiring(NOW), NOW))
                .isEmpty();
        assertThat(store().read(tenant, "a", NOW)).contains(mine);
    }

    @Test
    void special_ids_find_no_other_item() {
        created("a");

        for (String id : List.of("", "A", "a#", "#a", "../a", "S", "x".repeat(2_000), "\uD800")) {
            assertThat(store().read(tenant, id, NOW)).as(id).isEmpty();
            assertThat(store().delete(tenant, DESK, id, NOW)).as(id).isFalse();
        }
    }

    @Test
    void expired_subscription_is_absent() {
        Subscription subscription = created("a");
        Instant end = subscription.expires();

        assertThat(store().read(tenant, "a", end.minusMillis(1))).contains(subscription);
        assertThat(store().read(tenant, "a", end)).isEmpty();
        assertThat(store().all(tenant, end)).isEmpty();
        assertThat(store().list(tenant, DESK, new PageRequest(null, 10), end).items())
                .isEmpty();
        assertThat(store().change(tenant, DESK, "a", found -> found.expiring(end.plus(HOUR)), end))
                .isEmpty();
        assertThat(store().delete(tenant, DESK, "a", end)).isFalse();
        assertThat(store().create(TestSubscriptions.of(tenant, "a", end), null, end))
                .isInstanceOf(SubscriptionOutcome.Created.class);
    }

    @Test
    void expired_subscription_can_still_be_read_for_its_last_notification() {
        Subscription subscription = created("a");

        assertThat(store().readEnded(tenant, "a")).contains(subscription);
        store().delete(tenant, DESK, "a", NOW);
        assertThat(store().readEnded(tenant, "a")).isEmpty();
        assertThat(store().readEnded(tenant, "b")).isEmpty();
    }

    @Test
    void status_is_stored_and_a_removed_subscription_is_absent_except_for_its_last_notification() {
        Subscription before = created("a");
        Subscription suspended = before.with(new SubscriptionStatus(NOW.minusSeconds(9), NOW, null));
        Subscription removed = before.with(new SubscriptionStatus(null, null, NOW));
        assertThat(store().change(tenant, DESK, "a", found -> suspended, NOW)).contains(suspended);
        assertThat(store().read(tenant, "a", NOW)).contains(suspended);
        assertThat(store().all(tenant, NOW)).as("it has a slot").containsExactly(suspended);

        assertThat(store().change(tenant, DESK, "a", found -> removed, NOW)).contains(removed);

        assertThat(store().read(tenant, "a", NOW)).isEmpty();
        assertThat(store().all(tenant, NOW)).isEmpty();
        assertThat(store().change(tenant, DESK, "a", found -> before, NOW)).isEmpty();
        assertThat(store().delete(tenant, DESK, "a", NOW)).isFalse();
        assertThat(store().readEnded(tenant, "a")).contains(removed);
    }

    @Test
    void change_is_stored() {
        Subscription before = created("a");
        Subscription after = before.expiring(NOW.plus(HOUR).plus(HOUR)).notifying("https://elsewhere.example");

        assertThat(store().change(
                                tenant,
                                DESK,
                                "a",
                                found -> found.expiring(after.expires()).notifying(after.notificationUrl()),
                                NOW))
                .contains(after);
        assertThat(store().read(tenant, "a", NOW.plus(HOUR))).contains(after);
        assertThat(store().change(tenant, DESK, "a", found -> found, NOW)).contains(after);
    }

    @Test
    void concurrent_changes_are_all_made() {
        created("a");

        Race.run(
                8,
                i -> store().change(
                                tenant, DESK, "a", found -> found.notifying(found.notificationUrl() + "/" + i), NOW));

        assertThat(store().read(tenant, "a", NOW).map(Subscription::notificationUrl))
                .hasValueSatisfying(url -> assertThat(url.substring("https://subscriber.example/notify/".length())
                                .split("/", -1))
                        .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7"));
    }

    @Test
    void concurrent_deletes_succeed_once() {
        created("a");

        assertThat(Race.run(4, i -> store().delete(tenant, DESK, "a", NOW))).containsOnlyOnce(true);
        assertThat(store().read(tenant, "a", NOW)).isEmpty();
        assertThat(store().all(tenant, NOW)).isEmpty();
        assertThat(store().list(tenant, DESK, new PageRequest(null, 10), NOW).items())
                .isEmpty();
    }

    @Test
    void each_page_continues_after_the_previous_one() {
        List<Subscription> mine = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            mine.add(created("mine-" + (char) ('a' + i)));
            Subscription other = TestSubscriptions.of(tenant, "mine-" + (char) ('a' + i) + "+", "other", NOW);
            store().create(other, null, NOW);
        }

        List<Subscription> found = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<Subscription> page = store().list(tenant, DESK, new PageRequest(after, 5), NOW);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(5);
            found.addAll(page.items());
            after = page.next();
        } while (after != null);

        assertThat(found).isEqualTo(mine);
    }

    @Test
    void repeated_request_returns_the_current_subscription() {
        Subscription before = subscription("a");
        store().create(before, "hash", NOW);
        Subscription after = before.notifying("https://elsewhere.example");
        store().change(tenant, DESK, "a", found -> after, NOW);

        assertThat(store().create(before, "hash", NOW)).isEqualTo(new SubscriptionOutcome.Replayed(after));
        assertThat(store().replay(tenant, "a", "hash", NOW)).contains(new SubscriptionOutcome.Replayed(after));
        assertThat(store().create(before, "other", NOW)).isEqualTo(new SubscriptionOutcome.KeyReused());
        assertThat(store().replay(tenant, "a", "other", NOW)).contains(new SubscriptionOutcome.KeyReused());
        assertThat(store().replay(tenant, "b", "hash", NOW)).isEmpty();
    }

    @Test
    void concurrent_repeats_create_once_and_replay_otherwise() {
        Subscription wanted = subscription("a");

        List<SubscriptionOutcome> outcomes = Race.run(8, i -> store().create(wanted, "hash", NOW));

        assertThat(outcomes).containsOnlyOnce(new SubscriptionOutcome.Created(wanted));
        assertThat(outcomes.stream().distinct())
                .containsExactlyInAnyOrder(
                        new SubscriptionOutcome.Created(wanted), new SubscriptionOutcome.Replayed(wanted));
    }

    @Test
    void request_is_recognised_for_a_day_after_its_subscription_was_deleted() {
        Subscription wanted = subscription("a");
        store().create(wanted, "hash", NOW);
        store().delete(tenant, DESK, "a", NOW);
        Instant end = NOW.plus(SubscriptionStore.MEMORY);

        assertThat(store().replay(tenant, "a", "hash", end.minusSeconds(1))).contains(new SubscriptionOutcome.Gone());
        assertThat(store().create(wanted, "hash", NOW)).isEqualTo(new SubscriptionOutcome.Gone());
        assertThat(store().create(wanted, "other", NOW)).isEqualTo(new SubscriptionOutcome.KeyReused());
        assertThat(store().replay(tenant, "a", "hash", end)).isEmpty();
        assertThat(store().create(TestSubscriptions.of(tenant, "a", end), "hash", end))
                .isInstanceOf(SubscriptionOutcome.Created.class);
    }

    @Test
    void request_is_recognised_for_a_day_after_its_subscription_has_expired() {
        Subscription wanted = subscription("a");
        store().create(wanted, "hash", NOW);
        Instant end = wanted.expires().plus(SubscriptionStore.MEMORY);

        assertThat(store().replay(tenant, "a", "hash", wanted.expires())).contains(new SubscriptionOutcome.Gone());
        assertThat(store().replay(tenant, "a", "hash", end.minusSeconds(1))).contains(new SubscriptionOutcome.Gone());
        assertThat(store().replay(tenant, "a", "hash", end)).isEmpty();
    }

    @Test
    void renewal_extends_the_recognition_of_the_request() {
        Subscription wanted = subscription("a");
        store().create(wanted, "hash", NOW);
        Instant later = NOW.plus(Duration.ofDays(2));
        store().change(tenant, DESK, "a", found -> found.expiring(later), NOW);

        assertThat(store().replay(tenant, "a", "hash", later.minusSeconds(1)))
                .contains(new SubscriptionOutcome.Replayed(wanted.expiring(later)));
    }

    @Test
    void concurrent_creations_do_not_exceed_the_limit_of_100() {
        for (int i = 0; i < SubscriptionStore.MOST - 3; i++) {
            created("a" + i);
        }

        List<SubscriptionOutcome> outcomes = Race.run(8, i -> store().create(subscription("b" + i), null, NOW));

        assertThat(outcomes.stream().filter(SubscriptionOutcome.Created.class::isInstance))
                .hasSize(3);
        assertThat(outcomes)
                .filteredOn(SubscriptionOutcome.LimitReached.class::isInstance)
                .hasSize(5);
        assertThat(store().all(tenant, NOW)).hasSize(SubscriptionStore.MOST);
        assertThat(store().create(TestSubscriptions.of(tenant + "2", "a", NOW), null, NOW))
                .isInstanceOf(SubscriptionOutcome.Created.class);
    }

    @Test
    void deleted_and_expired_subscriptions_free_their_slots() {
        for (int i = 0; i < SubscriptionStore.MOST; i++) {
            assertThat(store().create(subscription("a" + i), "hash" + i, NOW))
                    .isInstanceOf(SubscriptionOutcome.Created.class);
        }
        assertThat(store().create(subscription("b"), "hash", NOW)).isEqualTo(new SubscriptionOutcome.LimitReached());
        assertThat(store().create(subscription("a7"), "hash7", NOW))
                .as("a replay")
                .isInstanceOf(SubscriptionOutcome.Replayed.class);

        store().delete(tenant, DESK, "a7", NOW);
        assertThat(store().create(subscription("b"), "hash", NOW)).isInstanceOf(SubscriptionOutcome.Created.class);

        Instant later = NOW.plus(HOUR);
        assertThat(store().create(TestSubscriptions.of(tenant, "c", later), null, later))
                .isInstanceOf(SubscriptionOutcome.Created.class);
        assertThat(Optional.of(store().all(tenant, later).size())).hasValue(1);
    }

    private void fail(int times, Instant now) {
        for (int i = 0; i < times; i++) {
            assertThat(store().beginValidations(tenant, 1, now)).isNull();
            store().endValidations(tenant, 1, 1, now);
        }
    }

    @Test
    void twenty_validations_may_fail_within_an_hour() {
        fail(10, NOW);
        fail(10, NOW.plusSeconds(60));

        assertThat(store().beginValidations(tenant, 1, NOW.plusSeconds(3_599))).isEqualTo(NOW.plus(HOUR));
        assertThat(store().beginValidations(tenant, 1, NOW.plus(HOUR))).isNull();
    }

    @Test
    void window_slides_with_each_failure() {
        fail(1, NOW);
        fail(19, NOW.plusSeconds(1_800));
        fail(1, NOW.plusSeconds(3_600));

        assertThat(store().beginValidations(tenant, 1, NOW.plusSeconds(3_601))).isEqualTo(NOW.plusSeconds(5_400));
    }

    @Test
    void validation_that_succeeds_does_not_count() {
        for (int i = 0; i < 50; i++) {
            assertThat(store().beginValidations(tenant, 2, NOW)).isNull();
            store().endValidations(tenant, 2, 0, NOW);
        }

        fail(20, NOW);
    }

    @Test
    void request_with_two_endpoints_requires_two_free_validations() {
        fail(19, NOW);

        assertThat(store().beginValidations(tenant, 2, NOW)).isEqualTo(NOW.plus(HOUR));
        assertThat(store().beginValidations(tenant, 1, NOW)).isNull();
    }

    @Test
    void only_failed_endpoints_of_a_request_count() {
        fail(18, NOW);
        assertThat(store().beginValidations(tenant, 2, NOW)).isNull();
        store().endValidations(tenant, 2, 1, NOW);

        fail(1, NOW);
        assertThat(store().beginValidations(tenant, 1, NOW)).isEqualTo(NOW.plus(HOUR));
    }

    @Test
    void failures_of_one_tenant_do_not_count_for_another() {
        fail(20, NOW);

        assertThat(store().beginValidations(tenant + "2", 1, NOW)).isNull();
    }

    @Test
    void unfinished_validation_counts_for_half_a_minute() {
        assertThat(store().beginValidations(tenant, 20, NOW)).isNull();

        assertThat(store().beginValidations(tenant, 1, NOW)).isEqualTo(NOW.plusSeconds(30));
        fail(20, NOW.plusSeconds(30));
    }

    @Test
    void concurrent_validations_do_not_exceed_the_limit() {
        List<Optional<Instant>> outcomes =
                Race.run(30, i -> Optional.ofNullable(store().beginValidations(tenant, 1, NOW)));

        assertThat(outcomes.stream().filter(Optional::isEmpty)).hasSize(20);
    }
}
