package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.Projection;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the header {@code Prefer} asks for; what it asks for besides is ignored, as OData wants it.
 *
 * @param returnsMinimal {@code return=minimal}: no body after a write
 * @param returnsRepresentation {@code return=representation}
 * @param maximumPageSize {@code odata.maxpagesize}; {@link Integer#MAX_VALUE} where nobody asks
 * @param unknownMembers {@code include-unknown-enum-members}
 * @param omitsNulls {@code omit-values=nulls}
 */
public record Preferences(
        boolean returnsMinimal,
        boolean returnsRepresentation,
        int maximumPageSize,
        boolean unknownMembers,
        boolean omitsNulls) {
    private static final String MAXIMUM_PAGE_SIZE = "odata.maxpagesize=";
    private static final String UNKNOWN_MEMBERS = "include-unknown-enum-members";
    private static final String OMITTED_NULLS = "omit-values=nulls";
    private static final String MINIMAL = "return=minimal";
    private static final String REPRESENTATION = "return=representation";

    public static Preferences of(Request request) {
        return parse(request.header("prefer").orElse(""));
    }

    /** What the header's text asks for. */
    public static Preferences parse(String header) {
        boolean minimal = false;
        boolean representation = false;
        int maximumPageSize = Integer.MAX_VALUE;
        boolean unknownMembers = false;
        boolean omitsNulls = false;
        for (String preference : header.split(",", -1)) {
            String wanted = preference.strip().toLowerCase(Locale.ROOT).replace("\"", "");
            minimal |= wanted.equals(MINIMAL);
            representation |= wanted.equals(REPRESENTATION);
            unknownMembers |= wanted.equals(UNKNOWN_MEMBERS) || wanted.equals("odata." + UNKNOWN_MEMBERS);
            omitsNulls |= wanted.equals(OMITTED_NULLS);
            if (wanted.startsWith(MAXIMUM_PAGE_SIZE) || ("odata." + wanted).startsWith(MAXIMUM_PAGE_SIZE)) {
                maximumPageSize = size(wanted.substring(wanted.indexOf('=') + 1));
            }
        }
        // Who asks for both gets what is the default of a create and a change.
        return new Preferences(minimal && !representation, representation, maximumPageSize, unknownMembers, omitsNulls);
    }

    /** What an answer shows of an entity. */
    public Projection projection(Shape shape) {
        return new Projection(omitsNulls, unknownMembers, shape.select());
    }

    private static int size(String text) {
        try {
            int size = Integer.parseInt(text);
            return size < 1 ? Integer.MAX_VALUE : size;
        } catch (NumberFormatException e) {
            // A preference that makes no sense is none.
            return Integer.MAX_VALUE;
        }
    }

    /** The page size that is used where this one is the largest. */
    public int pageSize(int largest) {
        return Math.min(largest, maximumPageSize);
    }

    /**
     * The answer with {@code Preference-Applied}, where something was preferred that it follows.
     *
     * @param largestPage of a list; 0 where the answer is none
     * @param isWrite whether the answer is that of a write
     */
    Response applied(Response response, int largestPage, boolean isWrite) {
        List<String> applied = new ArrayList<>();
        if (isWrite && returnsMinimal) {
            applied.add(MINIMAL);
        }
        if (isWrite && returnsRepresentation) {
            applied.add(REPRESENTATION);
        }
        if (maximumPageSize <= largestPage) {
            applied.add(MAXIMUM_PAGE_SIZE + maximumPageSize);
        }
        if (response.body() != null && unknownMembers) {
            applied.add(UNKNOWN_MEMBERS);
        }
        if (response.body() != null && omitsNulls) {
            applied.add(OMITTED_NULLS);
        }
        return applied.isEmpty() ? response : response.with("Preference-Applied", String.join(", ", applied));
    }
}
