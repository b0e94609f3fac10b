package io.switchboard.template;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A presence state ({@code docs/reference/presence.md}): a name that users choose for what they do, such as "Lunch".
 *
 * @param basicState the basic state of the users who have chosen it
 */
public record PresenceState(
        String uniqueName,
        String name,
        @Nullable String description,
        List<String> tags,
        Status status,
        BasicState basicState)
        implements Template {
    public PresenceState {
        tags = List.copyOf(tags);
    }

    @Override
    public TemplateKind kind() {
        return TemplateKind.PRESENCE_STATE;
    }

    @Override
    public Set<String> references() {
        return Set.of();
    }
}
