package io.switchboard.callrecords.model;

/** What a value, or each element of a collection, can be. */
sealed interface ValueType permits PrimitiveType, EnumType, ObjectType {}
