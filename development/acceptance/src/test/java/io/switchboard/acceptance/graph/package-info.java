/** Call records, called by Microsoft Graph's own clients. Needs no container: it is tried wherever the project is built. */
@NullMarked
package io.switchboard.acceptance.graph;

import org.jspecify.annotations.NullMarked;
