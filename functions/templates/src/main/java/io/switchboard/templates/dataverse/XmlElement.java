package io.switchboard.templates.dataverse;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An element of an XML file, with all it contains.
 *
 * @param name without a prefix
 * @param attributes by name, without a prefix
 * @param text of the element itself, as it was written
 */
record XmlElement(String name, Map<String, String> attributes, List<XmlElement> children, String text) {
    @Nullable
    String attribute(String attribute) {
        return attributes.get(attribute);
    }

    /** The first child of this name. */
    @Nullable
    XmlElement child(String childName) {
        for (XmlElement child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        return null;
    }

    /** The text of the first child of this name, without white space at its ends; null for none. */
    @Nullable
    String textOf(String childName) {
        @Nullable XmlElement child = child(childName);
        return child == null || child.text.isBlank() ? null : child.text.strip();
    }
}
