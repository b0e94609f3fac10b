package io.switchboard.callrecords.model;

/** The type of a value, or of each element of a collection. */
sealed interface ValueType permits PrimitiveType, EnumType, ObjectType {
    /** Returns true if a value can have, at any depth, an enum member that clients recognise only on request. */
    boolean hasMembersBeyond();
}
