package io.switchboard.template.store;

import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Template;
import org.jspecify.annotations.Nullable;

/**
 * A filter of a list of templates; null components match all.
 *
 * @param type session templates of this type
 * @param entity session templates for this entity
 * @param namePrefix the prefix of the unique name or display name, without regard to case
 */
public record TemplateFilter(
        @Nullable SessionType type,
        @Nullable Status status,
        @Nullable String tag,
        @Nullable String entity,
        @Nullable String namePrefix) {
    /** The filter that matches all templates. */
    public static final TemplateFilter ALL = new TemplateFilter(null, null, null, null, null);

    /** Returns true if a template matches. */
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

    /** Returns true if a page may have to read more items than it returns. */
    public boolean isSelective() {
        return type != null || status != null || tag != null || entity != null || namePrefix != null;
    }
}
