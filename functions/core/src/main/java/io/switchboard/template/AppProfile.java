package io.switchboard.template;

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

    /**
     * The references to session templates that are not allowed where they are.
     *
     * @param referred the session templates that exist, by unique name
     */
    public List<ReferenceViolation> referenceViolations(Map<String, SessionTemplate> referred) {
        List<ReferenceViolation> violations = new ArrayList<>();
        Map<String, String> byEntity = new HashMap<>();
        for (int i = 0; i < sessionTemplates.size(); i++) {
            @Nullable SessionTemplate template = referred.get(sessionTemplates.get(i));
            if (template == null || template.type() != SessionType.ENTITY) {
                continue;
            }
            @Nullable String other = byEntity.putIfAbsent(String.valueOf(template.entity()), template.uniqueName());
            if (other != null) {
                violations.add(new ReferenceViolation(
                        "duplicateEntity",
                        SESSION_TEMPLATES + "[" + i + "]",
                        "A profile lists one Entity template for an entity: " + other + " and " + template.uniqueName()
                                + " are both for " + template.entity() + ". Take one out."));
            }
        }
        for (var entry : channelDefaults.entrySet()) {
            @Nullable SessionTemplate template = referred.get(entry.getValue());
            if (template != null && template.type() != SessionType.GENERIC) {
                violations.add(new ReferenceViolation(
                        "templateTypeNotAllowed",
                        DEFAULTS + ".channels." + entry.getKey(),
                        "A channel opens a Generic session template; " + entry.getValue() + " is an Entity one."));
            }
        }
        for (var entry : entityDefaults.entrySet()) {
            @Nullable SessionTemplate template = referred.get(entry.getValue());
            String target = DEFAULTS + ".entities." + entry.getKey();
            if (template != null && template.type() != SessionType.ENTITY) {
                violations.add(new ReferenceViolation(
                        "templateTypeNotAllowed",
                        target,
                        "An entity's records open an Entity session template; " + entry.getValue()
                                + " is a Generic one."));
            } else if (template != null && !entry.getKey().equals(template.entity())) {
                violations.add(new ReferenceViolation(
                        "entityMismatch",
                        target,
                        "The session template " + entry.getValue() + " is for " + template.entity() + ", not for "
                                + entry.getKey() + "."));
            }
        }
        return violations;
    }
}
