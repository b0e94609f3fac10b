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

/** Replays the cases of the tables of {@code events/}: each name says what must be answered. */
public final class EventFiles {
    private static final Pattern NAME =
            Pattern.compile("(?<status>[1-5][0-9]{2})(\\.(?<code>[A-Za-z]+))?\\.[a-z0-9-]+");

    private EventFiles() {}

    /** One test per case of a function's table; a request that is refused must have written nothing. */
    public static Stream<DynamicTest> replay(String function, RequestStreamHandler handler, Tables tables) {
        // What one case leaves is what the next one finds: scanned once.
        AtomicReference<Set<Map<String, AttributeValue>>> items = new AtomicReference<>(tables.items());
        return EventCase.of(function).stream()
                .map(event -> DynamicTest.dynamicTest(event.name(), () -> {
                    Answer answer = ApiEvent.of(event).sendTo(handler);
                    var after = tables.items();
                    check(event.name(), answer, items.getAndSet(after), after);
                }));
    }

    /** Also without a body, and inside a batch. */
    private static boolean creates(Answer answer) {
        return answer.status() == 201
                || answer.headers().containsKey("OData-EntityId")
                || (answer.status() == 200 && answer.body().contains("\"status\":201,"));
    }

    private static void check(
            String says,
            Answer answer,
            Set<Map<String, AttributeValue>> before,
            Set<Map<String, AttributeValue>> after) {
        Matcher name = NAME.matcher(says);
        assertThat(name.matches()).as("name says status, code and what it is").isTrue();
        int status = Integer.parseInt(name.group("status"));
        answer.is(status);
        if (status >= 400) {
            answer.isErrorBody();
            assertThat(answer.names(name.group("code"))).as(answer.body()).isTrue();
        }
        if (status == 400) {
            assertThat(answer.text("error.code")).isEqualTo("invalidRequest");
            assertThat(answer.detailCodes()).isNotEmpty();
        }
        if (creates(answer)) {
            assertThat(after).hasSizeGreaterThan(before.size());
        } else {
            assertThat(after).isEqualTo(before);
        }
    }
}
