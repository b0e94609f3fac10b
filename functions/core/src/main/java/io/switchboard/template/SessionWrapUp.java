package io.switchboard.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wrap-up that a session template asks for when the contact ends.
 *
 * @param isRequired whether a disposition is required
 * @param seconds the time until the deadline; 0 for none
 * @param dispositions the allowed dispositions
 * @param tab the application tab template that opens when the wrap-up starts; null for none
 */
public record SessionWrapUp(
        boolean isRequired,
        int seconds,
        List<String> dispositions,
        @Nullable String tab) {
    /** The longest time until the deadline. */
    public static final int LONGEST_SECONDS = 86_400;

    /** The most dispositions. */
    public static final int MAXIMUM_DISPOSITIONS = 50;

    /** The most characters of a disposition. */
    public static final int LONGEST_DISPOSITION = 100;

    public SessionWrapUp {
        dispositions = List.copyOf(dispositions);
    }
}
