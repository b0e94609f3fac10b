package io.switchboard.callrecords.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.PathSyntax;
import io.switchboard.http.PathSyntax.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ODataPathTest {
    private final PathSyntax syntax = new ODataPath();

    /** Returns the segments after the first, which is empty; a key has quotes. */
    private List<String> read(String path) {
        List<Segment> segments = syntax.segments(path);
        assertThat(segments.getFirst()).isEqualTo(new Segment("", false));
        return segments.stream()
                .skip(1)
                .map(segment -> segment.isKey() ? "\"" + segment.text() + "\"" : segment.text())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/a/callRecords('4711')|a,callRecords,\"4711\"",
                "/a/callRecords(id='4711')|a,callRecords,\"4711\"",
                "/CALLRECORDS('x')/sessions('y')/segments('z')|CALLRECORDS,\"x\",sessions,\"y\",segments,\"z\"",
                "/sessions('a/b')/segments|sessions,\"a/b\",segments",
                "/sessions('a'')/b')|sessions,\"a')/b\"",
                "/sessions('O''Brien')|sessions,\"O'Brien\"",
                "/sessions('''')|sessions,\"'\"",
                "/sessions('(')|sessions,\"(\"",
                "/subscriptions('$x')|subscriptions,\"$x\"",
                "/participants_v2('')|participants_v2,\"\"",
                "/sessions('a')/|sessions,\"a\",",
            })
    void key_in_quotes_is_a_separate_segment(String path, String segments) {
        assertThat(String.join(",", read(path))).isEqualTo(segments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/callRecords/getPstnCalls(fromDateTime=a,toDateTime=b)|callRecords,getPstnCalls,\"fromDateTime=a,toDateTime=b\"",
                "/microsoft.graph.callRecords.getSmsLog('x')|getSmsLog,\"'x'\"",
                "/Microsoft.Graph.CALLRECORDS.GetSmsLog(())/b|GetSmsLog,\"()\",b",
                "/callRecords/microsoft.graph.delta()|callRecords,delta",
                "/callRecords/microsoft.graph.callRecords.delta|callRecords,delta",
                "/getPstnCalls()|getPstnCalls",
                "/delta(a)|delta,\"a\"",
            })
    void parameters_of_a_function_are_a_separate_segment_and_its_namespace_is_none(String path, String segments) {
        assertThat(String.join(",", read(path))).isEqualTo(segments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/callRecords/4711/sessions",
                "/callRecords/O'B",
                "/callRecords/a('b')",
                "/callRecords('a",
                "/callRecords('a')b",
                "/callRecords('O'B')",
                "/callRecords(a)",
                "/callRecords(id=a)",
                "/callRecords()",
                "/callRecords('",
                "/callRecords(",
                "/('a')",
                "/callRecords/getPstnCalls(fromDateTime=2019-11-01",
                "/callRecords/getPstnCalls(a)b",
                "/callRecords/getPstnCallsOf(a)",
                "//a/"
            })
    void other_paths_are_split_at_slashes_only(String path) {
        assertThat(read(path)).containsExactly(path.substring(1).split("/", -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$ref",
                "$value",
                "delta",
                "Delta",
                "microsoft.graph.callRecords.session",
                "microsoft.graph.callRecords.getPstnCalls",
                "getPstnCalls",
                "GETSMSLOG",
                "getSmsLog(",
                "smsLog",
                "pstnonlinemeetingdialoutreport"
            })
    void operation_is_not_an_id_except_as_a_key(String text) {
        assertThat(syntax.isReserved(new Segment(text, false))).isTrue();
        assertThat(syntax.isReserved(new Segment(text, true))).isFalse();
        assertThat(syntax.notFound("/sessions/" + text, List.of(new Segment(text, false))))
                .hasMessageStartingWith(text + " is not supported at this path");
        assertThat(PathId.segment(text)).startsWith("~");
    }

    @Test
    void refusal_of_a_function_states_its_call() {
        assertThat(syntax.notFound("/getSmsLog", List.of(new Segment("getSmsLog", false))))
                .hasMessageContaining("Use GET /communications/callRecords/getSmsLog(fromDateTime=");
    }

    @Test
    void ordinary_ids_are_not_reserved() {
        for (String text : List.of("4711", "deltas", "a$b", "getPstn", "smsLogs")) {
            assertThat(syntax.isReserved(new Segment(text, false))).as(text).isFalse();
        }
        assertThat(syntax.isReserved(new Segment("", true))).isTrue();
        assertThat(PathId.segment("sessions('x')")).startsWith("~");
    }
}
