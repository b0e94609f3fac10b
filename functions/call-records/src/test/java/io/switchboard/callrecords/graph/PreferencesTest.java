package io.switchboard.callrecords.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferencesTest {
    private static final Preferences NONE = Preferences.parse("");

    @Test
    void empty_header_has_no_preferences() {
        assertThat(NONE).isEqualTo(new Preferences(false, false, Integer.MAX_VALUE, false, false, false));
        assertThat(NONE.applied(Response.ok(Map.of()), 60, true).headers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            return=minimal                                    | true  | false | 2147483647 | false | false | false
            RETURN=Minimal                                    | true  | false | 2147483647 | false | false | false
            return=representation                             | false | true  | 2147483647 | false | false | false
            return=minimal, return=representation             | false | true  | 2147483647 | false | false | false
            odata.maxpagesize=5                               | false | false | 5          | false | false | false
            maxpagesize="5"                                   | false | false | 5          | false | false | false
            odata.maxpagesize=0                               | false | false | 2147483647 | false | false | false
            odata.maxpagesize=many                            | false | false | 2147483647 | false | false | false
            include-unknown-enum-members, omit-values=nulls   | false | false | 2147483647 | true  | true  | false
            respond-async, wait=5, handling=strict            | false | false | 2147483647 | false | false | true
            """)
    void what_is_known_is_followed_and_the_rest_ignored(
            String header,
            boolean minimal,
            boolean representation,
            int size,
            boolean unknown,
            boolean omits,
            boolean strict) {
        assertThat(Preferences.parse(header))
                .isEqualTo(new Preferences(minimal, representation, size, unknown, omits, strict));
    }

    @Test
    void only_applied_preferences_are_returned() {
        Preferences all =
                Preferences.parse("return=minimal,odata.maxpagesize=5,include-unknown-enum-members,omit-values=nulls");

        assertThat(all.applied(Response.ok(Map.of()), 60, false).headers())
                .containsEntry(
                        "Preference-Applied", "odata.maxpagesize=5, include-unknown-enum-members, omit-values=nulls");
        assertThat(all.applied(Response.noContent(), 0, true).headers())
                .containsEntry("Preference-Applied", "return=minimal");
        Preferences strict = Preferences.parse("handling=strict");
        assertThat(strict.applied(Response.ok(Map.of()), 60, false).headers()).isEmpty();
        assertThat(strict.applied(Response.noContent(), 0, true).headers())
                .containsEntry("Preference-Applied", "handling=strict");
        assertThat(Preferences.parse("odata.maxpagesize=500")
                        .applied(Response.ok(Map.of()), 60, false)
                        .headers())
                .isEmpty();
    }

    @Test
    void preference_lowers_the_page_size_and_never_raises_it() {
        assertThat(Preferences.parse("odata.maxpagesize=5").pageSize(60)).isEqualTo(5);
        assertThat(Preferences.parse("odata.maxpagesize=500").pageSize(60)).isEqualTo(60);
        assertThat(NONE.pageSize(60)).isEqualTo(60);
    }
}
