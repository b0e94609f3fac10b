package io.switchboard.template.json;

import io.switchboard.json.ObjectReader;
import io.switchboard.template.Status;
import io.switchboard.template.Template;
import io.switchboard.template.UniqueName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of all kinds of templates. */
record CommonMembers(
        String uniqueName, String name, @Nullable String description, List<String> tags, Status status) {
    private static final int MAXIMUM_TAGS = 50;

    /** Reads the members. The reader collects the violations. */
    static CommonMembers read(ObjectReader reader) {
        String uniqueName = readUniqueName(reader);
        @Nullable Status status = reader.oneOf("status", Status.BY_TEXT);
        return new CommonMembers(
                uniqueName,
                reader.requiredText("name", Template.MAXIMUM_NAME),
                reader.optionalText("description", Template.MAXIMUM_DESCRIPTION),
                reader.texts("tags", MAXIMUM_TAGS, Template.MAXIMUM_NAME),
                status == null ? Status.ACTIVE : status);
    }

    /** Reads the unique name of a new template. The reader collects the violations. */
    static String readUniqueName(ObjectReader reader) {
        String uniqueName = reader.requiredText("uniqueName", UniqueName.MAXIMUM_LENGTH);
        if (!uniqueName.isEmpty()
                && uniqueName.length() <= UniqueName.MAXIMUM_LENGTH
                && !UniqueName.isValid(uniqueName)) {
            reader.violation(
                    "invalidValue",
                    "uniqueName",
                    "uniqueName must begin with a letter and contain only letters, digits and underscores, such as"
                            + " contoso_call.");
        }
        return uniqueName;
    }

    /** Accepts and ignores the read-only members, so that the body of a GET can be sent with PUT. */
    static void ignoreReadOnly(ObjectReader reader) {
        reader.ignore("origin", "version", "createdDateTime", "createdBy", "lastModifiedDateTime", "lastModifiedBy");
    }

    /** Writes the common members of a template. */
    static Map<String, @Nullable Object> write(Template template) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("uniqueName", template.uniqueName());
        json.put("name", template.name());
        json.put("description", template.description());
        json.put("tags", new ArrayList<>(template.tags()));
        json.put("status", template.status().text());
        return json;
    }
}
