package io.switchboard.template.json;

import io.switchboard.json.ObjectReader;
import io.switchboard.template.AppProfile;
import io.switchboard.template.GenericSessionTemplates;
import io.switchboard.template.UniqueName;
import io.switchboard.template.rule.SelectionRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's JSON of app profiles. */
public final class AppProfileJson {
    /** The highest order ({@code docs/domain/app-profile-manager.md}, "App profiles"). */
    private static final int LAST_ORDER = 100;

    private static final int ORDER = 50;
    private static final int MAXIMUM_ROLES = 50;
    private static final int MAXIMUM_ROLE = 256;
    /** Limited so that replacing all of them fits one transaction of 100 items. */
    private static final int MAXIMUM_SESSION_TEMPLATES = 40;

    private static final int MAXIMUM_KEY = 100;
    private static final String SESSION_TEMPLATES = "sessionTemplates";
    private static final String DEFAULTS = "defaultSessionTemplates";

    private AppProfileJson() {}

    /** Reads the writable members and reports every violation of the rules of {@code api/app-profiles.yaml}. */
    public static AppProfile read(ObjectReader reader) {
        CommonMembers common = CommonMembers.read(reader);
        int profileOrder = reader.wholeNumber("profileOrder", 0, LAST_ORDER, ORDER);
        boolean isDefault = reader.bool("isDefault", false);
        List<String> roles = reader.texts("roles", MAXIMUM_ROLES, MAXIMUM_ROLE);
        List<String> sessionTemplates =
                reader.texts(SESSION_TEMPLATES, MAXIMUM_SESSION_TEMPLATES, UniqueName.MAXIMUM_LENGTH);
        @Nullable
        GenericSessionTemplates generic = reader.oneOf("genericSessionTemplates", GenericSessionTemplates.BY_TEXT);
        Map<String, String> channels = new LinkedHashMap<>();
        Map<String, String> entities = new LinkedHashMap<>();
        @Nullable ObjectReader defaults = reader.objectOrEmpty(DEFAULTS);
        if (defaults != null) {
            boolean listsAll = generic == GenericSessionTemplates.LISTED;
            readDefaults(defaults.objectOrEmpty("channels"), listsAll ? sessionTemplates : null, channels);
            readDefaults(defaults.objectOrEmpty("entities"), sessionTemplates, entities);
            defaults.rejectUnknown();
        }
        List<SelectionRule> rules =
                SelectionRuleJson.read(reader, generic == GenericSessionTemplates.LISTED ? sessionTemplates : null);
        CommonMembers.ignoreReadOnly(reader);
        reader.rejectUnknown();
        AppProfile profile = new AppProfile(
                common.uniqueName(),
                common.name(),
                common.description(),
                common.tags(),
                common.status(),
                profileOrder,
                isDefault,
                roles,
                sessionTemplates,
                generic == null ? GenericSessionTemplates.ALL : generic,
                channels,
                entities,
                rules);
        int references = profile.references().size();
        if (references > MAXIMUM_SESSION_TEMPLATES) {
            reader.violation(
                    "tooMany",
                    DEFAULTS,
                    "The profile refers to " + references + " session templates; at most " + MAXIMUM_SESSION_TEMPLATES
                            + " are allowed.");
        }
        return profile;
    }

    /** @param listed the allowed defaults; null for any */
    private static void readDefaults(
            @Nullable ObjectReader reader, @Nullable List<String> listed, Map<String, String> defaults) {
        if (reader == null) {
            return;
        }
        for (String key : reader.names()) {
            if (key.isBlank() || key.length() > MAXIMUM_KEY) {
                reader.violation(
                        "invalidValue",
                        key,
                        "The name of a channel or entity must have 1 to " + MAXIMUM_KEY + " characters.");
            }
            String template = reader.requiredText(key, UniqueName.MAXIMUM_LENGTH);
            if (template.isEmpty()) {
                continue;
            }
            if (listed != null && !listed.contains(template)) {
                reader.violation(
                        "notListed",
                        key,
                        reader.target(key) + " must be one of " + SESSION_TEMPLATES + ". Add " + template
                                + " to them.");
            }
            defaults.put(key, template);
        }
    }

    /** Writes the writable members. The caller can change the map. */
    public static Map<String, @Nullable Object> write(AppProfile profile) {
        Map<String, @Nullable Object> json = CommonMembers.write(profile);
        json.put("profileOrder", profile.profileOrder());
        json.put("isDefault", profile.isDefault());
        json.put("roles", profile.roles());
        json.put(SESSION_TEMPLATES, profile.sessionTemplates());
        json.put("genericSessionTemplates", profile.genericSessionTemplates().text());
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("channels", profile.channelDefaults());
        defaults.put("entities", profile.entityDefaults());
        json.put(DEFAULTS, defaults);
        json.put("rules", SelectionRuleJson.write(profile.rules()));
        return json;
    }
}
