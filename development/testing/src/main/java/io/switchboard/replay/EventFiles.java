package io.switchboard.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Replays the cases of the tables of {@code events/}. The name of a case specifies the expected response. */
public final class EventFiles {
    private static final Pattern NAME =
            Pattern.compile("(?<status>[1-5][0-9]{2})(\\.(?<code>[A-Za-z]+))?\\.[a-z0-9-]+");

    private EventFiles() {}

    /** Returns one test for each case of a function's table. A rejected request must not have written anything. */
    public static Stream<DynamicTest> replay(String function, RequestStreamHandler handler, Tables tables) {
        // The items after one case are the items before the next one, so the tables are scanned once for each case.
        AtomicReference<Set<Map<String, AttributeValue>>> items = new AtomicReference<>(tables.items());
        return EventCase.of(function).stream()
                .map(event -> DynamicTest.dynamicTest(event.name(), () -> {
                    FunctionResponse response = ApiEvent.of(event).sendTo(handler);
                    var after = tables.items();
                    check(event.name(), response, items.getAndSet(after), after);
                }));
    }

    /** Includes responses without a body, parts of a batch, and counts of created rows. */
    private static boolean creates(FunctionResponse response) {
        return response.status() == 201
                || response.headers().containsKey("OData-EntityId")
                || (response.status() == 200
                        && (response.body().contains("\"status\":201,")
                                || response.body().matches("\\{\"created\":[1-9].*")));
    }

    private static void check(
            String caseName,
            FunctionResponse response,
            Set<Map<String, AttributeValue>> before,
            Set<Map<String, AttributeValue>> after) {
        Matcher name = NAME.matcher(caseName);
        assertThat(name.matches()).as("name has status, code and description").isTrue();
        int status = Integer.parseInt(name.group("status"));
        response.is(status);
        if (status >= 400) {
            response.isErrorBody();
            assertThat(response.names(name.group("code"))).as(response.body()).isTrue();
        }
        if (status == 400) {
            assertThat(response.text("error.code")).isEqualTo("invalidRequest");
            assertThat(response.detailCodes()).isNotEmpty();
        }
        if (creates(response)) {
            assertThat(after).hasSizeGreaterThan(before.size());
        } else {
            assertThat(after).isEqualTo(before);
        }
    }
}
