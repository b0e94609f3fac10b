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
                "sessions($top=-1)",
                "sessions($top=5.5)",
                "sessions($top)",
                "sessions($count=yes)",
                "sessions($skip=1)",
                "organizer_v2($top=1)",
                "sessions/$ref",
                "sessions/$count",
                "*($select=id)",
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
    @ValueSource(
            strings = {
                "Id",
                "sessions/id",
                "id,,version",
                "",
                "caller",
                "id/x",
                "organizer_v2/",
                "organizer_v2/nothing",
                "organizer/",
                "/id",
                "sessions($select=id)"
            })
    void unknown_property_cannot_be_selected(String select) {
        Violations violations = new Violations();

        Shape.of(Map.of("$select", select), CallRecordTypes.callRecord(), violations);

        assertThat(violations.all()).extracting(Violation::target).contains("$select");
    }

    @Test
    void navigation_property_and_path_can_be_selected() {
        Shape shape = ofRecord(Map.of(
                "$select",
                "id,sessions,organizer_v2/identity/user,organizer/user/id",
                "$expand",
                "sessions($select=id)"));

        assertThat(shape.select()).containsExactly("id", "sessions", "organizer_v2/identity/user", "organizer/user/id");
        assertThat(shape.context()).isEqualTo("(id,organizer_v2/identity/user,organizer/user/id,sessions(id))");
        assertThat(shape.includes("organizer_v2")).isTrue();
        assertThat(shape.included("organizer_v2").select()).containsExactly("identity/user");
        assertThat(shape.includes("participants_v2")).isFalse();
    }

    @Test
    void star_expands_everything() {
        assertThat(ofRecord(Map.of("$expand", "sessions($expand=*),*")).expand())
                .containsOnlyKeys("sessions", "organizer_v2", "participants_v2")
                .containsEntry("sessions", new Shape(null, Map.of("segments", Shape.WHOLE)));
    }

    @Test
    void nested_top_and_count_are_repeated_in_links() {
        Shape sessions = requireNonNull(ofRecord(Map.of("$expand", "sessions(Top=5; $COUNT=true;select=id)"))
                .of("sessions"));

        assertThat(sessions.top()).isEqualTo(5);
        assertThat(sessions.counts()).isTrue();
        assertThat(sessions.options()).isEqualTo(Map.of("$select", "id", "$top", "5", "$count", "true"));
    }
}
