package io.switchboard.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentifierTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "7c0a1d0e-0000-4000-8000-000000000000",
                "ann lee",
                "auth0|5f7c8ec7c33c6c004bbafe82",
                "#",
                "ann@contoso.example",
                "\u00c9lodie",
                "e\u0301lodie",
                "\u674e",
                "\ud83d\ude42",
                "\u2764\ufe0f",
                // A zero-width joiner is part of some words and of some emoji.
                "\ud83d\udc69\u200d\ud83d\udcbb"
            })
    void visible_text_is_a_valid_id(String id) {
        assertThat(Identifier.isValid(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "bob ",
                " bob",
                "bob\u00a0",
                "\u2003bob",
                "bob\u3000",
                "bob\u200b",
                "\ufeffbob",
                "bob\n",
                "bo\tb",
                "bo\u0000b",
                "bo\u007fb",
                "bo\u0085b",
                "bo\u2028b",
                "bo\u2029b",
                "\u202ebob",
                "bo\u200fb",
                "bo\u2066b",
                "bo\u061cb",
                "\u202e\u0000",
                "\u200d",
                "\u00ad",
                "\u034f",
                "\u3164",
                "\u115f\u1160",
                "\u2800",
                "\ufe0f",
                "\udb40\udc41",
                "\u2060\u200c"
            })
    void text_that_looks_like_another_is_not_an_id(String id) {
        assertThat(Identifier.isValid(id)).isFalse();
    }

    @Test
    void half_of_a_surrogate_pair_is_not_an_id() {
        assertThat(Identifier.isValid("a\ud83d")).isFalse();
        assertThat(Identifier.isValid("\ude42a")).isFalse();
    }

    @Test
    void printable_text_may_have_leading_and_trailing_spaces() {
        assertThat(Identifier.isPrintable(" call 4711 ")).isTrue();
        assertThat(Identifier.isPrintable("call\u0007")).isFalse();
        assertThat(Identifier.isPrintable("   ")).isFalse();
        assertThat(Identifier.isPrintable("")).isFalse();
    }
}
