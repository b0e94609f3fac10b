package io.switchboard.slug;

import io.switchboard.json.ObjectReader;
import io.switchboard.text.PercentEncoding;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A slug that queries the record source: {@code {$odata.entity.attribute.?options}} ({@code docs/domain/slugs.md},
 * "OData slugs"). The template defines entity, attribute and options. Only inner slugs insert callers' values into the
 * options, and only as values.
 *
 * @param options the options of the template, including inner slugs
 */
public record QuerySlug(String entity, String attribute, String options) {
    /** An OData name of an attribute or entity set. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /** A column with an optional annotation. Annotations are not selected; they are returned with their column. */
    public static final Pattern ATTRIBUTE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,127})(@[A-Za-z0-9_.]{1,256})?");

    /** The longest query, in characters, which servers commonly accept. */
    private static final int MAXIMUM_LENGTH = 16_384;

    /**
     * The values that are allowed outside quotes: GUIDs, numbers, booleans, dates and times, but no names or function
     * calls.
     */
    private static final Pattern PLAIN = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
            + "|-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?"
            + "|true|false"
            + "|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,12})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?");

    /** Parses the key of a slug; null if it is not of this form. */
    public static @Nullable QuerySlug of(String key) {
        String query = SlugText.queryOf(key);
        int entityEnd = query.indexOf('.');
        int attributeEnd = query.indexOf('.', entityEnd + 1);
        if (entityEnd < 0 || attributeEnd < 0 || !query.startsWith("?", attributeEnd + 1)) {
            return null;
        }
        String entity = query.substring(0, entityEnd);
        String attribute = query.substring(entityEnd + 1, attributeEnd);
        return IDENTIFIER.matcher(entity).matches()
                        && IDENTIFIER.matcher(attribute).matches()
                ? new QuerySlug(entity, attribute, query.substring(attributeEnd + 2))
                : null;
    }

    /**
     * Composes the encoded options, with the values of inner slugs.
     *
     * @return the text, or a {@link SlugText.NoValue} with the reason
     */
    public Object compose(SlugText.Source inner) {
        Composition composition = new Composition();
        int at = 0;
        while (at < options.length()) {
            char c = options.charAt(at);
            if (SlugText.isEscapedBrace(options, at)) {
                composition.literal('{');
                at += 2;
                continue;
            }
            if (c == '{' && SlugText.isQuery(options, at + 1)) {
                return new SlugText.NoValue("queries cannot be nested");
            }
            int end = c == '{' ? SlugText.keyEnd(options, at) : -1;
            if (end < 0) {
                at = composition.literal(options, at);
                continue;
            }
            String key = options.substring(at + 1, end);
            @Nullable Object value = inner.value(key);
            if (value == null) {
                return new SlugText.NoValue("its slug {" + key + "} has no value");
            }
            if (value instanceof SlugText.NoValue none) {
                return none;
            }
            if (!composition.value(ObjectReader.textOf(value))) {
                return new SlugText.NoValue("the value of its slug {" + key
                        + "} is allowed only between single quotes; outside quotes only GUIDs, numbers, true, false"
                        + " and dates are allowed");
            }
            at = end + 1;
        }
        String composed = composition.end();
        return composed.length() <= MAXIMUM_LENGTH
                ? composed
                : new SlugText.NoValue("its query is longer than " + MAXIMUM_LENGTH + " characters");
    }

    /**
     * The options composed so far. Tracks whether the next character is between single quotes for the server;
     * percent-encoded characters of the template count as decoded.
     */
    private static final class Composition {
        private final StringBuilder composed = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private boolean isQuoted;
        /** Returns true if a double quote came before, after which servers disagree about where texts begin and end. */
        private boolean isUnclear;

        void literal(char c) {
            text.append(c);
        }

        /** Appends one plain or percent-encoded character of the template. Returns the index of the next one. */
        int literal(String options, int at) {
            boolean isEncoded = options.charAt(at) == '%' && at + 2 < options.length();
            int length = isEncoded ? 3 : 1;
            char quote = options.charAt(at);
            if (isEncoded) {
                quote = options.startsWith("27", at + 1) ? '\'' : options.startsWith("22", at + 1) ? '"' : '%';
            }
            if (quote == '%' || (quote != '\'' && quote != '"' && quote != '&')) {
                text.append(options.charAt(at));
                return at + 1;
            }
            if (quote == '\'') {
                flush();
                composed.append(options, at, at + length);
                isQuoted = !isQuoted;
            } else if (quote == '"') {
                text.append(options, at, at + length);
                isUnclear |= !isQuoted;
            } else if (isQuoted) {
                text.append('&');
            } else {
                flush();
                composed.append('&');
                isUnclear = false;
            }
            return at + length;
        }

        /** Appends a value; returns false if it is not allowed at this position. */
        boolean value(String value) {
            flush();
            if (isQuoted && !isUnclear) {
                composed.append(PercentEncoding.ofValue(value.replace("'", "''")));
                return true;
            }
            if (PLAIN.matcher(value).matches()) {
                composed.append(PercentEncoding.ofValue(value));
                return true;
            }
            return false;
        }

        String end() {
            flush();
            return composed.toString();
        }

        private void flush() {
            String literal = text.toString().replace("#", "%23");
            if (isQuoted) {
                literal = literal.replace("&", "%26").replace("+", "%2B");
            }
            composed.append(PercentEncoding.ofUrlText(literal));
            text.setLength(0);
        }
    }
}
