package io.switchboard.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ObjectReaderTest {
    private static final Map<String, String> COLOURS = Map.of("red", "RED");

    @Test
    void all_violations_are_recorded_with_their_targets() {
        assertThat(violations(
                        "{\"a\":1,\"b\":\"\",\"c\":\"xxxx\",\"d\":\"x\",\"e\":\"blue\",\"f\":{},\"g\":[1]}", reader -> {
                            reader.requiredText("a", 3);
                            reader.requiredText("b", 3);
                            reader.requiredText("c", 3);
                            reader.bool("d", true);
                            reader.oneOf("e", COLOURS);
                            reader.texts("f", 3, 3);
                            reader.object("g");
                            reader.requiredText("h", 3);
                            reader.requiredOneOf("i", COLOURS);
                        }))
                .containsExactly(
                        "wrongType a",
                        "required b",
                        "tooLong c",
                        "wrongType d",
                        "invalidValue e",
                        "wrongType f",
                        "wrongType g",
                        "required h",
                        "required i");
    }

    @Test
    void targets_begin_with_the_path_of_the_object() {
        assertThat(violations("{\"tabs\":[{\"a\":1},{\"a\":\"x\",\"b\":2}]}", reader -> {
                    reader.objects("tabs", 5, element -> {
                        element.requiredText("a", 3);
                        element.rejectUnknown();
                        return element;
                    });
                    reader.rejectUnknown();
                }))
                .containsExactly("wrongType tabs[0].a", "unknownProperty tabs[1].b");
    }

    @Test
    void null_is_treated_as_absent() {
        assertThat(violations("{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null}", reader -> {
                    assertThat(reader.optionalText("a", 3)).isNull();
                    assertThat(reader.bool("b", true)).isTrue();
                    assertThat(reader.texts("c", 3, 3)).isEmpty();
                    assertThat(reader.object("d")).isNull();
                    assertThat(reader.oneOf("e", COLOURS)).isNull();
                    assertThat(reader.optionalText("x", 3)).isNull();
                    assertThat(reader.objectOrEmpty("y")).isNotNull();
                    reader.rejectUnknown();
                }))
                .isEmpty();
        assertThat(violations("{\"a\":null}", reader -> reader.requiredText("a", 3)))
                .containsExactly("required a");
    }

    @Test
    void array_elements_have_separate_targets() {
        assertThat(violations(
                        "{\"a\":[\"x\",1,\" \",\"x\",\"long\",null,[],\"y\"]}",
                        reader -> assertThat(reader.texts("a", 10, 3)).containsExactly("x", "long", "y")))
                .containsExactly(
                        "wrongType a[1]",
                        "required a[2]",
                        "duplicateValue a[3]",
                        "tooLong a[4]",
                        "wrongType a[5]",
                        "wrongType a[6]");
        assertThat(violations("{\"a\":[\"x\",\"y\"]}", reader -> reader.texts("a", 1, 3)))
                .containsExactly("tooMany a");
        assertThat(violations("{\"a\":[1,{}]}", reader -> reader.objects("a", 3, element -> element)))
                .containsExactly("wrongType a[0]");
        assertThat(violations("{\"a\":[{},{}]}", reader -> reader.objects("a", 1, element -> element)))
                .containsExactly("tooMany a");
    }

    @Test
    void limits_are_inclusive() {
        assertThat(violations("{\"a\":\"xxx\",\"b\":[\"1\",\"2\"]}", reader -> {
                    reader.requiredText("a", 3);
                    reader.texts("b", 2, 1);
                }))
                .isEmpty();
    }

    @Test
    void unknown_name_is_rejected_and_wrong_case_is_corrected() {
        Violations violations = new Violations();
        ObjectReader reader = reader("{\"Title\":1,\"other\":1,\"@odata.etag\":1,\"id\":1}", "body", violations);
        reader.optionalText("title", 3);
        reader.ignore("id");
        reader.rejectUnknown();

        assertThat(violations.all()).extracting(Violation::code).containsOnly("unknownProperty");
        assertThat(violations.all()).extracting(Violation::target).containsExactly("body.Title", "body.other");
        assertThat(violations.all().getFirst().message()).endsWith("use title.");
    }

    @Test
    void message_has_the_type_that_was_sent() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("\"x\"", "a string");
        types.put("1", "a number");
        types.put("1.5", "a number");
        types.put("true", "a boolean");
        types.put("[]", "an array");
        types.put("{}", "an object");
        types.forEach((json, words) -> {
            Violations violations = new Violations();
            reader("{\"a\":" + json + "}", "", violations).wrongType("a", "a miracle", value(json));
            assertThat(violations.all().getFirst().message()).isEqualTo("a must be a miracle, not " + words + ".");
        });
    }

    @Test
    void scalars_are_strings_numbers_and_booleans() {
        assertThat(violations("{}", reader -> {
                    assertThat(reader.scalar("a", "x")).isEqualTo("x");
                    assertThat(reader.scalar("b", 1)).isEqualTo(1);
                    assertThat(reader.scalar("c", true)).isEqualTo(true);
                    assertThat(reader.scalar("d", List.of())).isNull();
                    assertThat(reader.scalar("e", Map.of())).isNull();
                    assertThat(reader.scalar("f", null)).isNull();
                }))
                .containsExactly("wrongType d", "wrongType e", "wrongType f");
        assertThat(ObjectReader.textOf(new BigDecimal("1.10"))).isEqualTo("1.10");
        assertThat(ObjectReader.textOf(true)).isEqualTo("true");
    }

    private static @Nullable Object value(String json) {
        try {
            return Json.read(json);
        } catch (Json.MalformedJson e) {
            throw new AssertionError(json, e);
        }
    }

    private static List<String> violations(String json, Consumer<ObjectReader> reading) {
        Violations violations = new Violations();
        reading.accept(reader(json, "", violations));
        List<String> found = new ArrayList<>();
        for (Violation violation : violations.all()) {
            found.add(violation.code() + " " + violation.target());
        }
        return found;
    }

    private static ObjectReader reader(String json, String path, Violations violations) {
        return new ObjectReader(Json.readOwn(json), path, violations);
    }
}
