package io.switchboard.local.fuzz;

import java.util.SplittableRandom;

/** A mutation of a request. The result depends only on the request and the random source. */
interface Mutation {
    String name();

    /** Returns whether this mutation applies to the request. */
    default boolean fits(FuzzRequest request) {
        return true;
    }

    FuzzRequest change(FuzzRequest request, SplittableRandom random);

    /** Returns whether API Gateway never sends such an event. The product may then return a 5xx error. */
    default boolean isNeverSent() {
        return false;
    }
}
