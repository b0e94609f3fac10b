package io.switchboard.callrecords.graph;

import io.switchboard.http.Refusal;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.PageToken;
import io.switchboard.storage.PositionForm;
import io.switchboard.text.PercentEncoding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requested page of a list. Pages have Graph's sizes; {@code odata.maxpagesize} lowers them. {@code $top} limits
 * the total over all pages; {@code $skiptoken} carries the remaining number.
 *
 * @param path the encoded path of the list, below the host
 * @param options the query options that the next link repeats
 * @param rest how many elements may still be returned; {@link Long#MAX_VALUE} without {@code $top}
 */
public record Paging(String tenant, String path, Map<String, String> options, PageRequest page, long rest) {
    public static final String TOP = "$top";
    public static final String SKIP_TOKEN = "$skiptoken";
    public static final String COUNT = "$count";

    /** The largest page of call records, sessions and segments, as in Graph. */
    public static final int SESSIONS = 60;
    /** The largest page of participants, as in Graph. */
    public static final int PARTICIPANTS = 130;

    /** The largest page of rows of logs, as in Graph. */
    public static final int LOG_ROWS = 1_000;

    private static final String REST_END = ".";

    /**
     * Returns the page that a request specifies.
     *
     * @param positions the format of the store's positions in this list
     * @throws Refusal 400 for a token of another list, or a {@code $top} that is not a whole number of at least 0
     */
    public static Paging of(GraphRequest request, Map<String, String> query, int size, PositionForm positions) {
        Map<String, String> options = new TreeMap<>(query);
        @Nullable String token = options.remove(SKIP_TOKEN);
        String path = request.request().encodedPath();
        long top = top(options.get(TOP));
        long rest = top;
        @Nullable String after = null;
        if (token != null) {
            String position = PageToken.position(
                    scope(request.tenant(), path, options), token, whole -> isPosition(whole, top, positions));
            int end = position.indexOf(REST_END);
            rest = end == 0 ? Long.MAX_VALUE : Long.parseLong(position.substring(0, end));
            after = position.substring(end + 1);
        }
        int requested = (int) Math.min(size, Math.max(1, rest));
        return new Paging(request.tenant(), path, options, new PageRequest(after, requested), rest);
    }

    /** Returns the page that a store reads for this request; an empty one without a read for {@code $top=0}. */
    public <T> Page<T> read(Function<PageRequest, Page<T>> store) {
        return rest == 0 ? new Page<>(List.of(), null) : store.apply(page);
    }

    /** Returns true if a text is the remaining {@code $top}, if sent, and a position of the store. */
    private static boolean isPosition(String whole, long top, PositionForm positions) {
        int end = whole.indexOf(REST_END);
        if (end < 0 || !positions.fits(whole.substring(end + 1))) {
            return false;
        }
        return top == Long.MAX_VALUE
                ? end == 0
                : PositionForm.number(1, (int) top).fits(whole.substring(0, end));
    }

    /**
     * Returns the first page of a list that is nested in another response. Its next link points to the list itself.
     *
     * @param path the encoded path of the list, below the host
     */
    public static Paging nested(GraphRequest request, String path, Shape shape, int size) {
        int requested = (int) Math.min(size, Math.max(1, shape.top()));
        return new Paging(
                request.tenant(), path, new TreeMap<>(shape.options()), new PageRequest(null, requested), shape.top());
    }

    private static long top(@Nullable String text) {
        if (text == null) {
            return Long.MAX_VALUE;
        }
        try {
            int top = Integer.parseInt(text);
            if (top >= 0) {
                return top;
            }
        } catch (NumberFormatException e) {
            // Rejected below, like a number out of range.
        }
        throw Refusal.invalid("invalidValue", TOP, "$top must be a whole number of at least 0.");
    }

    /** Returns true if the request includes {@code $count=true}. */
    public static boolean isCountRequested(Map<String, String> query) {
        @Nullable String count = query.get(COUNT);
        if (count == null || count.equals("false")) {
            return false;
        }
        if (count.equals("true")) {
            return true;
        }
        throw Refusal.invalid("invalidValue", COUNT, "$count must be true or false.");
    }

    /**
     * Returns the link to the next page; null at the end.
     *
     * @param next the position at which the store continues; null at its end
     * @param shown how many elements this page has
     */
    @Nullable
    public String nextLink(GraphRequest request, @Nullable String next, int shown) {
        long left = rest == Long.MAX_VALUE ? rest : rest - shown;
        if (next == null || left <= 0) {
            return null;
        }
        StringBuilder link = new StringBuilder(request.url(path)).append('?');
        options.forEach((name, value) -> link.append(name)
                .append('=')
                .append(PercentEncoding.ofValue(value))
                .append('&'));
        String position = (rest == Long.MAX_VALUE ? "" : Long.toString(left)) + REST_END + next;
        return link.append(SKIP_TOKEN)
                .append('=')
                .append(PageToken.of(scope(tenant, path, options), position))
                .toString();
    }

    private static String scope(String tenant, String path, Map<String, String> options) {
        return tenant + " " + path + " " + options;
    }
}
