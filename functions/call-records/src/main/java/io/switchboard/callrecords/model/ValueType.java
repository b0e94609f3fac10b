package io.switchboard.callrecords.model;

/** The type of a value, or of each element of a collection. */
sealed interface ValueType permits PrimitiveType, EnumType, ObjectType {}
