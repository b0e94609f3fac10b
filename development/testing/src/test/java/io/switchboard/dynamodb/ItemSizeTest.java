package io.switchboard.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the rules of "DynamoDB item sizes and formats" in the developer guide. */
final class ItemSizeTest {
    private static int size(AttributeValue value) {
        return ItemSize.of(Map.of("name", value)) - "name".length();
    }

    @Test
    void names_and_strings_take_their_utf_8_bytes() {
        assertThat(ItemSize.of(Map.of())).isZero();
        assertThat(ItemSize.of(Map.of("a", AttributeValue.fromS("")))).isEqualTo(1);
        assertThat(ItemSize.of(Map.of("Ä", AttributeValue.fromS("漢😀")))).isEqualTo(2 + 3 + 4);
        assertThat(ItemSize.of(Map.of("a", AttributeValue.fromS("x"), "bc", AttributeValue.fromS("yz"))))
                .isEqualTo(2 + 4);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "7, 2", "12, 2", "123, 3", "1234, 3", "100, 2", "0.0012, 2", "120, 2", "1795253400, 5", "-12, 3"
    })
    void numbers_take_a_byte_for_two_significant_digits_and_one_more(String number, int bytes) {
        assertThat(size(AttributeValue.fromN(number))).isEqualTo(bytes);
    }

    @Test
    void binaries_take_their_bytes_and_booleans_and_nulls_one() {
        assertThat(size(AttributeValue.fromB(SdkBytes.fromByteArray(new byte[5]))))
                .isEqualTo(5);
        assertThat(size(AttributeValue.fromBool(false))).isEqualTo(1);
        assertThat(size(AttributeValue.fromNul(true))).isEqualTo(1);
    }

    @Test
    void lists_and_maps_take_three_bytes_and_one_for_each_element() {
        assertThat(size(AttributeValue.fromL(List.of()))).isEqualTo(3);
        assertThat(size(AttributeValue.fromM(Map.of()))).isEqualTo(3);
        assertThat(size(AttributeValue.fromL(List.of(AttributeValue.fromS("ab"), AttributeValue.fromN("1")))))
                .isEqualTo(3 + (1 + 2) + (1 + 2));
        assertThat(size(AttributeValue.fromM(Map.of("k", AttributeValue.fromL(List.of())))))
                .isEqualTo(3 + 1 + 1 + 3);
    }

    @Test
    void sets_take_the_bytes_of_their_elements() {
        assertThat(size(AttributeValue.fromSs(List.of("ab", "漢")))).isEqualTo(2 + 3);
        assertThat(size(AttributeValue.fromNs(List.of("12", "345")))).isEqualTo(2 + 3);
    }

    @Test
    void transaction_costs_twice_the_rounded_up_units_of_each_item() {
        Map<String, AttributeValue> full = Map.of("a", AttributeValue.fromS("x".repeat(1_023)));
        Map<String, AttributeValue> over = Map.of("a", AttributeValue.fromS("x".repeat(1_024)));

        assertThat(ItemSize.of(full)).isEqualTo(1_024);
        assertThat(ItemSize.unitsOfTransaction(List.of(full, full))).isEqualTo(4);
        assertThat(ItemSize.unitsOfTransaction(List.of(full, over))).isEqualTo(6);
    }

    @Test
    void each_started_kilobyte_is_a_write_unit_and_each_four_are_a_read_unit() {
        assertThat(ItemSize.writeUnits(Map.of())).isEqualTo(1);
        assertThat(ItemSize.writeUnits(Map.of("a", AttributeValue.fromS("x".repeat(1_023)))))
                .isEqualTo(1);
        assertThat(ItemSize.writeUnits(Map.of("a", AttributeValue.fromS("x".repeat(1_024)))))
                .isEqualTo(2);
        assertThat(ItemSize.readUnits(0)).isEqualTo(1);
        assertThat(ItemSize.readUnits(4_096)).isEqualTo(1);
        assertThat(ItemSize.readUnits(4_097)).isEqualTo(2);
    }
}
