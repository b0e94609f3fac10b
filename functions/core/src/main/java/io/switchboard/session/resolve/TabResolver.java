package io.switchboard.session.resolve;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.session.Tab;
import io.switchboard.slug.SlugText;
import io.switchboard.slug.TextResolver;
import io.switchboard.slug.WebsiteUrl;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.PageType;
import io.switchboard.template.TabParameter;
import io.switchboard.template.Template;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resolves application tab templates into tabs of a new or open session. Not thread-safe. */
final class TabResolver {
    private static final String DATA = "data";
    private static final String URL = "url";

    private final TextResolver texts;
    private final SlugValues values;
    private final Violations violations;

    TabResolver(TextResolver texts, SlugValues values, Violations violations) {
        this.texts = texts;
        this.values = values;
        this.violations = violations;
    }

    /**
     * The values from which a tab is resolved.
     *
     * @param own the caller's values for this tab
     * @param pairs the pairs of {@code parametersStr}, for an anchor tab only
     * @param globals the caller's values for all tabs
     * @param path the prefix of the targets of warnings
     * @param callersPath the position of the caller's values for this tab in the request
     * @param sessionTitle the title that replaces the title of the tab's template; null for none
     */
    record TabSource(
            ApplicationTabTemplate template,
            Map<String, Object> own,
            Map<String, Object> pairs,
            Map<String, Object> globals,
            String path,
            String callersPath,
            @Nullable String sessionTitle,
            boolean isAnchor) {}

    Tab resolve(TabSource tabSource, String id, @Nullable String requestHash, Instant now) {
        ApplicationTabTemplate template = tabSource.template;
        SlugText.Source source = values.of(tabSource.own);
        Map<String, Object> parameters = new LinkedHashMap<>();
        Map<String, Object> given = new HashMap<>();
        for (TabParameter parameter : template.pageType().parameters()) {
            String name = parameter.name();
            String target = tabSource.path + "parameters." + name;
            @Nullable Object configured = template.parameters().get(name);
            @Nullable Object value = given(parameter, tabSource);
            int warned = texts.warnings().size();
            if (value != null) {
                given.put(name, value);
                if (parameter.form() == TabParameter.ValueKind.URL) {
                    value = allowedUrl(tabSource, ObjectReader.textOf(value), String.valueOf(configured));
                }
            } else if (configured != null) {
                value = parameter.form() == TabParameter.ValueKind.URL
                        ? configuredUrl(template, ObjectReader.textOf(configured), source, target)
                        : configured(configured, source, target);
            }
            if (value != null) {
                parameters.put(name, limited(value, target));
            }
            if (parameter.needed() == TabParameter.Needed.WHEN_OPENED
                    && isBlank(value)
                    && warned == texts.warnings().size()) {
                warnOfMissing(template, name, target);
            }
        }
        String title = tabSource.sessionTitle != null
                ? tabSource.sessionTitle
                : title(template, source, tabSource.path + "title");
        return new Tab(
                id,
                template.uniqueName(),
                title,
                template.pageType().text(),
                parameters,
                template.pageType() == PageType.THIRD_PARTY_WEBSITE
                        ? openableUrl(
                                template, composeUrl(template, parameters, given, source), parameters, tabSource.path)
                        : null,
                template.tags(),
                !tabSource.isAnchor && template.canClose(),
                0,
                now,
                requestHash);
    }

    /**
     * Returns the caller's value: per tab, then from the anchor's pairs, then global. The identity of a page changes
     * only per tab.
     */
    private static @Nullable Object given(TabParameter parameter, TabSource tabSource) {
        @Nullable Object value = tabSource.own.get(parameter.name());
        if (value == null) {
            value = tabSource.pairs.get(parameter.name());
        }
        return value == null && !parameter.isIdentity()
                ? TextResolver.scalar(parameter.name(), tabSource.globals)
                : value;
    }

    private static boolean isBlank(@Nullable Object value) {
        return value == null || (value instanceof String text && text.isBlank());
    }

    private void warnOfMissing(ApplicationTabTemplate template, String name, String target) {
        texts.warn(
                "parameterMissing",
                target,
                target + " is missing; a page of the type "
                        + template.pageType().text()
                        + " requires it. Send a value, or set " + name + " in the application tab template "
                        + InputLimits.excerpt(template.uniqueName()) + ".");
    }

    private Object configured(Object configured, SlugText.Source source, String target) {
        if (!(configured instanceof String text)) {
            return configured;
        }
        @Nullable Object json = jsonOrNull(text);
        return json == null
                ? texts.resolve(text, source, SlugText.Encoding.TEXT, target)
                : Json.write(resolveLeaves(json, source, target));
    }

    /** Resolves an address that is a single slug. If its host is not allowed, the tab opens without an address. */
    private String configuredUrl(ApplicationTabTemplate template, String text, SlugText.Source source, String target) {
        if (!SlugText.isOneSlug(text)) {
            return texts.resolve(text, source, SlugText.Encoding.URL, target);
        }
        String url = texts.resolve(text, source, SlugText.Encoding.TEXT, target);
        if (url.isBlank() || WebsiteUrl.isOnOneOf(template.allowedHosts(), url)) {
            return PercentEncoding.ofUrlText(url);
        }
        texts.warn(
                "urlNotAllowed",
                target,
                target + " " + InputLimits.excerpt(url) + " is not an https address on a host in allowedHosts; the tab"
                        + " opens without an address. Add the host to the application tab template "
                        + template.uniqueName() + ".");
        return "";
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
            // A text that begins with a slug looks like JSON but is not.
            return null;
        }
    }

    private @Nullable Object resolveLeaves(@Nullable Object json, SlugText.Source source, String target) {
        if (json instanceof String text) {
            return texts.resolve(text, source, SlugText.Encoding.TEXT, target);
        }
        if (json instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> resolved = new LinkedHashMap<>();
            for (var entry : ObjectReader.members(object).entrySet()) {
                resolved.put(entry.getKey(), resolveLeaves(entry.getValue(), source, target));
            }
            return resolved;
        }
        if (json instanceof List<?> array) {
            List<@Nullable Object> resolved = new ArrayList<>();
            for (Object element : array) {
                resolved.add(resolveLeaves(element, source, target));
            }
            return resolved;
        }
        return json;
    }

    private String allowedUrl(TabSource tabSource, String url, String configured) {
        ApplicationTabTemplate template = tabSource.template;
        if (!WebsiteUrl.haveSameHost(url, configured) && !WebsiteUrl.isOnOneOf(template.allowedHosts(), url)) {
            String target = tabSource.callersPath + '.' + URL;
            violations.add(
                    "urlNotAllowed",
                    target,
                    target + " must be an https address on the host of the application tab template "
                            + template.uniqueName() + ", or on one of its allowedHosts.");
        }
        return PercentEncoding.ofUrlText(url);
    }

    /**
     * Returns the address that the tab opens. Does not open a compiled address. Warns of an invalid host, which
     * templates from before the validation of hosts can contain.
     */
    private @Nullable String openableUrl(
            ApplicationTabTemplate template, @Nullable String url, Map<String, Object> parameters, String path) {
        if (url == null) {
            return null;
        }
        String target = path + "parameters." + URL;
        if (WebsiteUrl.isCompiled(url)) {
            texts.warn(
                    "urlNotOpenable",
                    target,
                    target
                            + " is an address compiled by Dynamics 365, which cannot be opened. Set the original url"
                            + " and data in the application tab template " + template.uniqueName() + ".");
            parameters.remove(DATA);
            String plain = ObjectReader.textOf(parameters.getOrDefault(URL, ""));
            if (!WebsiteUrl.isCompiled(plain)) {
                return plain;
            }
            parameters.remove(URL);
            return null;
        }
        if (!WebsiteUrl.isOpenable(url)) {
            texts.warn(
                    "urlNotOpenable",
                    target,
                    target
                            + " has an invalid host or port. Correct the url of the application tab template "
                            + template.uniqueName() + ".");
        }
        return url;
    }

    /** Appends data to the website's address. Values are encoded; configured text is not. */
    private static @Nullable String composeUrl(
            ApplicationTabTemplate template,
            Map<String, Object> parameters,
            Map<String, Object> given,
            SlugText.Source source) {
        String url = ObjectReader.textOf(parameters.getOrDefault(URL, ""));
        if (url.isEmpty()) {
            return null;
        }
        @Nullable Object givenData = given.get(DATA);
        @Nullable Object configured = template.parameters().get(DATA);
        if (parameters.getOrDefault(DATA, "").equals("") || (givenData == null && configured == null)) {
            return url;
        }
        String data = givenData != null
                ? PercentEncoding.ofValue(ObjectReader.textOf(givenData))
                : SlugText.resolve(
                        ObjectReader.textOf(String.valueOf(configured)),
                        source,
                        SlugText.Encoding.URL,
                        (key, why) -> {});
        return WebsiteUrl.append(url, data);
    }

    private String title(ApplicationTabTemplate template, SlugText.Source source, String target) {
        @Nullable String configured = template.title();
        String title = configured == null ? "" : texts.resolve(configured, source, SlugText.Encoding.TEXT, target);
        return texts.cut(title.isBlank() ? template.name() : title, Template.MAXIMUM_TITLE, target);
    }

    /** Returns the value, or an empty text if it is too long. */
    Object limited(Object value, String target) {
        if (ObjectReader.textOf(value).length() <= TabParameter.MAXIMUM_LENGTH) {
            return value;
        }
        texts.warn(
                "parameterTooLong",
                target,
                target + " exceeded " + TabParameter.MAXIMUM_LENGTH
                        + " characters when resolved and was replaced by an empty string.");
        return "";
    }
}
