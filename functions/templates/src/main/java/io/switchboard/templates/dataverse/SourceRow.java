package io.switchboard.templates.dataverse;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of a file, as the Web API would send it.
 *
 * @param target identifies the row, such as {@code msdyn_sessiontemplates/contoso_call}
 */
record SourceRow(Map<String, @Nullable Object> columns, String target) {}
