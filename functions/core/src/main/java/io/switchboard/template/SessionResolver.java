package io.switchboard.template;

import io.switchboard.http.Json;
import io.switchboard.http.ObjectReader;
import io.switchboard.http.PercentEncoding;
import io.switchboard.http.Violations;
import io.switchboard.session.Anchor;
import io.switchboard.session.Tab;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Resolves one session template for one caller: parameters, slugs, title, tabs, with the precedence of {@code DESIGN.md}
 * §4. One instance serves one create. Not thread-safe.
 */
public final class SessionResolver {
    private static final String DATA = "data";
    private static final String URL = "url";

    private final SessionTemplate template;
    private final List<ApplicationTabTemplate> tabTemplates;
    private final SessionInput input;
    private final Violations violations;
    private final Map<String, Object> defaults = new HashMap<>();
    private final Map<String, Object> context = new LinkedHashMap<>();
    private final TextResolver texts = new TextResolver();

    /**
     * @param tabTemplates the template's application tab templates: the anchor tab's first where it has one
     * @param violations what the caller must mend goes there
     */
    public SessionResolver(
            SessionTemplate template,
            List<ApplicationTabTemplate> tabTemplates,
            SessionInput input,
            Violations violations) {
        this.template = template;
        this.tabTemplates = tabTemplates;
        this.input = input;
        this.violations = violations;
    }

    /**
     * Resolves.
     *
     * @param tabIds gives the id of each new tab
     */
    public ResolvedSession resolve(Supplier<String> tabIds, Instant now) {
        checkDefinitions();
        resolveContext();
        String title = title();
        List<Tab> tabs = new ArrayList<>();
        if (template.type() == SessionType.ENTITY) {
            tabs.add(recordTab(title, tabIds.get(), now));
        }
        for (ApplicationTabTemplate tabTemplate : tabTemplates) {
            boolean isAnchor = tabs.isEmpty();
            tabs.add(tab(tabTemplate, isAnchor, tabs.size(), title, tabIds.get(), now));
        }
        warnOfUnknownTabs();
        return new ResolvedSession(title, context, anchor(), tabs, texts.warnings());
    }

    private Anchor anchor() {
        return new Anchor(pairText("entityName"), pairText("entityId"), input.anchorPairs());
    }

    private @Nullable String pairText(String name) {
        @Nullable Object value = input.anchorPairs().get(name);
        return value == null ? null : ObjectReader.textOf(value);
    }

    private void checkDefinitions() {
        for (ParameterDefinition definition : template.parameterDefinitions()) {
            @Nullable Object given = input.context().get(definition.name());
            if (definition.absent() != null) {
                defaults.put(definition.name(), definition.absent());
            }
            String target = (input.form() == SessionInput.Form.APM ? "sessionContext." : "templateParameters.")
                    + definition.name();
            if (given == null && definition.absent() == null && definition.isRequired()) {
                violations.add(
                        "parameterRequired",
                        target,
                        target + " is required by the session template " + template.uniqueName() + ".");
            }
            if (given != null && !admits(definition.type(), given)) {
                violations.add(
                        "parameterType",
                        target,
                        target + " must be a " + definition.type().text() + " for the session template "
                                + template.uniqueName() + ".");
            }
        }
    }

    /** APM's context is a map of texts: there a number or boolean arrives as a text that spells it. */
    private boolean admits(ParameterDefinition.Type type, Object given) {
        return type.admits(given)
                || (input.form() == SessionInput.Form.APM && given instanceof String text && type.isSpelledBy(text));
    }

    /** Callers' texts are resolved once, against the raw values; APM's and unknown members' are literal. */
    private void resolveContext() {
        for (var entry : input.context().entrySet()) {
            boolean isLiteral =
                    input.form() != SessionInput.Form.CIF || input.literals().contains(entry.getKey());
            context.put(
                    entry.getKey(),
                    isLiteral
                            ? entry.getValue()
                            : callersValue(entry.getValue(), Map.of(), "templateParameters." + entry.getKey()));
        }
    }

    private Object callersValue(Object value, Map<String, Object> rawTab, String target) {
        return texts.callersValue(value, key -> TextResolver.first(key, rawTab, input.context(), defaults), target);
    }

    private String title() {
        @Nullable String configured = template.title();
        String title = configured == null ? "" : resolve(configured, Map.of(), SlugText.Place.TEXT, "title");
        for (String fallback : template.fallbackTitles()) {
            if (!title.isBlank()) {
                break;
            }
            title = resolveWhole(fallback);
        }
        for (String key : List.of("customerName", "caseTitle")) {
            @Nullable Object value = context.get(key);
            if (title.isBlank() && value != null) {
                title = ObjectReader.textOf(value);
            }
        }
        return cut(title.isBlank() ? template.name() : title, "title");
    }

    /** A fallback title counts only where all of its slugs resolve. */
    private String resolveWhole(String text) {
        List<String> unresolved = new ArrayList<>();
        String resolved = SlugText.resolve(text, source(Map.of()), SlugText.Place.TEXT, unresolved::add);
        return unresolved.isEmpty() ? resolved : "";
    }

    private Tab recordTab(String sessionTitle, String id, Instant now) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (var pair : input.anchorPairs().entrySet()) {
            parameters.put(pair.getKey(), limited(pair.getValue(), "tabs[0].parameters." + pair.getKey()));
        }
        @Nullable String recordTitle = pairText("title");
        @Nullable String entityName = pairText("entityName");
        String title = template.applySessionTitleToAnchorTab()
                ? sessionTitle
                : recordTitle != null && !recordTitle.isBlank()
                        ? cut(recordTitle, "tabs[0].title")
                        : entityName == null ? sessionTitle : cut(entityName, "tabs[0].title");
        return new Tab(
                id, null, title, PageType.ENTITY_RECORD.text(), parameters, null, List.of(), false, 0, now, null);
    }

    private Tab tab(
            ApplicationTabTemplate tabTemplate,
            boolean isAnchor,
            int index,
            String sessionTitle,
            String id,
            Instant now) {
        String path = "tabs[" + index + "].";
        Map<String, Object> raw = input.perTab().getOrDefault(tabTemplate.uniqueName(), Map.of());
        Map<String, Object> own = new LinkedHashMap<>();
        for (var entry : raw.entrySet()) {
            own.put(
                    entry.getKey(),
                    callersValue(
                            entry.getValue(),
                            raw,
                            "templateParameters." + tabTemplate.uniqueName() + "." + entry.getKey()));
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        Map<String, Object> given = new HashMap<>();
        for (TabParameter parameter : tabTemplate.pageType().parameters()) {
            String name = parameter.name();
            String target = path + "parameters." + name;
            @Nullable Object configured = tabTemplate.parameters().get(name);
            @Nullable Object value = given(parameter, own, isAnchor);
            if (value != null) {
                given.put(name, value);
                if (parameter.form() == TabParameter.Form.URL) {
                    value = ownHostUrl(tabTemplate, ObjectReader.textOf(value), String.valueOf(configured));
                }
            } else if (configured != null) {
                value = configured(configured, own, parameter.form(), target);
            }
            if (value != null) {
                parameters.put(name, limited(value, target));
            }
        }
        String title = template.applySessionTitleToAnchorTab() && isAnchor
                ? sessionTitle
                : tabTitle(tabTemplate, own, path + "title");
        return new Tab(
                id,
                tabTemplate.uniqueName(),
                title,
                tabTemplate.pageType().text(),
                parameters,
                tabTemplate.pageType() == PageType.THIRD_PARTY_WEBSITE
                        ? composeUrl(tabTemplate, parameters, given, own)
                        : null,
                tabTemplate.tags(),
                !isAnchor && tabTemplate.canClose(),
                0,
                now,
                null);
    }

    /** Per tab, then the anchor's pairs, then globally; what a page is changes per tab only. */
    private @Nullable Object given(TabParameter parameter, Map<String, Object> own, boolean isAnchor) {
        @Nullable Object value = own.get(parameter.name());
        if (value == null && isAnchor) {
            value = input.anchorPairs().get(parameter.name());
        }
        return value == null && !parameter.isIdentity() ? context.get(parameter.name()) : value;
    }

    private Object configured(Object configured, Map<String, Object> own, TabParameter.Form form, String target) {
        if (!(configured instanceof String text)) {
            return configured;
        }
        if (form == TabParameter.Form.URL) {
            return resolve(text, own, SlugText.Place.URL, target);
        }
        @Nullable Object json = jsonOrNull(text);
        return json == null
                ? resolve(text, own, SlugText.Place.TEXT, target)
                : Json.write(resolveLeaves(json, own, target));
    }

    /** JSON is parsed before its texts are resolved, so that no value changes its structure. */
    private static @Nullable Object jsonOrNull(String text) {
        String stripped = text.strip();
        boolean looksLikeJson = stripped.startsWith("[") || (stripped.startsWith("{") && stripped.endsWith("}"));
        if (!looksLikeJson) {
            return null;
        }
        try {
            return Json.read(stripped);
        } catch (Json.MalformedJson e) {
            // Text with a slug in front looks like JSON, and is none.
            return null;
        }
    }

    private @Nullable Object resolveLeaves(@Nullable Object json, Map<String, Object> own, String target) {
        if (json instanceof String text) {
            return resolve(text, own, SlugText.Place.TEXT, target);
        }
        if (json instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> resolved = new LinkedHashMap<>();
            for (var entry : ObjectReader.members(object).entrySet()) {
                resolved.put(entry.getKey(), resolveLeaves(entry.getValue(), own, target));
            }
            return resolved;
        }
        if (json instanceof List<?> array) {
            List<@Nullable Object> resolved = new ArrayList<>();
            for (Object element : array) {
                resolved.add(resolveLeaves(element, own, target));
            }
            return resolved;
        }
        return json;
    }

    private String ownHostUrl(ApplicationTabTemplate tabTemplate, String url, String configured) {
        if (!WebsiteUrl.haveSameHost(url, configured)) {
            String target = "templateParameters." + tabTemplate.uniqueName() + "." + URL;
            violations.add(
                    "urlNotAllowed",
                    target,
                    target + " must be an https address on the host of the application tab template "
                            + tabTemplate.uniqueName() + ".");
        }
        return PercentEncoding.ofUrlText(url);
    }

    /** The website's address with its data appended ({@code cif-apm.md} §D.2): values encoded, text as configured. */
    private @Nullable String composeUrl(
            ApplicationTabTemplate tabTemplate,
            Map<String, Object> parameters,
            Map<String, Object> given,
            Map<String, Object> own) {
        String url = ObjectReader.textOf(parameters.getOrDefault(URL, ""));
        if (url.isEmpty()) {
            return null;
        }
        @Nullable Object givenData = given.get(DATA);
        @Nullable Object configured = tabTemplate.parameters().get(DATA);
        if (parameters.getOrDefault(DATA, "").equals("") || (givenData == null && configured == null)) {
            return url;
        }
        String data = givenData != null
                ? PercentEncoding.ofValue(ObjectReader.textOf(givenData))
                : SlugText.resolve(
                        ObjectReader.textOf(String.valueOf(configured)), source(own), SlugText.Place.URL, key -> {});
        return WebsiteUrl.append(url, data);
    }

    private String tabTitle(ApplicationTabTemplate tabTemplate, Map<String, Object> own, String target) {
        @Nullable String configured = tabTemplate.title();
        String title = configured == null ? "" : resolve(configured, own, SlugText.Place.TEXT, target);
        return cut(title.isBlank() ? tabTemplate.name() : title, target);
    }

    private String resolve(String text, Map<String, Object> own, SlugText.Place place, String target) {
        return texts.resolve(text, source(own), place, target);
    }

    private SlugText.Source source(Map<String, Object> own) {
        return key -> {
            if (key.startsWith(TextResolver.ANCHOR)) {
                return input.anchorPairs().get(key.substring(TextResolver.ANCHOR.length()));
            }
            // The record source comes with its own setting; without it a query has no value.
            return SlugText.isQuery(key) ? null : TextResolver.first(key, own, context, defaults);
        };
    }

    private Object limited(Object value, String target) {
        if (ObjectReader.textOf(value).length() <= TabParameter.MAXIMUM_LENGTH) {
            return value;
        }
        texts.warn(
                "parameterTooLong",
                target,
                target + " is longer than " + TabParameter.MAXIMUM_LENGTH
                        + " characters once resolved, and was emptied.");
        return "";
    }

    private String cut(String title, String target) {
        return texts.cut(title, Template.MAXIMUM_TITLE, target);
    }

    private void warnOfUnknownTabs() {
        for (String name : input.perTab().keySet()) {
            boolean known = false;
            for (ApplicationTabTemplate tabTemplate : tabTemplates) {
                known |= tabTemplate.uniqueName().equals(name);
            }
            if (!known) {
                String target = "templateParameters." + name;
                texts.warn(
                        "unknownTab",
                        target,
                        target + " names no tab of the session template " + template.uniqueName()
                                + "; its values were not used. Use the unique name of an application tab template.");
            }
        }
    }
}
