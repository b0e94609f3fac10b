package io.switchboard.json;

import org.jspecify.annotations.Nullable;

/**
 * A JSON string whose content is the JSON text of a tree, such as the body in a response of Lambda. The writer escapes
 * the inner text while it writes it, so that the text never exists on its own.
 *
 * @param tree a tree without another JSON text
 */
public record JsonText(@Nullable Object tree) {}
