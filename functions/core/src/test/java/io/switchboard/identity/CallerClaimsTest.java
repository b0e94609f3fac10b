package io.switchboard.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CallerClaimsTest {
    private final CallerClaims claims = new CallerClaims("tid", "");

    private Caller read(String... pairs) {
        return claims.read(map(pairs)).orElseThrow();
    }

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    @Test
    void missing_claims_have_no_caller() {
        assertThat(claims.read(null)).isEmpty();
        assertThat(claims.read(Map.of())).isEmpty();
        assertThat(new CallerClaims("tid", "fixed").read(Map.of())).isEmpty();
        assertThat(new CallerClaims("tid", "fixed").read(null)).isEmpty();
    }

    @Test
    void claims_without_a_tenant_have_no_caller() {
        assertThat(claims.read(map("oid", "u", "scp", "Sessions.Read"))).isEmpty();
        assertThat(claims.read(map("tid", "  ", "oid", "u", "scp", "Sessions.Read")))
                .isEmpty();
    }

    @Test
    void tenant_is_tid_another_claim_or_fixed() {
        Map<String, String> all = map("tid", "t", "org", "o", "oid", "u", "scp", "x");
        assertThat(claims.read(all).orElseThrow().tenant()).isEqualTo("t");
        assertThat(new CallerClaims("org", "").read(all).orElseThrow().tenant()).isEqualTo("o");
        assertThat(new CallerClaims("org", "f").read(all).orElseThrow().tenant())
                .isEqualTo("f");
        assertThat(new CallerClaims("org", "").read(map("tid", "t"))).isEmpty();
    }

    @Test
    void user_is_oid_or_else_sub() {
        assertThat(read("tid", "t", "oid", "u", "sub", "s", "scp", "x").user()).isEqualTo("u");
        assertThat(read("tid", "t", "sub", "s", "scp", "x").user()).isEqualTo("s");
        assertThat(read("tid", "t", "oid", "", "sub", "s", "scp", "x").user()).isEqualTo("s");
        assertThat(read("tid", "t", "scp", "x").user()).isNull();
    }

    @Test
    void provider_is_azp_or_else_appid_or_else_client_id() {
        assertThat(read("tid", "t", "azp", "a", "appid", "b", "client_id", "c").provider())
                .isEqualTo("a");
        assertThat(read("tid", "t", "appid", "b", "client_id", "c").provider()).isEqualTo("b");
        assertThat(read("tid", "t", "client_id", "c").provider()).isEqualTo("c");
        assertThat(read("tid", "t").provider()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scp", "scope", "roles"})
    void permission_is_granted_by_each_claim(String claim) {
        Caller caller = read("tid", "t", claim, "openid Sessions.ReadWrite");

        assertThat(caller.has(Permission.SESSIONS_READ_WRITE)).isTrue();
        assertThat(caller.has(Permission.SESSIONS_READ)).isFalse();
        assertThat(caller.has(Permission.SESSIONS_READ_WRITE_ALL)).isFalse();
    }

    @Test
    void permissions_of_all_claims_are_combined() {
        Caller caller = read(
                "tid", "t", "scp", "Sessions.Read", "scope", "Templates.Read", "roles", "[Sessions.ReadWrite.All]");

        assertThat(caller.grants())
                .containsExactlyInAnyOrder("Sessions.Read", "Templates.Read", "Sessions.ReadWrite.All");
        assertThat(caller.roles()).containsExactly("Sessions.ReadWrite.All");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "[a b]",
                "[\"a\",\"b\"]",
                "[ \"a\" , \"b\" ]",
                "[\"a\", \"b\"]",
                "  [a  b] ",
                " a  b ",
                "[\"a\" \"b\"]",
                "[\"a\",\"b\",\"a\"]"
            })
    void each_array_format_grants_its_elements(String roles) {
        assertThat(read("tid", "t", "roles", roles).roles()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void element_of_a_json_array_may_contain_spaces_and_commas() {
        assertThat(read("tid", "t", "roles", "[\"voice agent\",\"a,b\"]").roles())
                .containsExactlyInAnyOrder("voice agent", "a,b");
    }

    @Test
    void comma_outside_an_array_is_part_of_a_word() {
        assertThat(read("tid", "t", "scope", "a,b c").grants()).containsExactlyInAnyOrder("a,b", "c");
    }

    /** In each text, only words between plain spaces can be names, and no word equals the permission. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a,Sessions.ReadWrite.All]",
                "[Sessions.ReadWrite.All,a]",
                "Ses\"sions.ReadWrite.All\"",
                "\"Sessions.ReadWrite.All\"",
                "\"Sessions.ReadWrite.All",
                "a\u2003Sessions.ReadWrite.All",
                "a\u00a0Sessions.ReadWrite.All",
                "a\tSessions.ReadWrite.All",
                "a\nSessions.ReadWrite.All",
                "\tSessions.ReadWrite.All",
                "Sessions.ReadWrite.All\u2003",
                "a,Sessions.ReadWrite.All",
                "a;Sessions.ReadWrite.All",
                "Sessions.ReadWrite.All]",
                "[Sessions.ReadWrite.All",
                "[\"a\",Sessions.ReadWrite.All]",
                "[\"a\" Sessions.ReadWrite.All]",
                "[\"a\"Sessions.ReadWrite.All]",
                "[\"a,\"Sessions.ReadWrite.All\"]",
                "[\"a b] Sessions.ReadWrite.All]",
                "[\"a Sessions.ReadWrite.All]",
                "[a,\"Sessions.ReadWrite.All\"]",
                "[\"Sessions.ReadWrite.All\",]",
                "[\"Sessions.ReadWrite.All\",a]",
                "[\"a\"\"Sessions.ReadWrite.All\"]",
                "[\"a\",,\"Sessions.ReadWrite.All\"]",
                "[\" Sessions.ReadWrite.All\"]",
                "[[Sessions.ReadWrite.All]]",
                "{\"Sessions.ReadWrite.All\":1}",
                "sessions.readwrite.all"
            })
    void text_that_is_not_a_documented_list_grants_nothing(String list) {
        for (String claim : new String[] {"scp", "scope", "roles"}) {
            assertThat(read("tid", "t", claim, list).has(Permission.SESSIONS_READ_WRITE_ALL))
                    .as(claim)
                    .isFalse();
        }
    }

    /** An id that looks like another id must not be read as that id. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                " alice",
                "alice ",
                "\u2003alice",
                "alice\u00a0",
                "\ufeffalice",
                "al\u0000ice",
                "\u202ealice",
                " ",
                "\u200b"
            })
    void claims_with_an_invalid_id_have_no_caller(String id) {
        assertThat(claims.read(map("tid", "t", "oid", id, "scp", "x")))
                .as("user")
                .isEmpty();
        assertThat(claims.read(map("tid", "t", "sub", id, "scp", "x")))
                .as("subject")
                .isEmpty();
        assertThat(claims.read(map("tid", id, "oid", "u", "scp", "x")))
                .as("tenant")
                .isEmpty();
        assertThat(claims.read(map("tid", "t", "oid", "u", "azp", id, "scp", "x")))
                .as("provider")
                .isEmpty();
    }

    @Test
    void ids_are_used_exactly_as_in_the_claims() {
        Caller caller = read("tid", "T e\u0301", "oid", "Ann \u00c9 Lee", "azp", "App 1", "scp", "x");

        assertThat(caller.tenant()).isEqualTo("T e\u0301");
        assertThat(caller.user()).isEqualTo("Ann \u00c9 Lee");
        assertThat(caller.provider()).isEqualTo("App 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "[ ]", "[\"\"]", " "})
    void empty_array_grants_nothing(String roles) {
        assertThat(read("tid", "t", "roles", roles).grants()).isEmpty();
    }

    @Test
    void permission_is_a_whole_word_and_case_sensitive() {
        Caller caller = read("tid", "t", "scp", "Sessions.ReadWrite.Provider sessions.read xTemplates.Readx");

        assertThat(caller.has(Permission.SESSIONS_READ_WRITE_PROVIDER)).isTrue();
        for (Permission permission : Permission.values()) {
            if (permission != Permission.SESSIONS_READ_WRITE_PROVIDER) {
                assertThat(caller.has(permission)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "idtyp=app oid=u sub=s scp=Sessions.Read azp=p",
        "oid=u sub=p scp=Sessions.Read azp=p",
        "oid=u sub=s azp=p",
        "oid=u sub=s roles=Sessions.ReadWrite.All azp=p",
        "oid=u sub=s scp=[] scope=[] roles=Sessions.ReadWrite.All azp=p"
    })
    void app_only_token_has_no_user(String token) {
        Map<String, String> all = new HashMap<>(Map.of("tid", "t"));
        for (String claim : token.split(" ", -1)) {
            all.put(claim.substring(0, claim.indexOf('=')), claim.substring(claim.indexOf('=') + 1));
        }
        Caller caller = claims.read(all).orElseThrow();

        assertThat(caller.user()).isNull();
        assertThat(caller.name()).isEqualTo("p");
    }

    @Test
    void token_with_scope_only_has_a_user() {
        assertThat(read("tid", "t", "oid", "u", "sub", "s", "scope", "x", "azp", "p", "idtyp", "user")
                        .user())
                .isEqualTo("u");
        assertThat(read("tid", "t", "sub", "s", "scp", "x").name()).isEqualTo("s");
    }
}
