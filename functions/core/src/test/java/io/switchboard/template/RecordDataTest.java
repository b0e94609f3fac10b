package io.switchboard.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordDataTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"title\":\"{caseTitle}\",\"n\":1.5,\"ok\":true,\"none\":null}",
                "{\"customerid\":[{\"id\":\"{id}\",\"name\":\"Contoso\",\"entityType\":\"account\"}]}",
                "{\"customerid\":[{\"id\":\"1\",\"entityType\":\"account\"},{\"id\":\"2\",\"entityType\":\"contact\"}]}",
                "{\"customerid\":[]}",
                "{prefill}",
                " {prefill} ",
                "{$odata.incident.title.?$filter=a eq '{x}'}",
            })
    void object_of_columns_or_one_slug_is_taken(String data) {
        assertThat(RecordData.wanted(data)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "{a}{b}",
                "x{a}",
                "{a",
                "[]",
                "[{\"id\":\"1\",\"entityType\":\"a\"}]",
                "1",
                "\"{a}\"",
                "null",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{slug}}",
                "{\"a\":{\"b\":1}}",
                "{\"a\":[\"x\"]}",
                "{\"a\":[{\"id\":\"1\"}]}",
                "{\"a\":[{\"entityType\":\"account\"}]}",
                "{\"a\":[{\"id\":1,\"entityType\":\"account\"}]}",
                "{\"a\":[{\"id\":\"1\",\"entityType\":\"account\",\"name\":1}]}",
                "{\"a\":[{\"id\":\"1\",\"entityType\":\"account\",\"more\":\"x\"}]}",
                "{\"a\":1} {",
            })
    void anything_else_is_not(String data) {
        assertThat(RecordData.wanted(data)).isNotNull();
    }

    @Test
    void only_a_text_can_hold_it() {
        assertThat(RecordData.wanted(true)).contains("JSON object");
        assertThat(RecordData.wanted(1)).contains("JSON object");
        assertThat(RecordData.wanted("{\"a\":[1]}")).contains("column a").contains("entityType");
    }
}
