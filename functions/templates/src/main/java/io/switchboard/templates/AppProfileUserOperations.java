package io.switchboard.templates;

import static io.switchboard.templates.TemplateRequests.tenant;

import io.switchboard.http.Listing;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.identity.Identifier;
import io.switchboard.storage.Keys;
import io.switchboard.storage.PositionForm;
import io.switchboard.template.Origin;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.catalog.TemplateCatalog;
import io.switchboard.template.store.AssignOutcome;
import io.switchboard.template.store.ProfileAssignment;
import io.switchboard.template.store.ProfileAssignments;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on the users that an app profile is assigned to directly. Thread-safe. */
final class AppProfileUserOperations {
    private static final String USER_ID = "userId";
    /**
     * The longest encoded user ID, in bytes. Together with the name of a profile it fits a sort key and a page token.
     */
    private static final int LONGEST_USER = 700;

    private final ProfileAssignments assignments;
    private final TemplateCatalog catalog;

    AppProfileUserOperations(ProfileAssignments assignments, TemplateCatalog catalog) {
        this.assignments = assignments;
        this.catalog = catalog;
    }

    Response list(Request request) {
        String tenant = tenant(request);
        Listing listing = Listing.of(request, tenant, Set.of(), PositionForm.key(Keys.LONGEST_PART));
        profile(request);
        return listing.response(
                assignments.assignments(tenant, name(request), listing.page()), AppProfileUserOperations::json);
    }

    /** Assigns the profile to a user. A user has one profile, so that the assignment replaces an earlier one. */
    Response assign(Request request) {
        request.query(Set.of());
        String name = name(request);
        if (profile(request).origin() == Origin.BUILT_IN) {
            throw TemplateRefusals.builtIn(TemplateKind.APP_PROFILE, name);
        }
        AssignOutcome outcome = assignments.assign(
                tenant(request),
                name,
                userId(request),
                TemplateRequests.author(request),
                TemplateRequests.now(request));
        return switch (outcome) {
            case AssignOutcome.Assigned assigned ->
                Response.created(
                        request.url("/appProfiles/" + name + "/users/" + PercentEncoding.ofValue(userId(request))),
                        json(assigned.assignment()));
            case AssignOutcome.Moved moved -> Response.ok(json(moved.assignment()));
            case AssignOutcome.ProfileNotFound notFound ->
                throw TemplateRefusals.notFound(TemplateKind.APP_PROFILE, name);
        };
    }

    Response unassign(Request request) {
        request.query(Set.of());
        String name = name(request);
        profile(request);
        if (!assignments.unassign(tenant(request), name, userId(request))) {
            throw Refusal.notFound("The app profile " + InputLimits.excerpt(name) + " is not assigned to that user. GET"
                    + " /appProfiles/{uniqueName}/users lists its users.");
        }
        return Response.noContent();
    }

    private static Map<String, @Nullable Object> json(ProfileAssignment assignment) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("userId", assignment.userId());
        json.put("appProfile", assignment.appProfile());
        json.put("assignedDateTime", assignment.assignedDateTime().toString());
        json.put("assignedBy", assignment.assignedBy());
        return json;
    }

    private Stored<Template> profile(Request request) {
        String name = name(request);
        return catalog.read(tenant(request), TemplateKind.APP_PROFILE, name, request.now())
                .orElseThrow(() -> TemplateRefusals.notFound(TemplateKind.APP_PROFILE, name));
    }

    private static String name(Request request) {
        return TemplateRequests.name(request, TemplateKind.APP_PROFILE);
    }

    private static String userId(Request request) {
        String userId = request.pathParameter(USER_ID);
        if (!Identifier.isValid(userId)) {
            throw Refusal.invalid("invalidValue", USER_ID, "userId in the path is not a valid id. " + Identifier.RULE);
        }
        if (!Keys.fits(userId) || PercentEncoding.ofValue(userId).length() > LONGEST_USER) {
            throw Refusal.invalid(
                    "tooLong", USER_ID, "The user's id is longer than " + LONGEST_USER + " bytes once encoded.");
        }
        return userId;
    }
}
