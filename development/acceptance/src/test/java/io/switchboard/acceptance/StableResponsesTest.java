package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class StableResponsesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ONE = "898d835f-d6bd-4b20-851c-567312b5d4ee";
    private static final String TWO = "7750532d-8b8e-4556-8858-dc8c0a308ec0";

    private final StableResponses here = new StableResponses();
    private final StableResponses there = new StableResponses();

    @Test
    void different_ids_in_the_same_positions_are_equal() throws Exception {
        assertThat(here.of(response(ONE, ONE, "2026-11-21T10:00:00Z", 1)))
                .isEqualTo(there.of(response(TWO, TWO, "2026-11-21T10:00:00.123456789Z", 1)));
    }

    @Test
    void repeated_id_must_be_repeated_in_both_systems() throws Exception {
        assertThat(here.of(response(ONE, ONE, "", 1))).isNotEqualTo(there.of(response(ONE, TWO, "", 1)));
    }

    @Test
    void id_is_identified_across_responses() throws Exception {
        here.of(response(ONE, TWO, "", 1));
        there.of(response(TWO, ONE, "", 1));

        assertThat(here.of(response(ONE, ONE, "", 1))).isEqualTo(there.of(response(TWO, TWO, "", 1)));
        assertThat(here.of(response(ONE, ONE, "", 1))).isNotEqualTo(there.of(response(ONE, ONE, "", 1)));
    }

    @Test
    void all_other_values_are_compared() throws Exception {
        JsonNode response = here.of(response(ONE, ONE, "", 1));

        assertThat(response).isNotEqualTo(there.of(response(ONE, ONE, "", 2)));
        assertThat(response).isNotEqualTo(there.of(response(ONE, ONE, "2026-11-21", 1)));
        assertThat(response).isNotEqualTo(there.of(response(ONE, "none", "", 1)));
    }

    @Test
    void hash_of_a_desk_etag_is_normalized_and_versions_are_not() {
        assertThat(here.of(etag("7-7bdfa06bf3cd3433d4"))).isEqualTo(there.of(etag("7-cecbe1a742bbc02a5b")));
        assertThat(here.of(etag("7-7bdfa06bf3cd3433d4"))).isNotEqualTo(there.of(etag("8-cecbe1a742bbc02a5b")));
        assertThat(here.of(etag("1"))).isNotEqualTo(there.of(etag("2")));
    }

    @Test
    void token_of_a_delta_link_is_normalized_and_its_options_are_not() {
        String link = "https://a.example/communications/callRecords/delta?$deltatoken=";
        assertThat(here.of(link(link + "WL07ip8c-Q_3"))).isEqualTo(there.of(link(link + "WL07ip8cXQ33")));
        assertThat(here.of(link(link + "a&$select=id"))).isNotEqualTo(there.of(link(link + "a&$select=type")));
    }

    private static JsonNode link(String value) {
        return JSON.createObjectNode().put("@odata.deltaLink", value);
    }

    private static JsonNode etag(String value) {
        return JSON.createObjectNode().put("ETag", "W/\"" + value + "\"");
    }

    private static JsonNode response(String header, String member, String instant, int number) throws Exception {
        var response = JSON.createObjectNode();
        response.putObject("headers").put("Location", "https://a.example/sessions/" + header);
        response.put(
                "body",
                JSON.createObjectNode()
                        .put("sessionId", member)
                        .put("createdDateTime", instant)
                        .put("version", number)
                        .toString());
        return response;
    }
}
