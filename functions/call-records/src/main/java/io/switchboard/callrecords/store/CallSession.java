package io.switchboard.callrecords.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is stored.
 *
 * @param content of type session; {@code segments} are inline where they were asked for (an empty list where there are
 *     none), else absent
 * @param revision counts changes; its entity tag
 */
public record CallSession(SessionKey key, Map<String, @Nullable Object> content, long revision) {}
