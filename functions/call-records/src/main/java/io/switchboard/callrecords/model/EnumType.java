package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An enumeration.
 *
 * @param members all members in order, including the sentinel, if any
 * @param sendable the members that callers may send: all except the sentinel
 * @param beyond the members after the sentinel, which clients recognise only if they send {@code Prefer}
 */
record EnumType(List<String> members, List<String> sendable, Set<String> beyond) implements ValueType {
    /** Stands for members that a client does not recognise. */
    static final String SENTINEL = "unknownFutureValue";

    static EnumType of(List<String> members) {
        int sentinel = members.indexOf(SENTINEL);
        List<String> sendable = new ArrayList<>(members);
        sendable.remove(SENTINEL);
        return new EnumType(
                List.copyOf(members),
                List.copyOf(sendable),
                sentinel < 0 ? Set.of() : Set.copyOf(members.subList(sentinel + 1, members.size())));
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
