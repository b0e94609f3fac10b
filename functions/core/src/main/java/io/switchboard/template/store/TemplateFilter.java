package io.switchboard.template.store;

import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Template;
import org.jspecify.annotations.Nullable;

/**
 * Which templates of a list are wanted; null for all.
 *
 * @param type session templates of this type
 * @param entity session templates for this entity
 * @param namePrefix what the unique name or the display name begins with, without regard to case
 */
public record TemplateFilter(
        @Nullable SessionType type,
        @Nullable Status status,
        @Nullable String tag,
        @Nullable String entity,
        @Nullable String namePrefix) {
    /** Everything. */
    public static final TemplateFilter ALL = new TemplateFilter(null, null, null, null, null);

    /** Whether a template is wanted. */
    public boolean admits(Template template) {
        if (status != null && status != template.status()) {
            return false;
        }
        if (tag != null && !template.tags().contains(tag)) {
            return false;
        }
        if (namePrefix != null && !beginsWithPrefix(template.uniqueName()) && !beginsWithPrefix(template.name())) {
            return false;
        }
        if (type == null && entity == null) {
            return true;
        }
        return template instanceof SessionTemplate session
                && (type == null || type == session.type())
                && (entity == null || entity.equals(session.entity()));
    }

    private boolean beginsWithPrefix(String name) {
        return namePrefix != null && name.regionMatches(true, 0, namePrefix, 0, namePrefix.length());
    }

    /** Whether a page may have to look at more items than it shows. */
    public boolean isSelective() {
        return type != null || status != null || tag != null || entity != null || namePrefix != null;
    }
}
