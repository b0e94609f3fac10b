package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.identity.Permission;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.storage.Page;
import io.switchboard.storage.PositionForm;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ListingTest {
    /** Half a mebibyte as JSON in a response, because each quote is escaped and takes two bytes. */
    private static final String LARGE = "\"".repeat(128 * 1_024);

    private final ApiFunction function = new ApiFunction(
            new RouteTable(List.of(Route.of(
                    "GET",
                    "/things",
                    request -> {
                        Listing listing = Listing.of(request, "whose", Set.of(), PositionForm.number(1, 40));
                        @Nullable String after = listing.page().after();
                        List<Integer> items = new ArrayList<>();
                        for (int i = after == null ? 1 : Integer.parseInt(after) + 1; i <= 40; i++) {
                            items.add(i);
                        }
                        return listing.response(
                                new Page<>(items, null), item -> Map.of("id", item, "text", LARGE), String::valueOf);
                    },
                    Permission.SESSIONS_READ_WRITE))),
            ApiSettings.of(Map.of()),
            InstantSource.system()) {};

    @Test
    void page_of_large_items_ends_before_the_response_limit() {
        List<Object> found = new ArrayList<>();
        int pages = 0;
        ApiEvent page = ApiEvent.of("GET", "/things");
        while (true) {
            FunctionResponse answer = page.sendTo(function).is(200);
            pages++;
            found.addAll(answer.each("value", "id"));
            @Nullable Object next = answer.json().get("@odata.nextLink");
            if (next == null) {
                break;
            }
            page = ApiEvent.follow(String.valueOf(next));
        }

        assertThat(found).hasSize(40).doesNotHaveDuplicates();
        assertThat(pages).isBetween(4, 10);
    }
}
