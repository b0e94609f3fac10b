package io.switchboard.session.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.json.Json;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferAttempt;
import io.switchboard.offer.OfferContent;
import io.switchboard.offer.OfferEnd;
import io.switchboard.offer.OfferPurpose;
import io.switchboard.offer.OfferResult;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferTarget;
import io.switchboard.offer.OfferedHandOver;
import io.switchboard.offer.SenderId;
import io.switchboard.slug.Warning;
import io.switchboard.template.DesktopNotification;
import io.switchboard.template.NotificationField;
import io.switchboard.template.Theme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documents of this release stay readable: {@code offers-schema-1.json} holds them as this release writes them. */
final class StoredOfferDocumentTest {
    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00.5Z");
    private static final String ID = "2f1c8a34-6c1d-4b52-9a5e-3d0b7c9e4f10";

    private static Offer usual() {
        return TestOffers.offer(ID, NOW, 3_600, List.of("ann"));
    }

    /** Returns an offer without any default. */
    private static Offer unusual() {
        OfferEnd accepted = new OfferEnd(OfferResult.ACCEPT, NOW.plusSeconds(70));
        return new Offer(
                ID,
                new SenderId("", "carl"),
                new OfferContent(
                        "contoso_incoming",
                        0,
                        "Ada",
                        "/webresources/contoso.svg",
                        List.of(new NotificationField("empty", null, null)),
                        false,
                        0,
                        true,
                        true,
                        "Take",
                        false,
                        "Leave",
                        DesktopNotification.ALWAYS,
                        Theme.LIGHT),
                new OfferPurpose(
                        null,
                        null,
                        "correlation",
                        null,
                        new OfferedHandOver("0b9a1c5e-3a68-4f0e-9d57-6f0c3d2f8a01", "carl", "contoso_call", "Urgent")),
                new OfferAttempt(
                        2,
                        NOW.plusSeconds(60),
                        NOW.plusSeconds(90),
                        List.of(
                                new OfferTarget("eve", NOW.plusSeconds(61), accepted),
                                new OfferTarget(
                                        "fay", null, new OfferEnd(OfferResult.DECLINED, NOW.plusSeconds(65), "lunch"))),
                        List.of(new OfferStep(List.of("gil"), 10), new OfferStep(List.of("hal", "ida"), 3_600))),
                List.of(new OfferTarget("ann", null, new OfferEnd(OfferResult.QUEUE_TIMEOUT, NOW.plusSeconds(60)))),
                accepted,
                "eve",
                "0b9a1c5e-3a68-4f0e-9d57-6f0c3d2f8a01",
                NOW,
                List.of(new Warning("textCut", "The title was cut.", "title")),
                7);
    }

    private static Map<String, Object> examples() throws IOException {
        try (InputStream resource =
                requireNonNull(StoredOfferDocumentTest.class.getResourceAsStream("/stored/offers-schema-1.json"))) {
            Map<String, Object> examples = new LinkedHashMap<>();
            Json.readOwn(new String(resource.readAllBytes(), StandardCharsets.UTF_8))
                    .forEach((name, example) -> examples.put(name, requireNonNull(example)));
            return examples;
        }
    }

    @Test
    void documents_are_written_like_the_examples_and_read_back() throws IOException {
        Map<String, Object> examples = examples();

        assertThat(Json.readOwn(StoredOfferDocument.write(usual()))).isEqualTo(examples.get("usual"));
        assertThat(Json.readOwn(StoredOfferDocument.write(unusual()))).isEqualTo(examples.get("unusual"));
        assertThat(StoredOfferDocument.read(ID, Json.write(examples.get("usual")), 1))
                .isEqualTo(usual());
        assertThat(StoredOfferDocument.read(ID, Json.write(examples.get("unusual")), 7))
                .isEqualTo(unusual());
    }

    @Test
    void document_of_a_later_release_is_rejected() {
        String later = StoredOfferDocument.write(usual()).replace("\"schema\":1", "\"schema\":2");

        assertThatThrownBy(() -> StoredOfferDocument.read(ID, later, 1)).hasMessageContaining("schema");
    }

    @Test
    void size_is_that_of_the_document() {
        assertThat(StoredOfferDocument.size(usual()))
                .isEqualTo(StoredOfferDocument.write(usual()).getBytes(StandardCharsets.UTF_8).length)
                .isLessThan(700);
    }
}
