package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Listing;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.PresenceJson;
import io.switchboard.session.Owner;
import io.switchboard.session.store.PresenceStore;
import io.switchboard.storage.PositionForm;
import io.switchboard.template.BasicState;
import io.switchboard.template.PresenceState;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.UniqueName;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.catalog.TemplatesOfKind;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The operations on the presence of users. Thread-safe. */
final class PresenceOperations {
    private static final String BASIC_STATE = "basicState";
    private static final String STATE = "state";
    private static final String TEXT = "text";
    private static final String EXPIRES_IN_SECONDS = "expiresInSeconds";
    private static final String APP_PROFILE = "appProfile";

    private final PresenceStore presences;
    private final TemplatesOfKind states;
    private final TemplateAccess profiles;

    PresenceOperations(PresenceStore presences, TemplatesOfKind states, TemplateAccess profiles) {
        this.presences = presences;
        this.states = states;
        this.profiles = profiles;
    }

    /** Clears the caches after a snapshot was restored. */
    void clear() {
        states.clear();
        profiles.clear();
    }

    Response read(Request request) {
        request.query(Set.of());
        Owner owner = owner(request);
        return response(owner, presences.presence(owner, request.now()));
    }

    /** Sets the presence, or renews it. */
    Response set(Request request) {
        request.query(Set.of());
        Owner owner = owner(request);
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(false), "", violations);
        @Nullable BasicState basicState = body.requiredOneOf(BASIC_STATE, BasicState.BY_TEXT);
        PresenceContent content = new PresenceContent(
                basicState == null ? BasicState.OFFLINE : basicState,
                body.optionalText(STATE, UniqueName.MAXIMUM_LENGTH),
                body.optionalText(TEXT, PresenceContent.MAXIMUM_TEXT));
        int seconds = body.wholeNumber(
                EXPIRES_IN_SECONDS,
                (int) Presence.SHORTEST_LIFE.toSeconds(),
                (int) Presence.LONGEST_LIFE.toSeconds(),
                (int) Presence.USUAL_LIFE.toSeconds());
        // Read-only members, so that the body of a GET can be sent with PUT.
        body.ignore("userId", "sinceDateTime", "expiresDateTime");
        body.rejectUnknown();
        Refusal.ifAny(violations);
        Runnable check = () -> check(owner.tenant(), content, request);
        return response(
                owner, presences.setPresence(owner, content, Duration.ofSeconds(seconds), check, request.now()));
    }

    /**
     * Requires that the presence state can be used.
     *
     * @throws Refusal 422
     */
    private void check(String tenant, PresenceContent content, Request request) {
        @Nullable String name = content.state();
        if (name == null) {
            return;
        }
        boolean isFresh = request.bypassesCache();
        @Nullable
        Stored<Template> stored =
                states.find(tenant, name, isFresh, request.now()).orElse(null);
        if (stored == null || !(stored.template() instanceof PresenceState state)) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_NOT_FOUND,
                    "The presence state " + InputLimits.excerpt(name)
                            + " does not exist. GET /presenceStates lists them; unique names are case-sensitive.",
                    STATE);
        }
        if (state.status() == Status.INACTIVE) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_INACTIVE,
                    "The presence state " + InputLimits.excerpt(name) + " is inactive. Activate it, or use another.",
                    STATE);
        }
        if (state.basicState() != content.basicState()) {
            throw Refusal.of(
                    ErrorCode.BASIC_STATE_MISMATCH,
                    "The presence state " + InputLimits.excerpt(name) + " has the basic state "
                            + state.basicState().text() + ", and not "
                            + content.basicState().text() + ". Send its basic state, or use another presence state.",
                    BASIC_STATE);
        }
    }

    /** Lists the users of the tenant who have had a presence, with the capacity of their desks. */
    Response list(Request request) {
        String tenant = request.tenant();
        Listing listing = Listing.of(
                request, tenant, Set.of(BASIC_STATE, APP_PROFILE), PositionForm.key(PresenceStore.LONGEST_USER + 1));
        @Nullable
        BasicState basicState = listing.filter(BASIC_STATE, BasicState.BY_TEXT).orElse(null);
        @Nullable String profile = listing.filter(APP_PROFILE).orElse(null);
        @Nullable
        UnaryOperator<Set<String>> admitted =
                profile == null ? null : users -> profiles.withProfile(tenant, users, profile, request.now());
        return listing.response(
                presences.presences(tenant, basicState, admitted, listing.page(), request.now()), PresenceJson::write);
    }

    private static Owner owner(Request request) {
        Owner owner = SessionRoutes.scope(request).owner();
        if (PercentEncoding.ofValue(owner.user()).length() > PresenceStore.LONGEST_USER) {
            throw Refusal.invalid(
                    "tooLong",
                    "userId",
                    "The user's id is longer than " + PresenceStore.LONGEST_USER + " bytes once encoded.");
        }
        return owner;
    }

    private static Response response(Owner owner, Presence presence) {
        return Response.ok(PresenceJson.write(owner.user(), presence));
    }
}
