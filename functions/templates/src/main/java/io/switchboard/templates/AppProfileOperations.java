package io.switchboard.templates;

import static io.switchboard.templates.TemplateRequests.tenant;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.storage.Keys;
import io.switchboard.template.catalog.EffectiveProfile;
import io.switchboard.template.catalog.ProfileUser;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.catalog.UserTemplates;
import io.switchboard.template.json.TemplateJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operation that returns the app profile of the calling user. Thread-safe. */
final class AppProfileOperations {
    private static final String CHANNEL = "channel";
    private static final String ENTITY = "entity";

    private final TemplateAccess access;

    AppProfileOperations(TemplateAccess access) {
        this.access = access;
    }

    /**
     * Returns the profile that applies to the caller and the reason. With a channel or entity, adds its session
     * template.
     */
    Response mine(Request request) {
        Map<String, String> query = request.query(Set.of(CHANNEL, ENTITY));
        @Nullable String channel = query.get(CHANNEL);
        @Nullable String entity = query.get(ENTITY);
        if (channel != null && entity != null) {
            throw Refusal.invalid("notAllowed", ENTITY, "channel and entity cannot be combined. Send one of them.");
        }
        UserTemplates templates = access.of(
                new ProfileUser(tenant(request), user(request), request.caller().roles()), true, request.now());
        Map<String, @Nullable Object> json = json(templates.profile());
        if (channel != null) {
            json.put("sessionTemplate", templates.forChannel(channel).orElse(null));
        } else if (entity != null) {
            json.put("sessionTemplate", templates.forEntity(entity).orElse(null));
        }
        return Response.ok(json);
    }

    private static Map<String, @Nullable Object> json(EffectiveProfile profile) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("appProfile", TemplateJson.write(profile.stored()));
        json.put("reason", profile.reason().text());
        json.put("role", profile.role());
        return json;
    }

    private static String user(Request request) {
        @Nullable String user = request.caller().user();
        if (user == null) {
            throw Refusal.of(
                    ErrorCode.USER_REQUIRED,
                    "The token is app-only, but app profiles apply to users. Send a user's token.");
        }
        if (!Keys.fits(user)) {
            throw Refusal.invalid(
                    "tooLong", "", "The user's id is longer than " + Keys.LONGEST_PART + " bytes once encoded.");
        }
        return user;
    }
}
