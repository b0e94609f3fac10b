/** The API's JSON of templates: one reader and one writer for each kind. */
@NullMarked
package io.switchboard.template.json;

import org.jspecify.annotations.NullMarked;
