package io.switchboard.offer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The purpose of an offer.
 *
 * @param conversationId the conversation, which the session receives; null for none
 * @param cancellationToken the sender's name for withdrawing the offer; null for none
 * @param correlationId the id of the creating request; null for none
 * @param session the request for the session that opens when a user accepts, as it was sent; null for none
 * @param handOver the existing session that moves when a user accepts; null for none
 */
public record OfferPurpose(
        @Nullable String conversationId,
        @Nullable String cancellationToken,
        @Nullable String correlationId,
        @Nullable Map<String, Object> session,
        @Nullable OfferedHandOver handOver) {
    public OfferPurpose {
        session = session == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(session));
    }

    /** Creates the purpose of an offer that hands no session over. */
    public OfferPurpose(
            @Nullable String conversationId,
            @Nullable String cancellationToken,
            @Nullable String correlationId,
            @Nullable Map<String, Object> session) {
        this(conversationId, cancellationToken, correlationId, session, null);
    }
}
