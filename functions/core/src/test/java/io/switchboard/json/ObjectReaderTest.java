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
    void every_violation_is_noted_with_its_target_in_one_reading() {
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
                        element.refuseUnknown();
                        return element;
                    });
                    reader.refuseUnknown();
                }))
                .containsExactly("wrongType tabs[0].a", "unknownProperty tabs[1].b");
    }

    @Test
    void null_and_absent_are_the_same() {
        assertThat(violations("{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null}", reader -> {
                    assertThat(reader.optionalText("a", 3)).isNull();
                    assertThat(reader.bool("b", true)).isTrue();
                    assertThat(reader.texts("c", 3, 3)).isEmpty();
                    assertThat(reader.object("d")).isNull();
                    assertThat(reader.oneOf("e", COLOURS)).isNull();
                    assertThat(reader.optionalText("x", 3)).isNull();
                    assertThat(reader.objectOrEmpty("y")).isNotNull();
                    reader.refuseUnknown();
                }))
                .isEmpty();
        assertThat(violations("{\"a\":null}", reader -> reader.requiredText("a", 3)))
                .containsExactly("required a");
    }

    @Test
    void elements_of_arrays_have_targets_of_their_own() {
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
    void unknown_names_are_refused_and_those_in_other_case_are_told_the_right_one() {
        Violations violations = new Violations();
        ObjectReader reader = reader("{\"Title\":1,\"other\":1,\"@odata.etag\":1,\"id\":1}", "body", violations);
        reader.optionalText("title", 3);
        reader.ignore("id");
        reader.refuseUnknown();

        assertThat(violations.all()).extracting(Violation::code).containsOnly("unknownProperty");
        assertThat(violations.all()).extracting(Violation::target).containsExactly("body.Title", "body.other");
        assertThat(violations.all().getFirst().message()).endsWith("write title.");
    }

    @Test
    void message_names_the_type_that_came() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("\"x\"", "a text");
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
    void scalars_are_texts_numbers_and_booleans() {
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
