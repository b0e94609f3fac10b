package io.switchboard.http;

/**
 * A weak entity tag, {@code W/"3"}: two answers of one tag mean the same, they need not be the same bytes.
 *
 * @param opaque what stands between the quotes
 */
public record EntityTag(String opaque) {
    /** The tag of a version. */
    public static EntityTag ofVersion(long version) {
        return new EntityTag(Long.toString(version));
    }

    /**
     * Whether a condition header names this tag: {@code *}, or a list that holds it. Compared weakly (RFC 9110 §8.8.3.2),
     * so {@code "3"} and {@code W/"3"} are the same.
     */
    public boolean matchesAnyOf(String header) {
        if (header.strip().equals("*")) {
            return true;
        }
        for (String candidate : header.split(",", -1)) {
            String tag = candidate.strip();
            if (tag.startsWith("W/")) {
                tag = tag.substring(2);
            }
            if (tag.equals("\"" + opaque + "\"")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "W/\"" + opaque + "\"";
    }
}
