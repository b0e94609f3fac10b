/** Exports of Dynamics 365 template tables, translated into the templates of this API. */
@NullMarked
package io.switchboard.templates.dataverse;

import org.jspecify.annotations.NullMarked;
