package io.switchboard.slug;

import io.switchboard.json.ObjectReader;
import io.switchboard.text.PercentEncoding;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A slug that asks the record source: {@code {$odata.entity.attribute.?options}} ({@code cif-apm.md} §F.3). Entity, attribute and
 * options are the template's; only inner slugs put callers' values into the options, and only as values.
 *
 * @param options as the template has them, inner slugs and all
 */
public record QuerySlug(String entity, String attribute, String options) {
    /** A name as OData has it: an attribute, an entity set. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /** A column, and what is behind it: annotations are not selected, they come with their column. */
    public static final Pattern ATTRIBUTE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,127})(@[A-Za-z0-9_.]{1,256})?");

    /** The longest address part, in characters: what servers commonly take. */
    private static final int MAXIMUM_LENGTH = 16_384;

    /** What may stand outside quotes: a GUID, a number, a truth, a date or a point in time. Nothing that reads as a name or a call. */
    private static final Pattern PLAIN = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
            + "|-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?"
            + "|true|false"
            + "|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,12})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?");

    /** The parts of a slug's key; null where it has not got them. */
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
     * The options as they are sent: encoded, with values in place of inner slugs.
     *
     * @return a text, or why there is none
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
                return new SlugText.NoValue("a query cannot stand inside a query");
            }
            int end = c == '{' ? SlugText.keyEnd(options, at) : -1;
            if (end < 0) {
                at = composition.literal(options, at);
                continue;
            }
            String key = options.substring(at + 1, end);
            @Nullable Object value = inner.value(key);
            if (value == null) {
                return new SlugText.NoValue("its {" + key + "} has no value");
            }
            if (value instanceof SlugText.NoValue none) {
                return none;
            }
            if (!composition.value(ObjectReader.textOf(value))) {
                return new SlugText.NoValue("the value of its {" + key
                        + "} may stand in a query between single quotes only; outside of them only GUIDs, numbers, true,"
                        + " false and dates may");
            }
            at = end + 1;
        }
        String composed = composition.end();
        return composed.length() <= MAXIMUM_LENGTH
                ? composed
                : new SlugText.NoValue("its query is longer than " + MAXIMUM_LENGTH + " characters");
    }

    /**
     * Options as they grow. It knows whether what comes next stands between single quotes, as the server will see it: what is
     * percent-encoded in the template counts as what it encodes.
     */
    private static final class Composition {
        private final StringBuilder composed = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private boolean isQuoted;
        /** A double quote came before: where texts begin and end is for each server to say. */
        private boolean isUnclear;

        void literal(char c) {
            text.append(c);
        }

        /** Takes one character of the template, or one that it has encoded; tells where the next one is. */
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

        /** Takes a value; false where it may not stand here. */
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
