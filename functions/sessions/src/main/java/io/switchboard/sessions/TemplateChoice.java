package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.catalog.EffectiveProfile;
import io.switchboard.template.catalog.UserTemplates;
import org.jspecify.annotations.Nullable;

/**
 * The session template that a request selects.
 *
 * @param name null if the user's app profile has no template for the channel or the record
 * @param stored null if the template does not exist
 * @param isAllowed false if the profile has no template or does not allow the one that was found
 */
record TemplateChoice(
        UserTemplates templates,
        @Nullable String name,
        @Nullable Stored<Template> stored,
        boolean isAllowed) {
    private static final String TEMPLATE_NAME = "templateName";

    /**
     * Selects the template of the request, otherwise the one that the app profile has for the channel or the record.
     */
    static TemplateChoice of(UserTemplates templates, SessionRequest wanted) {
        @Nullable String name = wanted.templateName();
        if (name == null) {
            @Nullable String channel = wanted.channel();
            name = (channel != null ? templates.forChannel(channel) : templates.forEntity(wanted.entityName()))
                    .orElse(null);
        }
        return name == null ? new TemplateChoice(templates, null, null, false) : of(templates, name);
    }

    /** Returns the choice of a template by its name. */
    static TemplateChoice of(UserTemplates templates, String name) {
        @Nullable Stored<Template> stored = templates.sessionTemplate(name).orElse(null);
        boolean isRefused =
                stored != null && stored.template() instanceof SessionTemplate template && !templates.has(template);
        return new TemplateChoice(templates, name, stored, !isRefused);
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
