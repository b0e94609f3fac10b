package io.switchboard.callrecords.graph;

import org.jspecify.annotations.Nullable;

/** Reads a {@code $filter} from left to right. Not thread-safe. */
final class FilterScanner {
    private final String text;
    private int at;

    FilterScanner(String text) {
        this.text = text;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    /** Consumes this text if it comes next. */
    boolean consume(String expected) {
        boolean isNext = text.startsWith(expected, at);
        at += isNext ? expected.length() : 0;
        return isNext;
    }

    /** Consumes this word if it comes next, and no letter, digit or underscore follows. */
    boolean consumeWord(String word) {
        int end = at + word.length();
        return !(end < text.length() && isWord(text.charAt(end))) && consume(word);
    }

    /** Consumes white space; false if there is none. */
    boolean consumeSpaces() {
        int begin = at;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at > begin;
    }

    /** Consumes this text with the white space around it, if it comes next after white space. */
    boolean consumeSpaced(String expected) {
        consumeSpaces();
        boolean isNext = consume(expected);
        consumeSpaces();
        return isNext;
    }

    /** Consumes and returns the letters, digits and underscores that come next. */
    String word() {
        int begin = at;
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        return text.substring(begin, at);
    }

    /** Consumes and returns what comes next up to white space, a parenthesis, a comma or a quote. */
    String literal() {
        int begin = at;
        while (at < text.length() && !isSpace(text.charAt(at)) && "(),'".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(begin, at);
    }

    /**
     * Consumes and returns the single-quoted text that comes next; two quotes inside it mean one. Null if there is none
     * or it is empty.
     */
    @Nullable
    String quoted() {
        if (!consume("'")) {
            return null;
        }
        StringBuilder quoted = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            at++;
            if (c != '\'') {
                quoted.append(c);
            } else if (consume("'")) {
                quoted.append(c);
            } else {
                return quoted.isEmpty() ? null : quoted.toString();
            }
        }
        return null;
    }

    int position() {
        return at;
    }

    /** Returns the text from an earlier position on. */
    String from(int position) {
        return text.substring(position);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
}
