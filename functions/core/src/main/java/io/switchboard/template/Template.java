package io.switchboard.template;

import io.switchboard.json.ObjectReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an administrator defines: a template of one of the kinds. */
public sealed interface Template permits SessionTemplate, ApplicationTabTemplate, NotificationTemplate, AppProfile {
    /** The longest display name, in characters. */
    int MAXIMUM_NAME = 100;

    /** The largest template, in bytes of its JSON: eight of them, with their versions, fit one transaction of 4 MB. */
    int MAXIMUM_BYTES = 131_072;

    /** The longest title, in characters. */
    int MAXIMUM_TITLE = 200;

    /** The longest description, in characters. */
    int MAXIMUM_DESCRIPTION = 2_000;

    /** The kind. */
    TemplateKind kind();

    /** The unique name, as it was created. */
    String uniqueName();

    /** The display name. */
    String name();

    /** A description, or null. */
    @Nullable
    String description();

    /** Labels; {@code templateTag} of a create and {@code tag} of a list look at them. */
    List<String> tags();

    /** Whether it may be used. */
    Status status();

    /** The unique names it refers to, of templates of the kind {@link TemplateKind#referred}. */
    Set<String> references();

    /** The writable members as JSON. */
    Map<String, @Nullable Object> toJson();

    /** Reads the members all kinds have; the reader notes what is wrong. */
    static Common readCommon(ObjectReader reader) {
        String uniqueName = readUniqueName(reader);
        @Nullable Status status = reader.oneOf("status", Status.BY_TEXT);
        return new Common(
                uniqueName,
                reader.requiredText("name", MAXIMUM_NAME),
                reader.optionalText("description", MAXIMUM_DESCRIPTION),
                reader.texts("tags", 50, MAXIMUM_NAME),
                status == null ? Status.ACTIVE : status);
    }

    /** Reads the unique name of a template that is to be; the reader notes what is wrong. */
    static String readUniqueName(ObjectReader reader) {
        String uniqueName = reader.requiredText("uniqueName", UniqueName.MAXIMUM_LENGTH);
        if (!uniqueName.isEmpty()
                && uniqueName.length() <= UniqueName.MAXIMUM_LENGTH
                && !UniqueName.isValid(uniqueName)) {
            reader.violation(
                    "invalidValue",
                    "uniqueName",
                    "uniqueName must begin with a letter and hold letters, digits and underscores only, such as contoso_call.");
        }
        return uniqueName;
    }

    /** Marks the read-only members as known: a PUT of a GET's body succeeds. */
    static void ignoreReadOnly(ObjectReader reader) {
        reader.ignore("origin", "version", "createdDateTime", "createdBy", "lastModifiedDateTime", "lastModifiedBy");
    }

    /** The JSON of the members all kinds have. */
    static Map<String, @Nullable Object> commonJson(Template template) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("uniqueName", template.uniqueName());
        json.put("name", template.name());
        json.put("description", template.description());
        json.put("tags", new ArrayList<>(template.tags()));
        json.put("status", template.status().text());
        return json;
    }

    /** The members all kinds have. */
    record Common(String uniqueName, String name, @Nullable String description, List<String> tags, Status status) {}
}
