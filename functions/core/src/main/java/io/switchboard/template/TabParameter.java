package io.switchboard.template;

import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import io.switchboard.slug.WebsiteUrl;
import io.switchboard.text.Guid;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a page type ({@code docs/domain/session-templates.md}, "Page types").
 *
 * @param name its name
 * @param form the accepted values
 * @param needed when it must have a value
 * @param isIdentity whether it identifies the page, so that callers can change it only per tab
 *     ({@code docs/domain/slugs.md}, "Parameters of a tab")
 */
public record TabParameter(String name, ValueKind form, Needed needed, boolean isIdentity) {
    /** The longest value, in characters ({@code docs/domain/session-templates.md}, "Page types"). */
    public static final int MAXIMUM_LENGTH = 2_048;

    /** The values that a parameter accepts. */
    public enum ValueKind {
        /** Any text, number or boolean. */
        TEXT,
        /** True or false. */
        BOOLEAN,
        /** A text that contains a JSON object of a record's columns, or a single slug. */
        RECORD_DATA,
        /** A GUID. */
        GUID,
        /** 0 relevance, 1 categorised. */
        SEARCH_TYPE,
        /** An https address with a literal host, or a single slug. */
        URL
    }

    /**
     * Returns the requirement that a value violates, as the end of a sentence; null for none. A text with slugs is
     * validated only as far as possible before they are resolved.
     */
    public @Nullable String requirement(Object value) {
        String text = ObjectReader.textOf(value);
        return switch (form) {
            case TEXT -> null;
            case RECORD_DATA -> RecordData.requirement(value);
            case BOOLEAN -> value instanceof Boolean ? null : "true or false";
            case GUID ->
                Guid.isGuid(text) || text.indexOf('{') >= 0
                        ? null
                        : "a GUID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301";
            case SEARCH_TYPE -> text.equals("0") || text.equals("1") ? null : "0 (relevance) or 1 (categorised)";
            case URL ->
                SlugText.isOneSlug(text) || WebsiteUrl.hasLiteralHost(text)
                        ? null
                        : "an address that begins with https:// and a literal host, without slugs before the path";
        };
    }

    /** When a parameter must have a value. */
    public enum Needed {
        /** Never. */
        NEVER,
        /** When the tab opens: the template or the caller provides it. A tab without it opens with a warning. */
        WHEN_OPENED,
        /** In the template, because it identifies the page. */
        IN_TEMPLATE
    }

    static TabParameter text(String name) {
        return new TabParameter(name, ValueKind.TEXT, Needed.NEVER, false);
    }

    static TabParameter neededText(String name) {
        return new TabParameter(name, ValueKind.TEXT, Needed.WHEN_OPENED, false);
    }

    static TabParameter requiredIdentity(String name) {
        return new TabParameter(name, ValueKind.TEXT, Needed.IN_TEMPLATE, true);
    }

    static TabParameter bool(String name) {
        return new TabParameter(name, ValueKind.BOOLEAN, Needed.NEVER, false);
    }

    static TabParameter recordData(String name) {
        return new TabParameter(name, ValueKind.RECORD_DATA, Needed.NEVER, false);
    }

    static TabParameter dashboardId(String name) {
        return new TabParameter(name, ValueKind.GUID, Needed.WHEN_OPENED, true);
    }

    static TabParameter searchType(String name) {
        return new TabParameter(name, ValueKind.SEARCH_TYPE, Needed.NEVER, false);
    }

    static TabParameter url(String name) {
        return new TabParameter(name, ValueKind.URL, Needed.IN_TEMPLATE, true);
    }
}
