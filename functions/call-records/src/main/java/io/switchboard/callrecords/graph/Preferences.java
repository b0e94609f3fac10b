package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.Projection;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The preferences of the header {@code Prefer}. Unknown preferences are ignored, as OData requires.
 *
 * @param returnsMinimal {@code return=minimal}: no body after a write
 * @param returnsRepresentation {@code return=representation}
 * @param maximumPageSize {@code odata.maxpagesize}; {@link Integer#MAX_VALUE} if not sent
 * @param unknownMembers {@code include-unknown-enum-members}
 * @param omitsNulls {@code omit-values=nulls}
 * @param isStrict {@code handling=strict}: what a lenient reader keeps with a warning is rejected
 */
public record Preferences(
        boolean returnsMinimal,
        boolean returnsRepresentation,
        int maximumPageSize,
        boolean unknownMembers,
        boolean omitsNulls,
        boolean isStrict) {
    private static final String MAXIMUM_PAGE_SIZE = "odata.maxpagesize=";
    private static final String UNKNOWN_MEMBERS = "include-unknown-enum-members";
    private static final String OMITTED_NULLS = "omit-values=nulls";
    private static final String MINIMAL = "return=minimal";
    private static final String REPRESENTATION = "return=representation";
    private static final String STRICT = "handling=strict";

    public static Preferences of(Request request) {
        return parse(request.header("prefer").orElse(""));
    }

    /** Parses the header. */
    public static Preferences parse(String header) {
        boolean minimal = false;
        boolean representation = false;
        int maximumPageSize = Integer.MAX_VALUE;
        boolean unknownMembers = false;
        boolean omitsNulls = false;
        boolean strict = false;
        for (String preference : header.split(",", -1)) {
            String requested = preference.strip().toLowerCase(Locale.ROOT).replace("\"", "");
            minimal |= requested.equals(MINIMAL);
            representation |= requested.equals(REPRESENTATION);
            unknownMembers |= requested.equals(UNKNOWN_MEMBERS) || requested.equals("odata." + UNKNOWN_MEMBERS);
            omitsNulls |= requested.equals(OMITTED_NULLS);
            strict |= requested.equals(STRICT);
            if (requested.startsWith(MAXIMUM_PAGE_SIZE) || ("odata." + requested).startsWith(MAXIMUM_PAGE_SIZE)) {
                maximumPageSize = size(requested.substring(requested.indexOf('=') + 1));
            }
        }
        // If both are sent, the default of creates and changes applies.
        return new Preferences(
                minimal && !representation, representation, maximumPageSize, unknownMembers, omitsNulls, strict);
    }

    /** Returns the projection of an entity in a response. */
    public Projection projection(Shape shape) {
        return new Projection(omitsNulls, unknownMembers, shape.select());
    }

    private static int size(String text) {
        try {
            int size = Integer.parseInt(text);
            return size < 1 ? Integer.MAX_VALUE : size;
        } catch (NumberFormatException e) {
            // An invalid preference is ignored.
            return Integer.MAX_VALUE;
        }
    }

    /** Returns the page size for a list with this largest page. */
    public int pageSize(int largest) {
        return Math.min(largest, maximumPageSize);
    }

    /**
     * Returns the response with {@code Preference-Applied}, if any preference was applied.
     *
     * @param largestPage the largest page of the list; 0 if the response is not a list
     * @param isWrite whether the response is that of a write
     */
    Response applied(Response response, int largestPage, boolean isWrite) {
        List<String> applied = new ArrayList<>();
        if (isWrite && returnsMinimal) {
            applied.add(MINIMAL);
        }
        if (isWrite && returnsRepresentation) {
            applied.add(REPRESENTATION);
        }
        if (isWrite && isStrict) {
            applied.add(STRICT);
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
