package io.switchboard.offer;

import io.switchboard.slug.SlugText;
import io.switchboard.slug.TextResolver;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a notification template by the rules of session templates ({@code docs/domain/slugs.md}, "Resolution"):
 * callers' texts are resolved once; a slug without a value becomes an empty text and a warning. A notification has no
 * anchor and does not read the record source. One instance serves one rendering. Not thread-safe.
 */
public final class NotificationResolver {
    private final NotificationTemplate template;
    private final Map<String, Object> parameters;
    private final Map<String, Object> resolved = new LinkedHashMap<>();
    private final TextResolver texts = new TextResolver();

    /** @param parameters the caller's {@code templateParameters}: text, number or boolean by name */
    public NotificationResolver(NotificationTemplate template, Map<String, Object> parameters) {
        this.template = template;
        this.parameters = parameters;
    }

    /** Returns the rendered notification. */
    public RenderedNotification render() {
        for (var entry : parameters.entrySet()) {
            String target = "templateParameters." + entry.getKey();
            resolved.put(entry.getKey(), texts.callersValue(entry.getValue(), parameters::get, target));
        }
        String title = resolve(template.title(), NotificationTemplate.MAXIMUM_NOTIFICATION_TITLE, "title");
        String accept = button(template.acceptButtonText(), NotificationTemplate.ACCEPT, "acceptButtonText");
        String reject = button(template.rejectButtonText(), NotificationTemplate.REJECT, "rejectButtonText");
        List<NotificationField> fields = new ArrayList<>();
        for (NotificationField field : template.fields()) {
            String target = "fields[" + fields.size() + "].";
            fields.add(new NotificationField(
                    field.name(),
                    resolveOrNull(field.fieldHeader(), NotificationField.MAXIMUM_HEADER, target + "fieldHeader"),
                    resolveOrNull(field.value(), NotificationField.MAXIMUM_VALUE, target + "value")));
        }
        return new RenderedNotification(
                template, title.isBlank() ? template.name() : title, accept, reject, fields, texts.warnings());
    }

    /** An empty button text falls back to the default, so that the buttons stay distinguishable. */
    private String button(String text, String otherwise, String target) {
        String resolvedText = resolve(text, NotificationTemplate.MAXIMUM_BUTTON_TEXT, target);
        return resolvedText.isBlank() ? otherwise : resolvedText;
    }

    private @Nullable String resolveOrNull(@Nullable String text, int maximum, String target) {
        return text == null ? null : resolve(text, maximum, target);
    }

    private String resolve(String text, int maximum, String target) {
        return texts.cut(texts.resolve(text, this::value, SlugText.Encoding.TEXT, target), maximum, target);
    }

    private @Nullable Object value(String key) {
        return key.startsWith(TextResolver.ANCHOR) || SlugText.isQuery(key) ? null : resolved.get(key);
    }
}
