package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An enumeration.
 *
 * @param members all of them in order, the sentinel among them where there is one
 * @param sendable what callers may send: all but the sentinel
 * @param beyond members that came after the sentinel: clients do not know them unless they say so
 */
record EnumType(List<String> members, List<String> sendable, Set<String> beyond) implements ValueType {
    /** Stands for members that a client does not know. */
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

    /** What a value must be, for messages. */
    String wanted() {
        return "one of: " + String.join(", ", sendable);
    }
}
