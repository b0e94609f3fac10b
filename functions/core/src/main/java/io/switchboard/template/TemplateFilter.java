package io.switchboard.template;

import org.jspecify.annotations.Nullable;

/**
 * Which templates of a list are wanted; null for all.
 *
 * @param type session templates of this type
 * @param entity session templates for this entity
 * @param namePrefix what unique names begin with, without regard to case
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
        if (!UniqueName.key(template.uniqueName()).startsWith(prefixKey())) {
            return false;
        }
        if (type == null && entity == null) {
            return true;
        }
        return template instanceof SessionTemplate session
                && (type == null || type == session.type())
                && (entity == null || entity.equals(session.entity()));
    }

    /** The prefix as keys hold it; empty for none. */
    public String prefixKey() {
        return namePrefix == null ? "" : UniqueName.key(namePrefix);
    }

    /** Whether a page may have to look at more items than it shows. */
    public boolean isSelective() {
        return type != null || status != null || tag != null || entity != null;
    }
}
