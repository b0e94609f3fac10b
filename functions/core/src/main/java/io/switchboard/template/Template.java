package io.switchboard.template;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A template of one of the kinds, defined by an administrator. */
public sealed interface Template
        permits SessionTemplate, ApplicationTabTemplate, NotificationTemplate, AppProfile, PresenceState {
    /** The longest display name, in characters. */
    int MAXIMUM_NAME = 100;

    /** The largest template, in bytes of its JSON. Eight templates with their versions fit one transaction of 4 MB. */
    int MAXIMUM_BYTES = 131_072;

    /** The longest title, in characters. */
    int MAXIMUM_TITLE = 200;

    /** The longest description, in characters. */
    int MAXIMUM_DESCRIPTION = 2_000;

    /** The kind. */
    TemplateKind kind();

    /** The unique name, as it was created. */
    String uniqueName();

    /** The display name. */
    String name();

    /** A description, or null. */
    @Nullable
    String description();

    /** Labels, which {@code templateTag} of a create and {@code tag} of a list match. */
    List<String> tags();

    /** Returns true if the template can be used. */
    Status status();

    /** The unique names of the referenced templates, which are of the kind {@link TemplateKind#referred}. */
    Set<String> references();
}
