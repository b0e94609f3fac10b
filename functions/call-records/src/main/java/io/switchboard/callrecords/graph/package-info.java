/** Microsoft Graph's HTTP conventions: paths, query options, pages, preferences, batches and errors of OData. */
@NullMarked
package io.switchboard.callrecords.graph;

import org.jspecify.annotations.NullMarked;
