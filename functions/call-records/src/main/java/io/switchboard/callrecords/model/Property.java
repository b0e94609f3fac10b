package io.switchboard.callrecords.model;

/**
 * A declared property.
 *
 * @param type of the value, or of each element of a collection
 * @param isNullable whether an explicit null may be sent
 */
record Property(String name, ValueType type, boolean isCollection, boolean isNullable, Role role) {
    /** What a property is to its type. */
    enum Role {
        /** May be absent. */
        OPTIONAL,
        /** Must be there when the entity is created; a collection must have an element. */
        REQUIRED,
        /** Names the entity: absent or a text that says something, and never patched. */
        KEY,
        /** Holds further entities. */
        NAVIGATION
    }

    boolean isRequired() {
        return role == Role.REQUIRED;
    }

    boolean isNavigation() {
        return role == Role.NAVIGATION;
    }

    /** What a caller must do about its value, for messages. */
    String request() {
        String wanted =
                switch (type) {
                    case PrimitiveType primitive -> primitive.wanted();
                    case EnumType members -> members.wanted();
                    case ObjectType object -> "an object of type " + object;
                };
        return isCollection ? "send an array, each element " + wanted : "send " + wanted;
    }
}
