package io.switchboard.offer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DeskOffersTest {
    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");

    private static DeskOffer offer(String id, int queuedAt, int expiresAt, int timeout) {
        return new DeskOffer(id, 1, at(queuedAt), at(expiresAt), timeout, false, null, null);
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private static DeskOffers desk(DeskOffer... offers) {
        DeskOffers desk = DeskOffers.NONE;
        for (DeskOffer offer : offers) {
            desk = desk.with(offer, offer.queued());
        }
        return desk;
    }

    private static DeskOffers.Turn turn(DeskOffers desk, String id) {
        DeskOffers.@Nullable Turn turn = desk.turn(id, 1);
        if (turn == null) {
            throw new AssertionError("The desk does not have " + id);
        }
        return turn;
    }

    @Test
    void first_offer_is_displayed_at_once_and_until_its_timeout() {
        DeskOffers desk = desk(offer("a", 0, 3_600, 20));

        assertThat(turn(desk, "a").isDisplayed(at(0))).isTrue();
        assertThat(turn(desk, "a").isDisplayed(at(19))).isTrue();
        assertThat(turn(desk, "a").hasEnded(at(20))).isTrue();
        assertThat(turn(desk, "a").deadline()).isEqualTo(new OfferEnd(OfferResult.DISPLAY_TIMEOUT, at(20)));
    }

    @Test
    void earlier_deadline_applies() {
        assertThat(turn(desk(offer("a", 0, 10, 20)), "a").end()).isEqualTo(at(10));
        assertThat(turn(desk(offer("a", 0, 10, 0)), "a").end()).isEqualTo(at(10));
    }

    @Test
    void next_offer_is_displayed_from_the_end_of_the_one_before() {
        DeskOffers desk = desk(offer("a", 0, 3_600, 20), offer("b", 5, 3_600, 30), offer("c", 6, 3_600, 0));

        assertThat(turn(desk, "b").start()).isEqualTo(at(20));
        assertThat(turn(desk, "b").end()).isEqualTo(at(50));
        assertThat(turn(desk, "c").start()).isEqualTo(at(50));
        assertThat(desk.pending(at(25)).stream().map(turn -> turn.offer().id())).containsExactly("b", "c");
    }

    @Test
    void offer_that_expires_in_the_queue_is_never_displayed() {
        DeskOffers desk = desk(offer("a", 0, 3_600, 60), offer("b", 5, 30, 30), offer("c", 6, 3_600, 0));

        assertThat(turn(desk, "b").start()).isNull();
        assertThat(turn(desk, "b").deadline()).isEqualTo(new OfferEnd(OfferResult.QUEUE_TIMEOUT, at(30)));
        assertThat(turn(desk, "c").start()).isEqualTo(at(60));
    }

    @Test
    void answer_displays_the_next_offer_at_that_time() {
        DeskOffers desk =
                desk(offer("a", 0, 3_600, 60), offer("b", 5, 3_600, 30)).without("a", at(10));

        assertThat(desk.entries()).hasSize(1);
        assertThat(turn(desk, "b").start()).isEqualTo(at(10));
        assertThat(turn(desk, "b").end()).isEqualTo(at(40));
    }

    @Test
    void end_that_was_added_without_reading_the_desk_displays_the_next_offer_at_that_time() {
        DeskOffers desk =
                desk(offer("a", 0, 3_600, 60), offer("b", 5, 3_600, 30)).ended(Map.of("a", at(10)));

        assertThat(turn(desk, "a").hasEnded(at(10))).isTrue();
        assertThat(turn(desk, "b").start()).isEqualTo(at(10));
    }

    @Test
    void eleven_offers_fill_a_desk() {
        DeskOffers desk = DeskOffers.NONE;
        for (int i = 0; i < DeskOffers.MOST; i++) {
            assertThat(desk.isFull(at(0))).isFalse();
            desk = desk.with(offer("o" + i, 0, 3_600, 20), at(0));
        }

        assertThat(desk.isFull(at(0))).isTrue();
        assertThat(desk.isFull(at(20))).isFalse();
    }

    @Test
    void ended_offers_without_a_stored_end_do_not_pile_up() {
        DeskOffers desk = DeskOffers.NONE;
        for (int i = 0; i < 200; i++) {
            desk = desk.with(offer("o" + i, i, 3_600, 1), at(i));
        }

        assertThat(desk.entries()).hasSizeLessThan(60);
        assertThat(turn(desk, "o199").start()).isEqualTo(at(199));
    }

    /** A write must not change what the desk showed before, or what it shows afterwards if nothing else happens. */
    @Test
    void writes_do_not_change_the_turns_of_other_offers() {
        SplittableRandom random = new SplittableRandom(20);
        for (int walk = 0; walk < 300; walk++) {
            DeskOffers desk = DeskOffers.NONE;
            int now = 0;
            for (int step = 0; step < 60; step++) {
                now += random.nextInt(4);
                Map<String, DeskOffers.Turn> before = turns(desk);
                if (random.nextInt(3) > 0 && !desk.isFull(at(now))) {
                    String id = walk + "-" + step;
                    desk = desk.with(offer(id, now, now + 1 + random.nextInt(40), random.nextInt(15)), at(now));
                    before.remove(id);
                    assertSame(before, turns(desk), now, desk.entries().size());
                } else if (!desk.entries().isEmpty()) {
                    DeskOffer ended =
                            desk.entries().get(random.nextInt(desk.entries().size()));
                    boolean wasOver = turn(desk, ended.id()).hasEnded(at(now));
                    desk = desk.without(ended.id(), at(now));
                    before.remove(ended.id());
                    if (wasOver) {
                        assertSame(before, turns(desk), now, desk.entries().size());
                    }
                }
                assertAtMostOneDisplayed(desk);
            }
        }
    }

    private static Map<String, DeskOffers.Turn> turns(DeskOffers desk) {
        Map<String, DeskOffers.Turn> turns = new HashMap<>();
        desk.turns().forEach(turn -> turns.put(turn.offer().id(), turn));
        return turns;
    }

    private static void assertSame(
            Map<String, DeskOffers.Turn> before, Map<String, DeskOffers.Turn> after, int now, int size) {
        assertThat(size).as("entries at %s", now).isLessThan(70);
        before.forEach((id, turn) -> {
            DeskOffers.@Nullable Turn same = after.get(id);
            if (same != null) {
                assertThat(same.start()).as("start of %s", id).isEqualTo(turn.start());
                assertThat(same.end()).as("end of %s", id).isEqualTo(turn.end());
            }
        });
    }

    private static void assertAtMostOneDisplayed(DeskOffers desk) {
        List<DeskOffers.Turn> displayed = new ArrayList<>(desk.turns());
        displayed.removeIf(turn -> turn.start() == null);
        for (int i = 1; i < displayed.size(); i++) {
            assertThat(displayed.get(i).start())
                    .as("turns do not overlap: %s", desk)
                    .isAfterOrEqualTo(displayed.get(i - 1).end());
        }
    }
}
