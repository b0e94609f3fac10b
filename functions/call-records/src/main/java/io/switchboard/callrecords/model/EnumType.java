package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An enumeration.
 *
 * @param name the qualified name
 * @param members all members in order, including the sentinel, if any
 * @param sendable the members that callers should send: all except the sentinel
 * @param beyond the members after the sentinel, which clients recognise only if they send {@code Prefer}
 */
record EnumType(String name, List<String> members, List<String> sendable, Set<String> beyond) implements ValueType {
    /** Stands for members that a client does not recognise. */
    static final String SENTINEL = "unknownFutureValue";

    /** The longest name of a member, in characters. */
    private static final int LONGEST_NAME = 128;

    static EnumType of(String name, List<String> members) {
        int sentinel = members.indexOf(SENTINEL);
        List<String> sendable = new ArrayList<>(members);
        sendable.remove(SENTINEL);
        return new EnumType(
                name,
                List.copyOf(members),
                List.copyOf(sendable),
                sentinel < 0 ? Set.of() : Set.copyOf(members.subList(sentinel + 1, members.size())));
    }

    /** Returns true if a text can be the name of a member (OData 4.0, simple identifiers). */
    static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!isLetter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LONGEST_NAME;
    }

    @Override
    public boolean hasMembersBeyond() {
        return !beyond.isEmpty();
    }

    /** Returns the permitted values, for messages. */
    String expected() {
        return "one of: " + String.join(", ", sendable);
    }
}
