package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.catalog.EffectiveProfile;
import io.switchboard.template.catalog.UserTemplates;
import io.switchboard.template.rule.RuleEvaluation;
import io.switchboard.template.rule.SelectionRule;
import io.switchboard.template.rule.SelectionRules;
import io.switchboard.template.rule.SelectionRules.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The session template that a request selects.
 *
 * @param name null if the user's app profile has no template for the channel or the record
 * @param stored null if the template does not exist
 * @param isAllowed false if the profile has no template or does not allow the one that was found
 * @param evaluations the rules that were evaluated; none if the request names a template
 */
record TemplateChoice(
        UserTemplates templates,
        @Nullable String name,
        @Nullable Stored<Template> stored,
        boolean isAllowed,
        List<RuleEvaluation> evaluations) {
    private static final String TEMPLATE_NAME = "templateName";

    /**
     * Selects the template of the request, otherwise the one of the first rule of the app profile that matches,
     * otherwise the one that the profile has for the channel or the record.
     */
    static TemplateChoice of(UserTemplates templates, SessionRequest wanted, RequestFacts facts) {
        if (wanted.templateName() != null) {
            return of(templates, wanted.templateName());
        }
        List<SelectionRule> rules = templates.profile().profile().rules();
        Selection selection = rules.isEmpty()
                ? Selection.NONE
                : SelectionRules.select(rules, facts.withColumns(SelectionRules.columns(rules)));
        @Nullable String name = selection.template();
        @Nullable String channel = wanted.channel();
        if (name == null && channel != null) {
            name = templates.forChannel(channel).orElse(null);
        } else if (name == null && !wanted.entityName().isEmpty()) {
            name = templates.forEntity(wanted.entityName()).orElse(null);
        }
        return name == null
                ? new TemplateChoice(templates, null, null, false, selection.evaluations())
                : of(templates, name, selection.evaluations());
    }

    /** Returns the choice of a template by its name. */
    static TemplateChoice of(UserTemplates templates, String name) {
        return of(templates, name, List.of());
    }

    private static TemplateChoice of(UserTemplates templates, String name, List<RuleEvaluation> evaluations) {
        @Nullable Stored<Template> stored = templates.sessionTemplate(name).orElse(null);
        boolean isRefused =
                stored != null && stored.template() instanceof SessionTemplate template && !templates.has(template);
        return new TemplateChoice(templates, name, stored, !isRefused, evaluations);
    }

    /** Returns the error of a template by its name that is not allowed. */
    Refusal notInProfile(String templateName) {
        return notInProfile(templates.profile(), templateName);
    }

    /** Returns the error of a choice that is not allowed. */
    Refusal refusal(SessionRequest wanted) {
        EffectiveProfile profile = templates.profile();
        return name == null ? defaultMissing(profile, wanted) : notInProfile(profile, name);
    }

    private static Refusal defaultMissing(EffectiveProfile profile, SessionRequest wanted) {
        @Nullable String channel = wanted.channel();
        if (!wanted.selects()) {
            return Refusal.invalid("required", wanted.nameTarget(), SessionRequest.NAME_REQUIRED);
        }
        String what = channel != null ? "the channel " + channel : "records of " + wanted.entityName();
        String where = channel != null ? "channels." + channel : "entities." + wanted.entityName();
        return Refusal.of(
                ErrorCode.TEMPLATE_NOT_FOUND,
                "The app profile " + profile.profile().uniqueName() + " has no session template for " + what
                        + ". Send templateName, or set defaultSessionTemplates." + where + " in the profile.",
                TEMPLATE_NAME);
    }

    private static Refusal notInProfile(EffectiveProfile profile, String name) {
        String where = profile.profile().uniqueName();
        return Refusal.of(
                ErrorCode.TEMPLATE_NOT_IN_PROFILE,
                "The session template " + name + " is not in the app profile " + where + ", which applies "
                        + why(profile)
                        + ". Use a template of the profile, or add this one to its sessionTemplates."
                        + " GET /me/appProfile returns the user's profile.",
                TEMPLATE_NAME);
    }

    private static String why(EffectiveProfile profile) {
        return switch (profile.reason()) {
            case USER -> "because it is assigned to the user";
            case ROLE -> "because of the user's role " + profile.role();
            case DEFAULT -> "because it is the tenant's default";
            case BUILT_IN -> "because no other profile matches";
        };
    }
}
