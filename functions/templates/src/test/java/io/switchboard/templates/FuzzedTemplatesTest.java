package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sends fuzzed bodies. Every error in any property returns 400 with the target of the property. */
class FuzzedTemplatesTest {
    private static final Tables TABLES = new Tables();
    private static final Map<String, Object> BY_TYPE =
            Map.of("text", "x", "number", 7, "boolean", true, "array", List.of(), "object", Map.of());

    private final ManageTemplates function = new ManageTemplates(TABLES.environment());
    private final String tenant = "tenant-" + UUID.randomUUID();

    /**
     * A collection with a body that contains every property.
     *
     * @param required the paths of the required properties
     * @param scalars the paths of the properties that accept a text, a number or a boolean
     * @param longest the most characters or elements by path
     */
    record Kind(
            String collection, String body, List<String> required, List<String> scalars, Map<String, Integer> longest) {
        @Override
        public String toString() {
            return collection;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Kind(
                        "/sessionTemplates",
                        """
                        {"uniqueName":"contoso_x","name":"X","description":"d","tags":["t"],"status":"active","type":"generic",
                         "title":"{customer}","fallbackTitles":["Call"],"applySessionTitleToAnchorTab":true,
                         "communicationPanelMode":"docked","sessionIcon":"/icon.svg","anchorTab":"msdyn_entityrecord",
                         "additionalTabs":["msdyn_omnichannel_kbsearch"],
                         "parameterDefinitions":[{"name":"customer","type":"string","required":true,"default":"x"}]}""",
                        List.of(
                                "uniqueName",
                                "name",
                                "type",
                                "communicationPanelMode",
                                "anchorTab",
                                "parameterDefinitions[0].name",
                                "parameterDefinitions[0].type"),
                        List.of(),
                        Map.ofEntries(
                                Map.entry("uniqueName", 128),
                                Map.entry("name", 100),
                                Map.entry("description", 2_000),
                                Map.entry("title", 200),
                                Map.entry("sessionIcon", 1_024),
                                Map.entry("anchorTab", 128),
                                Map.entry("tags[0]", 100),
                                Map.entry("fallbackTitles[0]", 200),
                                Map.entry("additionalTabs[0]", 128),
                                Map.entry("parameterDefinitions[0].name", 100),
                                Map.entry("parameterDefinitions[0].default", 2_048))),
                new Kind(
                        "/applicationTabTemplates",
                        """
                        {"uniqueName":"contoso_x","name":"X","description":"d","tags":["t"],"status":"active",
                         "title":"{customer}","pageType":"entityRecord","canClose":true,
                         "parameters":{"entityName":"incident","entityId":"x","formId":"x","validateRecord":true,
                          "data":"{\\"title\\":\\"{customer}\\"}"}}""",
                        List.of("uniqueName", "name", "pageType"),
                        List.of("parameters.entityName", "parameters.entityId", "parameters.formId"),
                        Map.of(
                                "uniqueName",
                                128,
                                "name",
                                100,
                                "description",
                                2_000,
                                "title",
                                200,
                                "tags[0]",
                                100,
                                "parameters.entityName",
                                2_048,
                                "parameters.data",
                                2_048)),
                new Kind(
                        "/notificationTemplates",
                        """
                        {"uniqueName":"contoso_x","name":"X","description":"d","tags":["t"],"status":"active",
                         "title":"{customer}","icon":"/icon.svg","showTimeout":true,"timeout":120,"autoAccept":false,
                         "autoPopupSession":false,"acceptButtonText":"a","showRejectButton":true,"rejectButtonText":"r",
                         "desktopNotification":"never","theme":"dark",
                         "fields":[{"name":"customer","fieldHeader":"Customer","value":"{customer}"}]}""",
                        List.of("uniqueName", "name", "title", "fields[0].name"),
                        List.of(),
                        Map.of(
                                "uniqueName",
                                128,
                                "name",
                                100,
                                "title",
                                100,
                                "icon",
                                1_024,
                                "acceptButtonText",
                                100,
                                "rejectButtonText",
                                100,
                                "fields[0].name",
                                100,
                                "fields[0].fieldHeader",
                                200,
                                "fields[0].value",
                                2_048)),
                new Kind(
                        "/appProfiles",
                        """
                        {"uniqueName":"contoso_x","name":"X","description":"d","tags":["t"],"status":"active",
                         "profileOrder":50,"isDefault":false,"roles":["voice.agent"],
                         "sessionTemplates":["case_entity_session_default_template"],"genericSessionTemplates":"all",
                         "defaultSessionTemplates":{"channels":{"chat":"msdyn_chat_session"},
                          "entities":{"incident":"case_entity_session_default_template"}}}""",
                        List.of("uniqueName", "name"),
                        List.of(),
                        Map.of(
                                "uniqueName",
                                128,
                                "name",
                                100,
                                "roles[0]",
                                256,
                                "sessionTemplates[0]",
                                128,
                                "defaultSessionTemplates.channels.chat",
                                128)));
    }

    private FunctionResponse send(Kind kind, Object body) {
        return ApiEvent.of("POST", kind.collection)
                .claim("tid", tenant)
                .body(body)
                .sendTo(function);
    }

    private void assertRejected(Kind kind, Map<String, @Nullable Object> body, String code, String path) {
        FunctionResponse response = send(kind, body);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < response.detailCodes().size(); i++) {
            found.add(response.detailCodes().get(i) + " "
                    + response.detailTargets().get(i));
        }
        assertThat(response.status())
                .as("%s %s: %s", code, path, response.body())
                .isEqualTo(400);
        assertThat(found).as(Json.write(body)).contains(code + " " + path);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void every_missing_wrong_too_long_misspelt_or_unknown_property_is_reported(Kind kind) {
        Map<String, @Nullable Object> good = Json.readOwn(kind.body);
        List<String> paths = new ArrayList<>();
        collect(good, "", paths);
        for (String path : paths) {
            boolean isElement = path.endsWith("]");
            if (kind.required.contains(path)) {
                assertRejected(kind, changed(good, path, null, true), "required", path);
            }
            @Nullable Object value = at(good, path);
            for (var wrong : BY_TYPE.entrySet()) {
                boolean isRight = typeOf(value).equals(wrong.getKey())
                        || (path.endsWith(".default")
                                && List.of("number", "boolean").contains(wrong.getKey()))
                        || (kind.scalars.contains(path)
                                && List.of("text", "number", "boolean").contains(wrong.getKey()));
                if (!isRight) {
                    boolean isData = path.equals("parameters.data") || path.equals("parameters.validateRecord");
                    boolean isScalar = List.of("text", "number", "boolean").contains(wrong.getKey());
                    assertRejected(
                            kind,
                            changed(good, path, wrong.getValue(), false),
                            isData && isScalar ? "invalidValue" : "wrongType",
                            path);
                }
            }
            if (!isElement && !isName(path)) {
                String misspelt = path.substring(0, path.lastIndexOf('.') + 1)
                        + path.substring(path.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
                assertRejected(kind, renamed(good, path), "unknownProperty", misspelt);
            }
            @Nullable Integer longest = kind.longest.get(path);
            if (longest != null) {
                assertRejected(kind, changed(good, path, "x".repeat(longest + 1), false), "tooLong", path);
            }
        }
        Map<String, @Nullable Object> unknown = copy(good);
        unknown.put("contosoUnknown", 1);
        assertRejected(kind, unknown, "unknownProperty", "contosoUnknown");
        send(kind, good).is(201);
    }

    /** Returns true if a path contains a name of a channel or entity, which callers choose. */
    private static boolean isName(String path) {
        return path.startsWith("defaultSessionTemplates.channels.")
                || path.startsWith("defaultSessionTemplates.entities.");
    }

    private static void collect(@Nullable Object tree, String path, List<String> paths) {
        if (tree instanceof Map<?, ?> object) {
            object.forEach((name, value) -> {
                String member = path.isEmpty() ? String.valueOf(name) : path + "." + name;
                paths.add(member);
                collect(value, member, paths);
            });
        } else if (tree instanceof List<?> array) {
            for (int i = 0; i < array.size(); i++) {
                paths.add(path + "[" + i + "]");
                collect(array.get(i), path + "[" + i + "]", paths);
            }
        }
    }

    private static String typeOf(@Nullable Object value) {
        return switch (value) {
            case String text -> "text";
            case Number number -> "number";
            case Boolean truth -> "boolean";
            case List<?> array -> "array";
            case null, default -> "object";
        };
    }

    private static @Nullable Object at(Object tree, String path) {
        @Nullable Object found = tree;
        for (String step : path.replace("[", ".").replace("]", "").split("\\.", -1)) {
            found = found instanceof List<?> array
                    ? array.get(Integer.parseInt(step))
                    : ((Map<?, ?>) Objects.requireNonNull(found)).get(step);
        }
        return found;
    }

    private static Map<String, @Nullable Object> copy(Map<String, @Nullable Object> body) {
        return Json.readOwn(Json.write(body));
    }

    @SuppressWarnings("unchecked") // JSON trees
    private static Map<String, @Nullable Object> changed(
            Map<String, @Nullable Object> body, String path, @Nullable Object value, boolean isRemoved) {
        Map<String, @Nullable Object> copy = copy(body);
        int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        Object parent = end < 0 ? copy : Objects.requireNonNull(at(copy, path.substring(0, end)));
        String last = path.substring(end + 1).replace("]", "");
        if (parent instanceof List<?> array) {
            ((List<@Nullable Object>) array).set(Integer.parseInt(last), value);
        } else if (isRemoved) {
            ((Map<String, @Nullable Object>) parent).remove(last);
        } else {
            ((Map<String, @Nullable Object>) parent).put(last, value);
        }
        return copy;
    }

    @SuppressWarnings("unchecked") // JSON trees
    private static Map<String, @Nullable Object> renamed(Map<String, @Nullable Object> body, String path) {
        Map<String, @Nullable Object> copy = copy(body);
        int end = path.lastIndexOf('.');
        Map<String, @Nullable Object> parent = end < 0
                ? copy
                : (Map<String, @Nullable Object>) Objects.requireNonNull(at(copy, path.substring(0, end)));
        String last = path.substring(end + 1);
        @Nullable Object value = parent.remove(last);
        parent.put(last.toUpperCase(Locale.ROOT), value);
        return new LinkedHashMap<>(copy);
    }
}
