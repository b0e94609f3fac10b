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
    void object_of_columns_or_one_slug_is_accepted(String data) {
        assertThat(RecordData.requirement(data)).isNull();
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
    void other_data_is_rejected(String data) {
        assertThat(RecordData.requirement(data)).isNotNull();
    }

    @Test
    void value_other_than_a_string_is_rejected() {
        assertThat(RecordData.requirement(true)).contains("JSON object");
        assertThat(RecordData.requirement(1)).contains("JSON object");
        assertThat(RecordData.requirement("{\"a\":[1]}")).contains("column a").contains("entityType");
    }
}
