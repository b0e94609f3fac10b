package io.switchboard.callrecords.model;

/**
 * A declared property.
 *
 * @param type the type of the value, or of each element of a collection
 * @param isNullable whether an explicit null may be sent
 */
record Property(String name, ValueType type, boolean isCollection, boolean isNullable, Role role) {
    /** The role of a property in its type. */
    enum Role {
        /** May be absent. */
        OPTIONAL,
        /** Required in a create; a collection must have at least one element. */
        REQUIRED,
        /** Identifies the entity: absent or a text that is not blank; never patched. */
        KEY,
        /** May be absent; not in Graph's version 1.0, so it is shown only with a value. */
        BETA,
        /** Contains further entities. */
        NAVIGATION
    }

    boolean isRequired() {
        return role == Role.REQUIRED;
    }

    boolean isNavigation() {
        return role == Role.NAVIGATION;
    }

    /** Returns the instruction to the caller, for messages, such as "Send true or false". */
    String instruction() {
        String expected =
                switch (type) {
                    case PrimitiveType primitive -> primitive.expected();
                    case EnumType members -> members.expected();
                    case ObjectType object -> "an object of type " + object;
                };
        return isCollection ? "Send an array, each element " + expected : "Send " + expected;
    }
}
