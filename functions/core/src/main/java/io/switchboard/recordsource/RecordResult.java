package io.switchboard.recordsource;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of a {@link RecordQuery}. */
public sealed interface RecordResult {
    /**
     * The record that was found.
     *
     * @param members the members by name, including annotations such as
     *     {@code _customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname}
     */
    record Found(Map<String, @Nullable Object> members) implements RecordResult {}

    /** The record does not exist. */
    record NotFound() implements RecordResult {}

    /** The tenant's record source does not offer this entity. */
    record UnknownEntity() implements RecordResult {}

    /** The tenant has no record source. */
    record NotSetUp() implements RecordResult {}

    /** The record source did not respond in time, or returned an error or an invalid response. */
    record Failed() implements RecordResult {}
}
