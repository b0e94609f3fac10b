/** The record source: an OData service that slugs read records of a tenant from ({@code docs/record-source.md}). */
@NullMarked
package io.switchboard.sessions.recordsource;

import org.jspecify.annotations.NullMarked;
