package io.switchboard.template;

import io.switchboard.template.rule.SelectionRule;
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
 * An app profile ({@code docs/domain/app-profile-manager.md}, "App profiles"): which users can open which session
 * templates. Directly assigned users are not part of it.
 *
 * @param profileOrder 0 to 100; if several profiles match the roles of a user, the lowest order wins
 * @param isDefault whether it applies to users without another profile; at most one profile of a tenant is the default
 * @param roles values of the token's {@code roles} to which it applies
 * @param sessionTemplates the listed session templates, including all of its Entity templates, at most one for each
 *     entity
 * @param genericSessionTemplates whether it has all Generic session templates or only the listed ones
 * @param channelDefaults the Generic session template that opens for a channel
 * @param entityDefaults the Entity session template that opens for the records of an entity
 * @param rules the rules that select a session template before the defaults, in their order
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
        Map<String, String> entityDefaults,
        List<SelectionRule> rules)
        implements Template {
    private static final String SESSION_TEMPLATES = "sessionTemplates";
    private static final String DEFAULTS = "defaultSessionTemplates";

    public AppProfile {
        tags = List.copyOf(tags);
        roles = List.copyOf(roles);
        sessionTemplates = List.copyOf(sessionTemplates);
        channelDefaults = Collections.unmodifiableMap(new LinkedHashMap<>(channelDefaults));
        entityDefaults = Collections.unmodifiableMap(new LinkedHashMap<>(entityDefaults));
        rules = List.copyOf(rules);
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
        rules.forEach(rule -> names.add(rule.then()));
        return names;
    }

    /**
     * Returns the references to session templates that are not allowed.
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
                        "The Entity templates " + other + " and " + template.uniqueName() + " are both for "
                                + template.entity() + ". Remove one of them."));
            }
        }
        for (var entry : channelDefaults.entrySet()) {
            @Nullable SessionTemplate template = referred.get(entry.getValue());
            if (template != null && template.type() != SessionType.GENERIC) {
                violations.add(new ReferenceViolation(
                        "templateTypeNotAllowed",
                        DEFAULTS + ".channels." + entry.getKey(),
                        entry.getValue() + " is an Entity session template. Channels require a Generic one."));
            }
        }
        for (var entry : entityDefaults.entrySet()) {
            @Nullable SessionTemplate template = referred.get(entry.getValue());
            String target = DEFAULTS + ".entities." + entry.getKey();
            if (template != null && template.type() != SessionType.ENTITY) {
                violations.add(new ReferenceViolation(
                        "templateTypeNotAllowed",
                        target,
                        entry.getValue() + " is a Generic session template. Entities require an Entity one."));
            } else if (template != null && !entry.getKey().equals(template.entity())) {
                violations.add(new ReferenceViolation(
                        "entityMismatch",
                        target,
                        "The session template " + entry.getValue() + " is for " + template.entity() + ", not for "
                                + entry.getKey() + ". Choose another one."));
            }
        }
        for (int i = 0; i < rules.size(); i++) {
            String name = rules.get(i).then();
            @Nullable SessionTemplate template = referred.get(name);
            if (template != null && template.type() == SessionType.ENTITY && !sessionTemplates.contains(name)) {
                violations.add(new ReferenceViolation(
                        "notListed",
                        "rules[" + i + "].then",
                        "The Entity session template " + name + " must be one of " + SESSION_TEMPLATES + ". Add it to"
                                + " them."));
            }
        }
        return violations;
    }
}
