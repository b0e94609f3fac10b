package io.switchboard.template.json;

import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import io.switchboard.slug.WebsiteUrl;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.PageType;
import io.switchboard.template.TabParameter;
import io.switchboard.template.Template;
import io.switchboard.text.InputLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's JSON of application tab templates. */
public final class ApplicationTabTemplateJson {
    private static final String ALLOWED_HOSTS = "allowedHosts";
    private static final String URL = "url";
    private static final int MAXIMUM_ALLOWED_HOSTS = 20;

    private ApplicationTabTemplateJson() {}

    /**
     * Reads the writable members and reports every violation of the rules of {@code docs/domain/session-templates.md},
     * "Page types".
     */
    public static ApplicationTabTemplate read(ObjectReader reader) {
        CommonMembers common = CommonMembers.read(reader);
        @Nullable String title = reader.optionalText("title", Template.MAXIMUM_TITLE);
        @Nullable PageType pageType = reader.requiredOneOf("pageType", PageType.BY_TEXT);
        boolean canClose = reader.bool("canClose", true);
        List<String> allowedHosts = readAllowedHosts(reader, pageType);
        @Nullable ObjectReader parameters = reader.objectOrEmpty("parameters");
        // The page type defines the parameters. Without a page type they are not validated.
        Map<String, Object> values =
                parameters == null || pageType == null ? Map.of() : readParameters(parameters, pageType);
        CommonMembers.ignoreReadOnly(reader);
        reader.rejectUnknown();
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
        @Nullable String requirement = SlugText.isOneSlug(url) ? null : WebsiteUrl.requirement(url);
        if (requirement != null) {
            String name = "parameters." + URL;
            reader.violation("invalidValue", name, reader.target(name) + " must be " + requirement + ".");
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
        reader.rejectUnknown();
        return values;
    }

    /** Validates a value. The form of a value with slugs is not validated before they are resolved. */
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
        @Nullable String requirement = parameter.requirement(value);
        if (requirement != null) {
            reader.violation("invalidValue", name, reader.target(name) + " must be " + requirement + ".");
        }
        return requirement == null;
    }

    /** Writes the writable members. The caller can change the map. */
    public static Map<String, @Nullable Object> write(ApplicationTabTemplate template) {
        Map<String, @Nullable Object> json = CommonMembers.write(template);
        json.put("title", template.title());
        json.put("pageType", template.pageType().text());
        json.put("canClose", template.canClose());
        // Responses contain the member only if there are hosts.
        if (!template.allowedHosts().isEmpty()) {
            json.put(ALLOWED_HOSTS, template.allowedHosts());
        }
        json.put("parameters", new LinkedHashMap<>(template.parameters()));
        return json;
    }
}
