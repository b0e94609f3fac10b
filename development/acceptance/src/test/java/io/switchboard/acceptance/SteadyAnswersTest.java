package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class SteadyAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ONE = "898d835f-d6bd-4b20-851c-567312b5d4ee";
    private static final String TWO = "7750532d-8b8e-4556-8858-dc8c0a308ec0";

    private final SteadyAnswers here = new SteadyAnswers();
    private final SteadyAnswers there = new SteadyAnswers();

    @Test
    void other_ids_in_the_same_places_are_equal() throws Exception {
        assertThat(here.of(answer(ONE, ONE, "2026-11-21T10:00:00Z", 1)))
                .isEqualTo(there.of(answer(TWO, TWO, "2026-11-21T10:00:00.123456789Z", 1)));
    }

    @Test
    void an_id_that_comes_back_must_come_back_on_both_sides() throws Exception {
        assertThat(here.of(answer(ONE, ONE, "", 1))).isNotEqualTo(there.of(answer(ONE, TWO, "", 1)));
    }

    @Test
    void an_id_is_the_same_one_in_a_later_answer() throws Exception {
        here.of(answer(ONE, TWO, "", 1));
        there.of(answer(TWO, ONE, "", 1));

        assertThat(here.of(answer(ONE, ONE, "", 1))).isEqualTo(there.of(answer(TWO, TWO, "", 1)));
        assertThat(here.of(answer(ONE, ONE, "", 1))).isNotEqualTo(there.of(answer(ONE, ONE, "", 1)));
    }

    @Test
    void everything_else_counts() throws Exception {
        JsonNode answer = here.of(answer(ONE, ONE, "", 1));

        assertThat(answer).isNotEqualTo(there.of(answer(ONE, ONE, "", 2)));
        assertThat(answer).isNotEqualTo(there.of(answer(ONE, ONE, "2026-11-21", 1)));
        assertThat(answer).isNotEqualTo(there.of(answer(ONE, "none", "", 1)));
    }

    @Test
    void a_desks_tag_is_an_id_and_a_version_is_none() throws Exception {
        assertThat(here.of(JSON.readTree("{\"ETag\":\"W/\\\"7bdfa06bf3cd3433d4\\\"\"}")))
                .isEqualTo(there.of(JSON.readTree("{\"ETag\":\"W/\\\"cecbe1a742bbc02a5b\\\"\"}")));
        assertThat(here.of(JSON.readTree("{\"ETag\":\"W/\\\"1\\\"\"}")))
                .isNotEqualTo(there.of(JSON.readTree("{\"ETag\":\"W/\\\"2\\\"\"}")));
    }

    private static JsonNode answer(String header, String member, String instant, int number) throws Exception {
        var answer = JSON.createObjectNode();
        answer.putObject("headers").put("Location", "https://a.example/sessions/" + header);
        answer.put(
                "body",
                JSON.createObjectNode()
                        .put("sessionId", member)
                        .put("createdDateTime", instant)
                        .put("version", number)
                        .toString());
        return answer;
    }
}
