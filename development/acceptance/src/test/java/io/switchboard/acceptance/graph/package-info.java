/** Tests of call records with Microsoft Graph's own clients. They need no container and run in every build. */
@NullMarked
package io.switchboard.acceptance.graph;

import org.jspecify.annotations.NullMarked;
