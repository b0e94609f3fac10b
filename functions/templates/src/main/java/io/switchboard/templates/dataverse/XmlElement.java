package io.switchboard.templates.dataverse;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An element of an XML file with its content.
 *
 * @param name the name, without a prefix
 * @param attributes the attributes by name, without a prefix
 * @param text the text of the element itself, unchanged
 */
record XmlElement(String name, Map<String, String> attributes, List<XmlElement> children, String text) {
    @Nullable
    String attribute(String attribute) {
        return attributes.get(attribute);
    }

    /** Returns the first child of this name; null for none. */
    @Nullable
    XmlElement child(String childName) {
        for (XmlElement child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        return null;
    }

    /** Returns the stripped text of the first child of this name; null for none. */
    @Nullable
    String textOf(String childName) {
        @Nullable XmlElement child = child(childName);
        return child == null || child.text.isBlank() ? null : child.text.strip();
    }
}
