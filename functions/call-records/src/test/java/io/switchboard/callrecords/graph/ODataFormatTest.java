package io.switchboard.callrecords.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.Response;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.replay.ApiEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ODataFormatTest {
    private final ApiFunction function = new ApiFunction(
            new RouteTable(List.of(
                    Route.open(
                            "GET",
                            "/json",
                            request -> Response.text(ODataFormat.of(request).contentType())),
                    Route.open(
                            "GET",
                            "/text",
                            request -> Response.text(ODataFormat.ofText(request).contentType())))),
            ApiSettings.of(Map.of()),
            InstantSource.system()) {};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|minimal|false",
                "*/*|minimal|false",
                "application/*|minimal|false",
                "application/json|minimal|false",
                "APPLICATION/JSON; charset=UTF-8|minimal|false",
                "application/json;odata.metadata=none|none|false",
                "application/json; ODATA.Metadata=\"Full\"|full|false",
                "application/json;metadata=full;IEEE754Compatible=TRUE|full|true",
                "application/json;odata.streaming=true;ieee754compatible=true|minimal|true",
                "application/xml, application/json;odata.metadata=none;q=0.1|none|false",
                "application/json;odata.metadata=none;q=0.5,application/json;odata.metadata=full|full|false",
                "application/json;odata.metadata=bogus, */*;q=0.1|minimal|false",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|minimal|false",
                "/,;|minimal|false",
                "application/json;q=2|minimal|false",
            })
    void form_of_the_accepted_media_range_with_the_highest_quality_is_used(
            String accept, String metadata, String isIeee754Compatible) {
        assertThat(ApiEvent.of("GET", "/json")
                        .header("accept", accept)
                        .sendTo(function)
                        .is(200)
                        .body())
                .isEqualTo("application/json;odata.metadata=" + metadata + ";odata.streaming=true;IEEE754Compatible="
                        + isIeee754Compatible + ";charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/xml",
                "text/plain",
                "application/json;odata.metadata=bogus",
                "application/json;q=0",
                "application/json;q=0, */*",
                "application/json;charset=utf-16",
                "application/atom+xml, text/*;q=0.3",
                "*/*;q=0.000"
            })
    void accept_that_excludes_json_is_not_acceptable(String accept) {
        ApiEvent.of("GET", "/json").header("accept", accept).sendTo(function).isError(406, "notAcceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/*", "text/plain;q=0.9", "application/json", "*/*"})
    void text_is_served_to_those_who_accept_text_or_json(String accept) {
        ApiEvent.of("GET", "/text").header("accept", accept).sendTo(function).is(200);
    }

    @ParameterizedTest
    @CsvSource({"4.0,200", "4.01,200", "5,200", "3.0,400", "1,400", "four,400", "4.0.0,400", "-4,400"})
    void maximum_version_below_4_is_rejected(String version, int status) {
        ApiEvent.of("GET", "/json")
                .header("odata-maxversion", version)
                .sendTo(function)
                .is(status);
    }
}
