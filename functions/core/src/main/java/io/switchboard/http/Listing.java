package io.switchboard.http;

import io.switchboard.json.Json;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.PageToken;
import io.switchboard.storage.PositionForm;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request for a list ({@code api/common.yaml}): {@code $top} from 1 to 100, by default 50; {@code $skiptoken} from
 * the previous page's {@code @odata.nextLink}; and the filters of the list. An unknown option is a 400.
 */
public final class Listing {
    private static final int DEFAULT_SIZE = 50;
    private static final int LARGEST_SIZE = 100;
    private static final String TOP = "$top";
    private static final String SKIP_TOKEN = "$skiptoken";

    private final Request request;
    private final Map<String, String> filters;
    private final String scope;
    private final PageRequest page;

    private Listing(Request request, Map<String, String> filters, String scope, PageRequest page) {
        this.request = request;
        this.filters = filters;
        this.scope = scope;
        this.page = page;
    }

    /**
     * Reads the query.
     *
     * @param owner the owner of the list, such as tenant and user: a token of another owner is rejected
     * @param knownFilters the filters of this list
     * @param positions the form of the positions in this list
     */
    public static Listing of(Request request, String owner, Set<String> knownFilters, PositionForm positions) {
        Set<String> known = new TreeSet<>(knownFilters);
        known.add(TOP);
        known.add(SKIP_TOKEN);
        Map<String, String> filters = new TreeMap<>(request.query(known));
        String top = filters.remove(TOP);
        String token = filters.remove(SKIP_TOKEN);
        String scope = owner + " " + request.path() + " " + filters;
        @Nullable String after = token == null ? null : PageToken.position(scope, token, positions);
        return new Listing(request, filters, scope, new PageRequest(after, top == null ? DEFAULT_SIZE : size(top)));
    }

    private static int size(String top) {
        try {
            int size = Integer.parseInt(top);
            if (size >= 1 && size <= LARGEST_SIZE) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Rejected below, like a number out of range.
        }
        throw Refusal.invalid("invalidValue", TOP, "$top must be a whole number from 1 to " + LARGEST_SIZE + ".");
    }

    /** Returns the requested page. */
    public PageRequest page() {
        return page;
    }

    /** Returns the text of a filter, if it was sent. */
    public Optional<String> filter(String name) {
        return Optional.ofNullable(filters.get(name));
    }

    /** Returns the value of a filter that accepts one of these values. */
    public <T> Optional<T> filter(String name, Map<String, T> values) {
        @Nullable String text = filters.get(name);
        if (text == null) {
            return Optional.empty();
        }
        @Nullable T value = values.get(text);
        if (value == null) {
            throw Refusal.invalid(
                    "invalidValue", name, name + " must be one of: " + String.join(", ", values.keySet()) + ".");
        }
        return Optional.of(value);
    }

    /** Returns the page as a response, with an absolute link to the next page. */
    public <T> Response response(Page<T> found, Function<T, Map<String, @Nullable Object>> toJson) {
        List<Map<String, @Nullable Object>> value = new ArrayList<>();
        for (T item : found.items()) {
            value.add(toJson.apply(item));
        }
        return response(value, found.next());
    }

    /**
     * Returns the page as a response that ends before the item that would exceed {@link InputLimits#PAGE_BYTES}.
     *
     * @param position returns the position of an item in the list
     */
    public <T> Response response(
            Page<T> found, Function<T, Map<String, @Nullable Object>> toJson, Function<T, String> position) {
        List<Map<String, @Nullable Object>> value = new ArrayList<>();
        @Nullable String last = null;
        int left = InputLimits.PAGE_BYTES;
        for (T item : found.items()) {
            Map<String, @Nullable Object> json = toJson.apply(item);
            left -= Json.escapedSize(json);
            if (left < 0 && last != null) {
                return response(value, last);
            }
            value.add(json);
            last = position.apply(item);
        }
        return response(value, found.next());
    }

    private Response response(List<Map<String, @Nullable Object>> value, @Nullable String next) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("value", value);
        if (next != null) {
            body.put("@odata.nextLink", nextLink(next));
        }
        return Response.ok(body);
    }

    private String nextLink(String position) {
        StringBuilder link = new StringBuilder(request.url(request.encodedPath()));
        link.append('?').append(TOP).append('=').append(page.size());
        for (var filter : filters.entrySet()) {
            link.append('&').append(filter.getKey()).append('=').append(PercentEncoding.ofValue(filter.getValue()));
        }
        return link.append('&')
                .append(SKIP_TOKEN)
                .append('=')
                .append(PageToken.of(scope, position))
                .toString();
    }
}
