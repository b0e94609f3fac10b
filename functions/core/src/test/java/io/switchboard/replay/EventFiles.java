package io.switchboard.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Replays the files of {@code events/}: each name says what must be answered. */
public final class EventFiles {
    private static final Pattern NAME =
            Pattern.compile("(?<status>[1-5][0-9]{2})(\\.(?<code>[A-Za-z]+))?\\.[a-z0-9-]+\\.json");

    private EventFiles() {}

    /** One test per file of a function's folder; a request that is refused must have written nothing. */
    public static Stream<DynamicTest> replay(String function, RequestStreamHandler handler, Tables tables) {
        return ApiEvent.files(function).stream()
                .map(file ->
                        DynamicTest.dynamicTest(file.getFileName().toString(), () -> replay(file, handler, tables)));
    }

    private static void replay(Path file, RequestStreamHandler handler, Tables tables) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        assertThat(name.matches()).as("name says status, code and what it is").isTrue();
        int status = Integer.parseInt(name.group("status"));
        var before = tables.items();
        Answer answer = ApiEvent.of(file).sendTo(handler);
        answer.is(status);
        if (status >= 400) {
            answer.isErrorBody();
            assertThat(answer.names(name.group("code"))).as(answer.body()).isTrue();
        }
        if (status == 400) {
            assertThat(answer.text("error.code")).isEqualTo("invalidRequest");
            assertThat(answer.detailCodes()).isNotEmpty();
        }
        if (status == 201) {
            assertThat(tables.items()).hasSizeGreaterThan(before.size());
        } else {
            assertThat(tables.items()).isEqualTo(before);
        }
    }
}
