package io.switchboard.template;

import io.switchboard.json.ObjectReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An app profile ({@code cif-apm.md} §G): who may open which session templates. Its users are assigned one by one and are not
 * part of it.
 *
 * @param profileOrder 0 to 100: of several profiles that a user's roles give, the lowest wins
 * @param isDefault whether it is for everybody no other profile is for; one of a tenant's may be
 * @param roles texts of the token's {@code roles} it is for
 * @param sessionTemplates the session templates it lists: every Entity one it has, at most one for each entity
 * @param genericSessionTemplates whether it has all Generic ones besides
 * @param channelDefaults the Generic session template that opens for a channel
 * @param entityDefaults the Entity session template that opens for an entity's records
 */
public record AppProfile(
        String uniqueName,
        String name,
        @Nullable String description,
        List<String> tags,
        Status status,
        int profileOrder,
        boolean isDefault,
        List<String> roles,
        List<String> sessionTemplates,
        GenericSessionTemplates genericSessionTemplates,
        Map<String, String> channelDefaults,
        Map<String, String> entityDefaults)
        implements Template {
    /** The last rank ({@code cif-apm.md} §G). */
    private static final int LAST_ORDER = 100;

    private static final int ORDER = 50;
    private static final int MAXIMUM_ROLES = 50;
    private static final int MAXIMUM_ROLE = 256;
    /** So that exchanging all of them at once still fits one transaction of 100 items. */
    private static final int MAXIMUM_SESSION_TEMPLATES = 40;

    private static final int MAXIMUM_KEY = 100;
    private static final String SESSION_TEMPLATES = "sessionTemplates";
    private static final String DEFAULTS = "defaultSessionTemplates";

    public AppProfile {
        tags = List.copyOf(tags);
        roles = List.copyOf(roles);
        sessionTemplates = List.copyOf(sessionTemplates);
        channelDefaults = Collections.unmodifiableMap(new LinkedHashMap<>(channelDefaults));
        entityDefaults = Collections.unmodifiableMap(new LinkedHashMap<>(entityDefaults));
    }

    @Override
    public TemplateKind kind() {
        return TemplateKind.APP_PROFILE;
    }

    @Override
    public Set<String> references() {
        Set<String> names = new LinkedHashSet<>(sessionTemplates);
        names.addAll(channelDefaults.values());
        names.addAll(entityDefaults.values());
        return names;
    }

    /** Reads the writable members and notes every violation of the rules of {@code API.md} §4. */
    public static AppProfile read(ObjectReader reader) {
        Template.Common common = Template.readCommon(reader);
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
            defaults.refuseUnknown();
        }
        Template.ignoreReadOnly(reader);
        reader.refuseUnknown();
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
                entities);
        int references = profile.references().size();
        if (references > MAXIMUM_SESSION_TEMPLATES) {
            reader.violation(
                    "tooMany",
                    DEFAULTS,
                    "The profile names " + references + " session templates; at most " + MAXIMUM_SESSION_TEMPLATES
                            + " are allowed.");
        }
        return profile;
    }

    /** @param listed the names a default must be one of; null for any */
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
                        "The name of a channel or entity has 1 to " + MAXIMUM_KEY + " characters.");
            }
            String template = reader.requiredText(key, UniqueName.MAXIMUM_LENGTH);
            if (template.isEmpty()) {
                continue;
            }
            if (listed != null && !listed.contains(template)) {
                reader.violation(
                        "notListed",
                        key,
                        reader.target(key) + " is not among " + SESSION_TEMPLATES + ": list " + template
                                + " there too.");
            }
            defaults.put(key, template);
        }
    }

    /**
     * Which references cannot stand where they stand, now that it is known what they are.
     *
     * @param referred the session templates that are there, by unique name
     */
    public List<Misfit> misfits(Map<String, SessionTemplate> referred) {
        List<Misfit> misfits = new ArrayList<>();
        Map<String, String> byEntity = new HashMap<>();
        for (int i = 0; i < sessionTemplates.size(); i++) {
            @Nullable SessionTemplate template = referred.get(sessionTemplates.get(i));
            if (template == null || template.type() != SessionType.ENTITY) {
                continue;
            }
            @Nullable String other = byEntity.putIfAbsent(String.valueOf(template.entity()), template.uniqueName());
            if (other != null) {
                misfits.add(new Misfit(
                        "duplicateEntity",
                        SESSION_TEMPLATES + "[" + i + "]",
                        "A profile lists one Entity template for an entity: " + other + " and " + template.uniqueName()
                                + " are both for " + template.entity() + ". Take one out."));
            }
        }
        for (var entry : channelDefaults.entrySet()) {
            @Nullable SessionTemplate template = referred.get(entry.getValue());
            if (template != null && template.type() != SessionType.GENERIC) {
                misfits.add(new Misfit(
                        "templateTypeNotAllowed",
                        DEFAULTS + ".channels." + entry.getKey(),
                        "A channel opens a Generic session template; " + entry.getValue() + " is an Entity one."));
            }
        }
        for (var entry : entityDefaults.entrySet()) {
            @Nullable SessionTemplate template = referred.get(entry.getValue());
            String target = DEFAULTS + ".entities." + entry.getKey();
            if (template != null && template.type() != SessionType.ENTITY) {
                misfits.add(new Misfit(
                        "templateTypeNotAllowed",
                        target,
                        "An entity's records open an Entity session template; " + entry.getValue()
                                + " is a Generic one."));
            } else if (template != null && !entry.getKey().equals(template.entity())) {
                misfits.add(new Misfit(
                        "entityMismatch",
                        target,
                        "The session template " + entry.getValue() + " is for " + template.entity() + ", not for "
                                + entry.getKey() + "."));
            }
        }
        return misfits;
    }

    @Override
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = Template.commonJson(this);
        json.put("profileOrder", profileOrder);
        json.put("isDefault", isDefault);
        json.put("roles", roles);
        json.put(SESSION_TEMPLATES, sessionTemplates);
        json.put("genericSessionTemplates", genericSessionTemplates.text());
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("channels", channelDefaults);
        defaults.put("entities", entityDefaults);
        json.put(DEFAULTS, defaults);
        return json;
    }
}
