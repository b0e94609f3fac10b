package io.switchboard.template;

import io.switchboard.http.Json;
import io.switchboard.http.ObjectReader;
import io.switchboard.http.PercentEncoding;
import io.switchboard.http.Violations;
import io.switchboard.session.Tab;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resolves application tab templates into tabs, of a new session or of one that is open. Not thread-safe. */
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
     * What one tab is resolved from.
     *
     * @param own the caller's values for this tab
     * @param pairs of {@code parametersStr}; for an anchor only
     * @param globals the caller's values for all tabs
     * @param path what targets of warnings begin with
     * @param callersPath where the caller's values for this tab stand in the request
     * @param sessionTitle the title the tab takes instead of its template's; null for none
     */
    record Wanted(
            ApplicationTabTemplate template,
            Map<String, Object> own,
            Map<String, Object> pairs,
            Map<String, Object> globals,
            String path,
            String callersPath,
            @Nullable String sessionTitle,
            boolean isAnchor) {}

    Tab resolve(Wanted wanted, String id, @Nullable String requestHash, Instant now) {
        ApplicationTabTemplate template = wanted.template;
        SlugText.Source source = values.of(wanted.own);
        Map<String, Object> parameters = new LinkedHashMap<>();
        Map<String, Object> given = new HashMap<>();
        for (TabParameter parameter : template.pageType().parameters()) {
            String name = parameter.name();
            String target = wanted.path + "parameters." + name;
            @Nullable Object configured = template.parameters().get(name);
            @Nullable Object value = given(parameter, wanted);
            if (value != null) {
                given.put(name, value);
                if (parameter.form() == TabParameter.Form.URL) {
                    value = ownHostUrl(wanted, ObjectReader.textOf(value), String.valueOf(configured));
                }
            } else if (configured != null) {
                value = configured(configured, source, parameter.form(), target);
            }
            if (value != null) {
                parameters.put(name, limited(value, target));
            }
        }
        String title =
                wanted.sessionTitle != null ? wanted.sessionTitle : title(template, source, wanted.path + "title");
        return new Tab(
                id,
                template.uniqueName(),
                title,
                template.pageType().text(),
                parameters,
                template.pageType() == PageType.THIRD_PARTY_WEBSITE
                        ? composeUrl(template, parameters, given, source)
                        : null,
                template.tags(),
                !wanted.isAnchor && template.canClose(),
                0,
                now,
                requestHash);
    }

    /** Per tab, then the anchor's pairs, then globally; what a page is changes per tab only. */
    private static @Nullable Object given(TabParameter parameter, Wanted wanted) {
        @Nullable Object value = wanted.own.get(parameter.name());
        if (value == null) {
            value = wanted.pairs.get(parameter.name());
        }
        return value == null && !parameter.isIdentity() ? TextResolver.scalar(parameter.name(), wanted.globals) : value;
    }

    private Object configured(Object configured, SlugText.Source source, TabParameter.Form form, String target) {
        if (!(configured instanceof String text)) {
            return configured;
        }
        if (form == TabParameter.Form.URL) {
            return texts.resolve(text, source, SlugText.Place.URL, target);
        }
        @Nullable Object json = jsonOrNull(text);
        return json == null
                ? texts.resolve(text, source, SlugText.Place.TEXT, target)
                : Json.write(resolveLeaves(json, source, target));
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

    private @Nullable Object resolveLeaves(@Nullable Object json, SlugText.Source source, String target) {
        if (json instanceof String text) {
            return texts.resolve(text, source, SlugText.Place.TEXT, target);
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

    private String ownHostUrl(Wanted wanted, String url, String configured) {
        if (!WebsiteUrl.haveSameHost(url, configured)) {
            String target = wanted.callersPath + '.' + URL;
            violations.add(
                    "urlNotAllowed",
                    target,
                    target + " must be an https address on the host of the application tab template "
                            + wanted.template.uniqueName() + ".");
        }
        return PercentEncoding.ofUrlText(url);
    }

    /** The website's address with its data appended ({@code cif-apm.md} §D.2): values encoded, text as configured. */
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
                        ObjectReader.textOf(String.valueOf(configured)), source, SlugText.Place.URL, (key, why) -> {});
        return WebsiteUrl.append(url, data);
    }

    private String title(ApplicationTabTemplate template, SlugText.Source source, String target) {
        @Nullable String configured = template.title();
        String title = configured == null ? "" : texts.resolve(configured, source, SlugText.Place.TEXT, target);
        return texts.cut(title.isBlank() ? template.name() : title, Template.MAXIMUM_TITLE, target);
    }

    /** The value, emptied where it is too long. */
    Object limited(Object value, String target) {
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
}
