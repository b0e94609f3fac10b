package io.switchboard.local.fuzz;

import java.util.SplittableRandom;

/** One way to change a request. What it changes depends on the request and the random source only. */
interface Mutation {
    String name();

    /** Whether this can change the request at all. */
    default boolean fits(FuzzRequest request) {
        return true;
    }

    FuzzRequest change(FuzzRequest request, SplittableRandom random);

    /** Whether API Gateway never sends such an event: a 5xx is allowed then, as long as it is the product's own. */
    default boolean isNeverSent() {
        return false;
    }
}
