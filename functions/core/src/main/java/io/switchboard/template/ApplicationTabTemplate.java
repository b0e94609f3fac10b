package io.switchboard.template;

import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import io.switchboard.slug.WebsiteUrl;
import io.switchboard.text.InputLimits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An application tab template ({@code cif-apm.md} §D): a page type with its parameters.
 *
 * @param title may hold slugs; null: the name
 * @param canClose whether its tabs may be closed; the anchor never
 * @param allowedHosts hosts, each optionally with a port, that a caller's {@code url} may lead to, in addition to the template's own
 * @param parameters text, number or boolean by name; texts may hold slugs
 */
public record ApplicationTabTemplate(
        String uniqueName,
        String name,
        @Nullable String description,
        List<String> tags,
        Status status,
        @Nullable String title,
        PageType pageType,
        boolean canClose,
        List<String> allowedHosts,
        Map<String, Object> parameters)
        implements Template {
    private static final String ALLOWED_HOSTS = "allowedHosts";
    private static final String URL = "url";
    private static final int MAXIMUM_ALLOWED_HOSTS = 20;

    public ApplicationTabTemplate {
        tags = List.copyOf(tags);
        allowedHosts = List.copyOf(allowedHosts);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    @Override
    public TemplateKind kind() {
        return TemplateKind.APPLICATION_TAB_TEMPLATE;
    }

    @Override
    public Set<String> references() {
        return Set.of();
    }

    /** Reads the writable members and notes every violation of the rules of {@code cif-apm.md} §D.2. */
    public static ApplicationTabTemplate read(ObjectReader reader) {
        Template.Common common = Template.readCommon(reader);
        @Nullable String title = reader.optionalText("title", MAXIMUM_TITLE);
        @Nullable PageType pageType = reader.requiredOneOf("pageType", PageType.BY_TEXT);
        boolean canClose = reader.bool("canClose", true);
        List<String> allowedHosts = readAllowedHosts(reader, pageType);
        @Nullable ObjectReader parameters = reader.objectOrEmpty("parameters");
        // The rules of the parameters are those of the page type: without one there is nothing to hold them to.
        Map<String, Object> values =
                parameters == null || pageType == null ? Map.of() : readParameters(parameters, pageType);
        Template.ignoreReadOnly(reader);
        reader.refuseUnknown();
        checkUrl(reader, values, pageType);
        return new ApplicationTabTemplate(
                common.uniqueName(),
                common.name(),
                common.description(),
                common.tags(),
                common.status(),
                title,
                pageType == null ? PageType.CONTROL : pageType,
                canClose,
                allowedHosts,
                values);
    }

    private static void checkUrl(ObjectReader reader, Map<String, Object> parameters, @Nullable PageType pageType) {
        if (pageType != PageType.THIRD_PARTY_WEBSITE || !(parameters.get(URL) instanceof String url)) {
            return;
        }
        @Nullable String wanted = SlugText.isOneSlug(url) ? null : WebsiteUrl.wanted(url);
        if (wanted != null) {
            String name = "parameters." + URL;
            reader.violation("invalidValue", name, reader.target(name) + " must be " + wanted + ".");
        }
    }

    private static List<String> readAllowedHosts(ObjectReader reader, @Nullable PageType pageType) {
        List<String> hosts = reader.texts(ALLOWED_HOSTS, MAXIMUM_ALLOWED_HOSTS, WebsiteUrl.MAXIMUM_AUTHORITY);
        if (!hosts.isEmpty() && pageType != null && pageType != PageType.THIRD_PARTY_WEBSITE) {
            reader.violation(
                    "notAllowed",
                    ALLOWED_HOSTS,
                    reader.target(ALLOWED_HOSTS) + " applies to the page type " + PageType.THIRD_PARTY_WEBSITE.text()
                            + " only. Remove it.");
        }
        for (int i = 0; i < hosts.size(); i++) {
            if (!WebsiteUrl.isAuthority(hosts.get(i))) {
                String element = ALLOWED_HOSTS + "[" + i + "]";
                reader.violation(
                        "invalidValue",
                        element,
                        reader.target(element) + " " + InputLimits.excerpt(hosts.get(i))
                                + " is not a host name. Send a name such as help.contoso.com, optionally with a port.");
            }
        }
        return hosts;
    }

    private static Map<String, Object> readParameters(ObjectReader reader, PageType pageType) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (TabParameter parameter : pageType.parameters()) {
            @Nullable Object value = reader.any(parameter.name());
            boolean absent = value == null || (value instanceof String text && text.isBlank());
            if (absent) {
                if (parameter.needed() == TabParameter.Needed.IN_TEMPLATE) {
                    reader.violation(
                            "required",
                            parameter.name(),
                            reader.target(parameter.name()) + " is required for the page type " + pageType.text()
                                    + ".");
                }
                continue;
            }
            @Nullable Object scalar = reader.scalar(parameter.name(), value);
            if (scalar != null && checks(reader, parameter, scalar)) {
                values.put(parameter.name(), scalar);
            }
        }
        reader.refuseUnknown();
        return values;
    }

    /** Values with slugs are known only once they are resolved: their form is not checked here. */
    private static boolean checks(ObjectReader reader, TabParameter parameter, Object value) {
        String name = parameter.name();
        String text = ObjectReader.textOf(value);
        if (text.length() > TabParameter.MAXIMUM_LENGTH) {
            reader.violation(
                    "tooLong",
                    name,
                    reader.target(name) + " has " + text.length() + " characters; at most "
                            + TabParameter.MAXIMUM_LENGTH + " are allowed.");
            return false;
        }
        @Nullable String wanted = parameter.wanted(value);
        if (wanted != null) {
            reader.violation("invalidValue", name, reader.target(name) + " must be " + wanted + ".");
        }
        return wanted == null;
    }

    @Override
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = Template.commonJson(this);
        json.put("title", title);
        json.put("pageType", pageType.text());
        json.put("canClose", canClose);
        // Answers have shown the member only where there are hosts.
        if (!allowedHosts.isEmpty()) {
            json.put(ALLOWED_HOSTS, allowedHosts);
        }
        json.put("parameters", new LinkedHashMap<>(parameters));
        return json;
    }
}
