package io.switchboard.http;

import io.switchboard.storage.Precondition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A weak entity tag, {@code W/"3"}. Two responses with one tag are equivalent, but need not have the same bytes.
 *
 * @param opaque the text between the quotes
 */
public record EntityTag(String opaque) {
    /** Returns the tag of a version. */
    public static EntityTag ofVersion(long version) {
        return new EntityTag(Long.toString(version));
    }

    /**
     * Returns whether a condition header matches this tag: it is {@code *} or a list that contains the tag. The
     * comparison is weak (RFC 9110 §8.8.3.2), so {@code "3"} and {@code W/"3"} are the same.
     */
    public boolean matchesAnyOf(String header) {
        return isAny(header) || tags(header).contains(opaque);
    }

    /**
     * Returns the condition of a header {@code If-Match}: any version for {@code *}, otherwise the versions of its
     * tags. Tags without a version are ignored.
     */
    public static Precondition precondition(String ifMatch) {
        if (isAny(ifMatch)) {
            return Precondition.NONE;
        }
        Set<Long> versions = new HashSet<>();
        for (String tag : tags(ifMatch)) {
            try {
                long version = Long.parseLong(tag);
                if (ofVersion(version).opaque.equals(tag)) {
                    versions.add(version);
                }
            } catch (NumberFormatException e) {
                // A tag of another server, or of a response without a version.
            }
        }
        return new Precondition(versions);
    }

    private static boolean isAny(String header) {
        return header.strip().equals("*");
    }

    /** Returns the opaque parts of the weak and strong tags in a header. */
    private static List<String> tags(String header) {
        List<String> tags = new ArrayList<>();
        for (String candidate : header.split(",", -1)) {
            String tag = candidate.strip();
            if (tag.startsWith("W/")) {
                tag = tag.substring(2);
            }
            if (tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"")) {
                tags.add(tag.substring(1, tag.length() - 1));
            }
        }
        return tags;
    }

    @Override
    public String toString() {
        return "W/\"" + opaque + "\"";
    }
}
