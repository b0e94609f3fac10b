package io.switchboard.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A media type with its parameters (RFC 9110 §8.3.1).
 *
 * @param type the type in lower case, such as {@code application/json}
 * @param parameters the values by name in lower case, without quotes and escapes
 */
public record MediaType(String type, Map<String, String> parameters) {
    private static final String CHARSET = "charset";
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    public MediaType {
        parameters = Map.copyOf(parameters);
    }

    /** Returns the media ranges of a header {@code Accept}, in its order, without the malformed ones. */
    public static List<MediaType> ranges(String accept) {
        List<MediaType> ranges = new ArrayList<>();
        boolean isQuoted = false;
        int begin = 0;
        for (int i = 0; i <= accept.length(); i++) {
            boolean isEnd = i == accept.length();
            if (!isEnd && accept.charAt(i) == '\\' && isQuoted) {
                i++;
            } else if (!isEnd && accept.charAt(i) == '"') {
                isQuoted = !isQuoted;
            } else if (isEnd || (accept.charAt(i) == ',' && !isQuoted)) {
                parse(accept.substring(begin, i)).ifPresent(ranges::add);
                begin = i + 1;
            }
        }
        return ranges;
    }

    /**
     * Parses a header; empty if it is malformed or has a parameter twice. White space around an equals sign is
     * accepted.
     */
    public static Optional<MediaType> parse(String header) {
        Reader reader = new Reader(header);
        reader.skipBlanks();
        String type = reader.token();
        boolean hasSubtype = reader.skip('/');
        String subtype = reader.token();
        if (type.isEmpty() || !hasSubtype || subtype.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        reader.skipBlanks();
        while (reader.skip(';')) {
            reader.skipBlanks();
            String name = reader.token();
            reader.skipBlanks();
            if (name.isEmpty()) {
                // An empty parameter, as in "text/plain;", is allowed.
                continue;
            }
            @Nullable String value = reader.skip('=') ? reader.value() : null;
            if (value == null || parameters.put(name.toLowerCase(Locale.ROOT), value) != null) {
                return Optional.empty();
            }
            reader.skipBlanks();
        }
        return reader.isAtEnd()
                ? Optional.of(new MediaType((type + '/' + subtype).toLowerCase(Locale.ROOT), parameters))
                : Optional.empty();
    }

    /** Returns whether text of this type is UTF-8, which is the default charset. */
    public boolean isUtf8() {
        return parameters.getOrDefault(CHARSET, "utf-8").equalsIgnoreCase("utf-8");
    }

    /** Reads the header from left to right, without backtracking. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        boolean isAtEnd() {
            return at == text.length();
        }

        /** Skips this character, if it is next. */
        boolean skip(char expected) {
            boolean isNext = at < text.length() && text.charAt(at) == expected;
            at += isNext ? 1 : 0;
            return isNext;
        }

        void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        /** Returns the next token; empty if none follows. */
        String token() {
            int begin = at;
            while (at < text.length() && isTokenCharacter(text.charAt(at))) {
                at++;
            }
            return text.substring(begin, at);
        }

        /** Returns the next token or quoted string; null if neither follows. */
        @Nullable
        String value() {
            skipBlanks();
            if (at == text.length() || text.charAt(at) != '"') {
                String token = token();
                return token.isEmpty() ? null : token;
            }
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && ++at < text.length()) {
                    c = text.charAt(at);
                }
                if ((c != '\t' && c < ' ') || c == '\u007F') {
                    return null;
                }
                value.append(c);
            }
            return null;
        }

        private static boolean isTokenCharacter(char c) {
            return (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || TOKEN_MARKS.indexOf(c) >= 0;
        }
    }
}
