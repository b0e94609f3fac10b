/**
 * The record source: the OData service of a tenant from which slugs read records
 * ({@code docs/reference/record-source.md}).
 */
@NullMarked
package io.switchboard.sessions.recordsource;

import org.jspecify.annotations.NullMarked;
