package io.switchboard.template;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an administrator defines: a template of one of the kinds. */
public sealed interface Template permits SessionTemplate, ApplicationTabTemplate, NotificationTemplate, AppProfile {
    /** The longest display name, in characters. */
    int MAXIMUM_NAME = 100;

    /** The largest template, in bytes of its JSON: eight of them, with their versions, fit one transaction of 4 MB. */
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

    /** Labels; {@code templateTag} of a create and {@code tag} of a list look at them. */
    List<String> tags();

    /** Whether it may be used. */
    Status status();

    /** The unique names it refers to, of templates of the kind {@link TemplateKind#referred}. */
    Set<String> references();
}
