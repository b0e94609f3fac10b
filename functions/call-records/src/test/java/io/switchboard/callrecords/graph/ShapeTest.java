package io.switchboard.callrecords.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
    private static Shape ofRecord(Map<String, String> options) {
        Violations violations = new Violations();
        Shape shape = Shape.of(options, CallRecordTypes.callRecord(), violations);
        assertThat(violations.all()).isEmpty();
        return shape;
    }

    @Test
    void missing_options_select_everything_and_expand_nothing() {
        assertThat(ofRecord(Map.of())).isEqualTo(Shape.WHOLE);
        assertThat(Shape.WHOLE.context()).isEmpty();
    }

    @Test
    void nested_expansions_have_their_own_options() {
        Shape shape = ofRecord(
                Map.of("$expand", "sessions($select=id,caller;$expand=segments($select=media)), participants_v2"));

        assertThat(shape.expand().keySet()).containsExactly("sessions", "participants_v2");
        Shape sessions = requireNonNull(shape.of("sessions"));
        assertThat(sessions.select()).containsExactly("id", "caller");
        assertThat(sessions.expand()).containsExactly(Map.entry("segments", new Shape(Set.of("media"), Map.of())));
        assertThat(shape.context()).isEqualTo("(sessions(id,caller,segments(media)),participants_v2())");
        assertThat(sessions.options()).isEqualTo(Map.of("$select", "id,caller", "$expand", "segments($select=media)"));
    }

    @Test
    void organizer_can_be_selected() {
        assertThat(ofRecord(Map.of("$select", "id, organizer_v2")).select()).containsExactly("id", "organizer_v2");
        assertThat(ofRecord(Map.of("$select", "*")).select()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "session",
                "sessions(",
                "sessions()",
                "sessions(segments)",
                "sessions($expand=sessions)",
                "sessions($top=5)",
                "sessions($filter=id eq '1')",
                "segments",
                "sessions,",
                "sessions($select=nothing)",
                ""
            })
    void unsupported_expansion_is_rejected(String expand) {
        Violations violations = new Violations();

        Shape.of(Map.of("$expand", expand), CallRecordTypes.callRecord(), violations);

        assertThat(violations.all()).extracting(Violation::target).containsAnyOf("$expand", "$select");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Id", "sessions", "participants_v2", "id,,version", "", "caller"})
    void unknown_property_cannot_be_selected(String select) {
        Violations violations = new Violations();

        Shape.of(Map.of("$select", select), CallRecordTypes.callRecord(), violations);

        assertThat(violations.all()).extracting(Violation::target).contains("$select");
    }
}
