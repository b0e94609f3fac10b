package io.switchboard.template.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.template.AppProfile;
import io.switchboard.template.json.AppProfileJson;
import io.switchboard.template.json.TemplateJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conditions of rules, and what is wrong with them. */
final class SelectionRulesTest {
    /** 09:30 in Berlin. */
    private static final Instant NOW = Instant.parse("2026-12-01T08:30:00Z");

    private static final Map<String, List<Object>> VALUES = Map.of(
            "channel", List.of("chat"),
            "roles", List.of("agent", "lead"),
            "context.tier", List.of("gold"),
            "context.age", List.of("41"),
            "context.open", List.of(3),
            "context.vip", List.of(true),
            "record.code", List.of(7));

    private record Known(Map<String, List<Object>> all) implements Facts {
        @Override
        public List<Object> values(String path) {
            return all.getOrDefault(path, List.of());
        }

        @Override
        public Instant now() {
            return NOW;
        }
    }

    private final Violations violations = new Violations();

    private AppProfile profile(String more) {
        return AppProfileJson.read(new ObjectReader(
                Json.readOwn("{\"uniqueName\":\"contoso_a\",\"name\":\"A\"," + more + "}"), "", violations));
    }

    private AppProfile rule(String when) {
        return profile("\"rules\":[{\"name\":\"r\",\"then\":\"contoso_b\",\"when\":" + when + "}]");
    }

    private boolean matches(String when) {
        AppProfile profile = rule(when);
        assertThat(violations.all()).as(when).isEmpty();
        AppProfile again = AppProfileJson.read(
                new ObjectReader(Json.readOwn(Json.write(TemplateJson.write(profile))), "", violations));
        assertThat(again).as("written and read").isEqualTo(profile);
        SelectionRules.Selection selection = SelectionRules.select(profile.rules(), new Known(VALUES));
        assertThat(selection.template() != null)
                .isEqualTo(selection.evaluations().getFirst().matched());
        return selection.template() != null;
    }

    private List<String> violated(String when) {
        rule(when);
        List<String> found = new ArrayList<>();
        for (Violation violation : violations.all()) {
            found.add(violation.code() + " " + violation.target());
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "context.tier | eq | \"gold\" | true",
                "context.tier | eq | \"Gold\" | false",
                "context.tier | ne | \"silver\" | true",
                "context.tier | ne | \"gold\" | false",
                "context.none | ne | \"gold\" | true",
                "context.none | eq | \"gold\" | false",
                "context.age | eq | 41 | true",
                "context.age | eq | 41.0 | true",
                "context.open | eq | \"3\" | true",
                "context.vip | eq | \"true\" | true",
                "context.vip | eq | true | true",
                "context.tier | in | [\"silver\",\"gold\"] | true",
                "context.tier | in | [\"silver\"] | false",
                "roles | contains | \"lead\" | true",
                "roles | contains | \"lea\" | true",
                "roles | eq | \"lead\" | true",
                "roles | ne | \"lead\" | false",
                "roles | in | [\"lead\",\"boss\"] | true",
                "context.tier | contains | \"ol\" | true",
                "context.tier | startsWith | \"go\" | true",
                "context.tier | startsWith | \"ol\" | false",
                "context.open | startsWith | \"3\" | false",
                "context.open | gt | 2 | true",
                "context.open | gt | 3 | false",
                "context.open | lt | 3.5 | true",
                "context.age | gt | 9 | true",
                "context.age | gt | \"9\" | false",
                "context.tier | gt | 9 | false",
                "context.vip | gt | 0 | false",
                "context.open | between | [3,5] | true",
                "context.open | between | [1,3] | true",
                "context.open | between | [4,5] | false",
                "context.tier | between | [\"a\",\"h\"] | true",
                "context.tier | exists | true | true",
                "context.none | exists | true | false",
                "context.none | exists | false | true",
                "record.code | eq | 7 | true",
                "record.other | eq | 7 | false",
                "channel | eq | \"chat\" | true",
                "entity | eq | \"incident\" | false"
            })
    void operators(String path, String operator, String value, boolean expected) {
        assertThat(matches("{\"path\":\"" + path + "\",\"op\":\"" + operator + "\",\"value\":" + value + "}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "between, '[\"09:00\",\"10:00\"]', Europe/Berlin, true",
        "between, '[\"09:00\",\"09:30\"]', Europe/Berlin, false",
        "between, '[\"09:30\",\"09:31\"]', Europe/Berlin, true",
        "between, '[\"22:00\",\"06:00\"]', Europe/Berlin, false",
        "between, '[\"22:00\",\"09:31\"]', Europe/Berlin, true",
        "between, '[\"09:00\",\"10:00\"]', UTC, false",
        "gt, '\"09:29:59\"', Europe/Berlin, true",
        "lt, '\"09:30\"', Europe/Berlin, false",
        "lt, '\"17:00\"', Asia/Tokyo, false"
    })
    void times_of_day_are_those_of_the_zone(String operator, String value, String zone, boolean expected) {
        assertThat(matches("{\"path\":\"time\",\"op\":\"" + operator + "\",\"value\":" + value + ",\"timeZone\":\""
                        + zone + "\"}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"all\":[T,T]} | true",
                "{\"all\":[T,F]} | false",
                "{\"any\":[F,T]} | true",
                "{\"any\":[F,F]} | false",
                "{\"not\":F} | true",
                "{\"not\":{\"not\":{\"not\":{\"not\":T}}}} | true",
                "{\"all\":[{\"any\":[F,{\"not\":F}]},T]} | true"
            })
    void conditions_are_nested(String when, boolean expected) {
        String holds = "{\"path\":\"channel\",\"op\":\"eq\",\"value\":\"chat\"}";
        String fails = "{\"path\":\"channel\",\"op\":\"eq\",\"value\":\"sms\"}";
        assertThat(matches(when.replace("T", holds).replace("F", fails))).isEqualTo(expected);
    }

    @Test
    void first_rule_that_matches_decides_and_the_evaluation_ends_there() {
        AppProfile profile = profile("\"rules\":["
                + "{\"name\":\"a\",\"then\":\"contoso_a\",\"when\":{\"path\":\"context.tier\",\"op\":\"eq\",\"value\":\"silver\"}},"
                + "{\"name\":\"b\",\"then\":\"contoso_b\",\"when\":{\"path\":\"context.tier\",\"op\":\"eq\",\"value\":\"gold\"}},"
                + "{\"name\":\"c\",\"then\":\"contoso_c\",\"when\":{\"path\":\"channel\",\"op\":\"exists\"}}]");
        assertThat(profile.references()).containsExactly("contoso_a", "contoso_b", "contoso_c");

        SelectionRules.Selection selection = SelectionRules.select(profile.rules(), new Known(VALUES));

        assertThat(selection.template()).isEqualTo("contoso_b");
        assertThat(selection.evaluations())
                .extracting(each -> each.name() + " " + each.matched() + ": " + each.reason())
                .containsExactly(
                        "a false: context.tier is gold; the rule has eq silver",
                        "b true: context.tier is gold; the rule has eq gold");
        assertThat(SelectionRules.select(profile.rules(), new Known(Map.of())).template())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | required rules[0].when",
                "{\"all\":[],\"path\":\"channel\"} | notAllowed rules[0].when",
                "{\"all\":[]} | required rules[0].when.all",
                "{\"all\":[{}]} | required rules[0].when.all[0]",
                "{\"all\":7} | wrongType rules[0].when.all",
                "{\"path\":\"tier\",\"op\":\"eq\",\"value\":1} | invalidValue rules[0].when.path",
                "{\"path\":\"context.\",\"op\":\"eq\",\"value\":1} | invalidValue rules[0].when.path",
                "{\"path\":\"record.a b\",\"op\":\"eq\",\"value\":1} | invalidValue rules[0].when.path",
                "{\"path\":\"channel\",\"value\":1} | required rules[0].when.op",
                "{\"path\":\"channel\",\"op\":\"like\",\"value\":1} | invalidValue rules[0].when.op",
                "{\"path\":\"channel\",\"op\":\"eq\"} | required rules[0].when.value",
                "{\"path\":\"channel\",\"op\":\"eq\",\"value\":{}} | wrongType rules[0].when.value",
                "{\"path\":\"channel\",\"op\":\"in\",\"value\":\"chat\"} | invalidValue rules[0].when.value",
                "{\"path\":\"channel\",\"op\":\"in\",\"value\":[]} | invalidValue rules[0].when.value",
                "{\"path\":\"channel\",\"op\":\"in\",\"value\":[[]]} | wrongType rules[0].when.value[0]",
                "{\"path\":\"channel\",\"op\":\"between\",\"value\":[1]} | invalidValue rules[0].when.value",
                "{\"path\":\"channel\",\"op\":\"exists\",\"value\":1} | wrongType rules[0].when.value",
                "{\"path\":\"channel\",\"op\":\"exists\",\"timeZone\":\"UTC\"} | notAllowed rules[0].when.timeZone",
                "{\"path\":\"channel\",\"op\":\"exists\",\"extra\":1} | unknownProperty rules[0].when.extra",
                "{\"path\":\"time\",\"op\":\"lt\",\"value\":\"08:00\"} | required rules[0].when.timeZone",
                "{\"path\":\"time\",\"op\":\"lt\",\"value\":\"8\",\"timeZone\":\"UTC\"} | invalidValue rules[0].when.value",
                "{\"path\":\"time\",\"op\":\"eq\",\"value\":\"08:00\",\"timeZone\":\"UTC\"} | notAllowed rules[0].when.op",
                "{\"path\":\"time\",\"op\":\"lt\",\"value\":\"08:00\",\"timeZone\":\"X/Y\"} | invalidValue rules[0].when.timeZone"
            })
    void invalid_conditions_have_a_code_and_a_target(String when, String expected) {
        assertThat(violated(when)).containsExactly(expected);
    }

    @Test
    void levels_comparisons_and_rules_are_limited() {
        String leaf = "{\"path\":\"channel\",\"op\":\"exists\"}";
        assertThat(violated("{\"not\":{\"not\":{\"not\":{\"not\":{\"not\":" + leaf + "}}}}}"))
                .containsExactly("tooMany rules[0].when.not.not.not.not.not");
        List<String> many = java.util.Collections.nCopies(26, leaf);
        String half = "{\"any\":[" + String.join(",", many) + "]}";
        assertThat(new SelectionRulesTest().violated("{\"all\":[" + half + "," + half + "]}"))
                .containsExactly("tooMany rules[0].when");
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < 51; i++) {
            rules.add("{\"name\":\"r" + i + "\",\"then\":\"contoso_b\",\"when\":" + leaf + "}");
        }
        SelectionRulesTest other = new SelectionRulesTest();
        other.profile("\"rules\":[" + String.join(",", rules) + "]");
        assertThat(other.violations.all()).extracting(Violation::code).containsExactly("tooMany");
    }

    @Test
    void names_are_unique_and_templates_of_a_listed_profile_are_listed() {
        profile("\"genericSessionTemplates\":\"listed\",\"sessionTemplates\":[\"contoso_a\"],\"rules\":["
                + "{\"name\":\"a\",\"then\":\"contoso_a\",\"when\":{\"path\":\"channel\",\"op\":\"exists\"}},"
                + "{\"name\":\"a\",\"then\":\"contoso_b\",\"when\":{\"path\":\"channel\",\"op\":\"exists\"}},"
                + "{\"name\":\"b\",\"when\":{\"path\":\"channel\",\"op\":\"exists\"}},"
                + "{\"then\":\"contoso_a\"}]");
        assertThat(violations.all())
                .extracting(violation -> violation.code() + " " + violation.target())
                .containsExactly(
                        "duplicateValue rules[1].name",
                        "notListed rules[1].then",
                        "required rules[2].then",
                        "required rules[3].name",
                        "required rules[3].when");
    }
}
