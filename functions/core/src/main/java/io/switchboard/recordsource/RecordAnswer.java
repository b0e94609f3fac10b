package io.switchboard.recordsource;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of a {@link RecordQuestion}. */
public sealed interface RecordAnswer {
    /**
     * A record.
     *
     * @param members by name, annotations such as {@code _customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname} among them
     */
    record Found(Map<String, @Nullable Object> members) implements RecordAnswer {}

    /** No such record. */
    record Nothing() implements RecordAnswer {}

    /** The tenant's record source does not offer this entity. */
    record UnknownEntity() implements RecordAnswer {}

    /** The tenant has no record source. */
    record NotSetUp() implements RecordAnswer {}

    /** It did not answer, not in time, or not as it should. */
    record Failed() implements RecordAnswer {}
}
