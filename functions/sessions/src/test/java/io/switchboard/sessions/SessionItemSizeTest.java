package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.ItemSize;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The item sizes and the write units of a create. Each started kilobyte of an item takes one more unit. */
final class SessionItemSizeTest {
    private static final int KILOBYTE = 1_024;

    /** A create writes the session and the desk in one transaction. */
    private static final int UNITS_OF_A_CREATE = 4;

    @ParameterizedTest
    @CsvSource({
        "201.cif-example, 1", // CIF
        "201.apm-example, 1", // an entity's record
        "201.generic-template-in-apm-form, 2", // two tabs
        "201.idempotency-key, 1" // with the request's hash
    })
    void session_of_an_example_takes_four_write_units(String file, int tabs) {
        Tables tables = new Tables();

        assertThat((List<?>) ApiEvent.named("CreateSession", file)
                        .sendTo(new CreateSession(tables.environment()))
                        .is(201)
                        .json()
                        .get("tabs"))
                .hasSize(tabs);

        List<Map<String, AttributeValue>> items = new ArrayList<>(tables.items());
        assertThat(items).hasSize(2);
        assertThat(items)
                .as("the sizes of session and desk: "
                        + items.stream().map(ItemSize::of).toList())
                .allMatch(item -> ItemSize.of(item) < KILOBYTE);
        assertThat(ItemSize.unitsOfTransaction(items)).isEqualTo(UNITS_OF_A_CREATE);
    }
}
