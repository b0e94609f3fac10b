package io.switchboard.callrecords.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored session.
 *
 * @param content the content, of type session; {@code segments} are inline if requested (an empty list if there are
 *     none), otherwise absent
 * @param revision the number of changes; used as the entity tag
 */
public record CallSession(SessionKey key, Map<String, @Nullable Object> content, long revision) {}
