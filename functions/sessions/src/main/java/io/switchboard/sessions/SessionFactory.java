package io.switchboard.sessions;

import io.switchboard.http.Refusal;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.Rendering;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.resolve.ResolvedSession;
import io.switchboard.session.resolve.SessionInput;
import io.switchboard.session.resolve.SessionResolver;
import io.switchboard.session.store.CreateOutcome;
import io.switchboard.session.store.NewSession;
import io.switchboard.session.store.SessionStore;
import io.switchboard.slug.Warning;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.catalog.EffectiveProfile;
import io.switchboard.template.catalog.ProfileUser;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.catalog.UserTemplates;
import io.switchboard.text.DerivedId;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes sessions from templates: checks what may be opened, resolves it, stores it. Thread-safe. */
final class SessionFactory {
    private static final String TEMPLATE_NAME = "templateName";
    private static final String TEMPLATE_NOT_FOUND = "templateNotFound";

    private final TemplateAccess access;
    private final SessionStore store;
    private final RecordSources records;

    SessionFactory(TemplateAccess access, SessionStore store, RecordSources records) {
        this.access = access;
        this.store = store;
        this.records = records;
    }

    /**
     * Makes a session.
     *
     * @param roles the owner's roles; empty where they are not known
     * @param route the route it came by: the same key on another route is another key
     * @param order how the request wants it done
     */
    CreateResult create(
            Owner owner,
            Set<String> roles,
            String provider,
            String route,
            SessionRequest wanted,
            Order order,
            Instant now) {
        String id = order.idempotencyKey == null
                ? UUID.randomUUID().toString()
                : DerivedId.of(owner.tenant(), owner.user(), route, order.idempotencyKey);
        ProfileUser user = new ProfileUser(owner.tenant(), owner.user(), roles);
        UserTemplates templates = access.of(user, order.isFresh, now);
        Plan plan = plan(templates, records.of(owner.tenant()), provider, id, wanted, order, now);
        if (plan.isRefusedByProfile && templates.usesMemory()) {
            // A profile that was just assigned or changed applies at once.
            plan = plan(access.of(user, true, now), records.of(owner.tenant()), provider, id, wanted, order, now);
        }
        if (order.isDryRun) {
            return plan.refusal != null ? new CreateResult.Refused(plan.refusal) : dryRun(owner, plan, now);
        }
        if (plan.refusal != null) {
            return refusedOrReplayed(owner, id, plan.refusal, order, now);
        }
        return result(store.create(owner, plan.wanted(), now));
    }

    /** A replay holds even where its template is gone since: it is judged before everything but the body's form. */
    private CreateResult refusedOrReplayed(Owner owner, String id, Refusal refusal, Order order, Instant now) {
        if (order.requestHash == null) {
            return new CreateResult.Refused(refusal);
        }
        Optional<CreateOutcome> replay = store.replay(owner, id, order.requestHash, now);
        return replay.isPresent() ? result(replay.get()) : new CreateResult.Refused(refusal);
    }

    private static CreateResult result(CreateOutcome outcome) {
        return switch (outcome) {
            case CreateOutcome.Created created -> new CreateResult.Created(created.session());
            case CreateOutcome.Replayed replayed -> new CreateResult.Replayed(replayed.session());
            case CreateOutcome.KeyReused reused ->
                new CreateResult.Refused(Refusal.unprocessable(
                        "idempotencyKeyReused",
                        "This Idempotency-Key was used for another request. Use a fresh key for each new request.",
                        "Idempotency-Key"));
            case CreateOutcome.LimitReached reached ->
                new CreateResult.Refused(Refusal.conflict("sessionLimitReached", limitMessage(reached.limit())));
        };
    }

    private static String limitMessage(int limit) {
        return "The desk has its " + limit + " open sessions. Close one, then create the next.";
    }

    private CreateResult dryRun(Owner owner, Plan plan, Instant now) {
        DeskView desk = store.desk(owner, now);
        Session session = plan.wanted().session();
        List<Warning> warnings = new ArrayList<>(session.warnings());
        if (desk.open().size() >= desk.limit()) {
            warnings.add(new Warning("sessionLimitReached", limitMessage(desk.limit()), ""));
        }
        return new CreateResult.Computed(session, plan.wanted().isFocused(), warnings);
    }

    private static Plan plan(
            UserTemplates templates,
            RecordSource records,
            String provider,
            String id,
            SessionRequest wanted,
            Order order,
            Instant now) {
        @Nullable String name = wanted.templateName();
        if (name == null) {
            name = chosen(templates, wanted);
        }
        if (name == null) {
            return Plan.refusedByProfile(noDefault(templates.profile(), wanted));
        }
        @Nullable Stored<Template> stored = templates.sessionTemplate(name).orElse(null);
        if (stored == null || !(stored.template() instanceof SessionTemplate template)) {
            return Plan.refused(Refusal.unprocessable(
                    TEMPLATE_NOT_FOUND,
                    "There is no session template " + InputLimits.excerpt(name)
                            + ". GET /sessionTemplates lists them; unique names are case-sensitive.",
                    TEMPLATE_NAME));
        }
        if (!templates.has(template)) {
            return Plan.refusedByProfile(notInProfile(templates.profile(), template));
        }
        @Nullable Refusal unusable = unusable(template, wanted);
        if (unusable != null) {
            return Plan.refused(unusable);
        }
        List<Warning> warnings = new ArrayList<>(wanted.warnings());
        List<ApplicationTabTemplate> tabTemplates = new ArrayList<>();
        @Nullable Refusal tabsMissing = tabTemplates(templates, template, tabTemplates, warnings);
        if (tabsMissing != null) {
            return Plan.refused(tabsMissing);
        }
        Violations violations = new Violations();
        ResolvedSession resolved = new SessionResolver(template, tabTemplates, wanted.input(), records)
                .resolve(() -> UUID.randomUUID().toString(), now, violations);
        warnings.addAll(resolved.warnings());
        SessionChanges.checkContext(
                resolved.context(),
                wanted.input().form() == SessionInput.Form.APM ? "sessionContext" : "templateParameters",
                "Send fewer or shorter values.",
                violations);
        Session session = session(id, stored, template, provider, wanted, resolved, warnings, now);
        NewSession planned = new NewSession(session, wanted.isFocused(), order.requestHash);
        int size = planned.size();
        if (size > SessionLimits.SESSION_BYTES) {
            violations.add(
                    "sessionTooLarge",
                    "",
                    "The resolved session has " + size + " bytes; at most " + SessionLimits.SESSION_BYTES
                            + " are allowed. Send shorter values.");
        }
        if (!violations.isEmpty()) {
            return Plan.refused(Refusal.invalid(violations));
        }
        List<Warning> errors = order.isStrict ? Warning.errors(warnings) : List.of();
        if (!errors.isEmpty()) {
            return Plan.refused(Refusal.strict(Warning.violations(errors)));
        }
        return new Plan(planned, null, false);
    }

    /** The template the user's app profile has for the channel, else for the record; null for none. */
    private static @Nullable String chosen(UserTemplates templates, SessionRequest wanted) {
        @Nullable String channel = wanted.channel();
        return (channel != null ? templates.forChannel(channel) : templates.forEntity(wanted.entityName()))
                .orElse(null);
    }

    private static Refusal noDefault(EffectiveProfile profile, SessionRequest wanted) {
        @Nullable String channel = wanted.channel();
        String what = channel != null ? "the channel " + channel : "records of " + wanted.entityName();
        String where = channel != null ? "channels." + channel : "entities." + wanted.entityName();
        return Refusal.unprocessable(
                TEMPLATE_NOT_FOUND,
                "The app profile " + profile.profile().uniqueName() + " has no session template for " + what
                        + ". Send templateName, or have defaultSessionTemplates." + where + " set in the profile.",
                TEMPLATE_NAME);
    }

    private static Refusal notInProfile(EffectiveProfile profile, SessionTemplate template) {
        String where = profile.profile().uniqueName();
        return Refusal.of(
                403,
                "templateNotInProfile",
                "The session template " + template.uniqueName() + " is not in the app profile " + where
                        + ", which counts for the user " + why(profile)
                        + ". Use one that is, or have it listed in sessionTemplates there. GET /me/appProfile tells the user's"
                        + " profile.",
                TEMPLATE_NAME);
    }

    private static String why(EffectiveProfile profile) {
        return switch (profile.reason()) {
            case USER -> "by assignment";
            case ROLE -> "by the role " + profile.role();
            case DEFAULT -> "as the tenant's default";
            case BUILT_IN -> "as nothing else does";
        };
    }

    private static @Nullable Refusal unusable(SessionTemplate template, SessionRequest wanted) {
        String name = template.uniqueName();
        if (template.status() == Status.INACTIVE) {
            return Refusal.unprocessable(
                    "templateInactive",
                    "The session template " + InputLimits.excerpt(name) + " is inactive. Activate it, or use another.",
                    TEMPLATE_NAME);
        }
        SessionInput input = wanted.input();
        if (input.form() == SessionInput.Form.CIF && template.type() != SessionType.GENERIC) {
            return Refusal.unprocessable(
                    "templateTypeNotAllowed",
                    "The session template " + InputLimits.excerpt(name)
                            + " is an entity template; templateParameters open generic ones only."
                            + " Send sessionContext instead.",
                    TEMPLATE_NAME);
        }
        if (wanted.templateTag() != null && !template.tags().contains(wanted.templateTag())) {
            return Refusal.unprocessable(
                    "templateTagMismatch",
                    "The session template " + InputLimits.excerpt(name) + " does not carry the tag "
                            + InputLimits.excerpt(wanted.templateTag()) + ".",
                    "templateTag");
        }
        return template.type() == SessionType.ENTITY ? unusableRecord(template, input) : null;
    }

    private static @Nullable Refusal unusableRecord(SessionTemplate template, SessionInput input) {
        String entityName = pair(input, "entityName");
        String target = "sessionContext.parametersStr";
        if (entityName.isBlank() || pair(input, "entityId").isBlank()) {
            return Refusal.unprocessable(
                    "anchorRecordRequired",
                    "The entity template " + InputLimits.excerpt(template.uniqueName())
                            + " opens a record: send sessionContext:"
                            + " {\"parametersStr\": \"[[\\\"entityName\\\", \\\"" + template.entity()
                            + "\\\"], [\\\"entityId\\\", \\\"…\\\"]]\"}. A JavaScript Map must be sent as [...map], since"
                            + " JSON makes {} of it.",
                    target);
        }
        if (!entityName.equals(template.entity())) {
            return Refusal.unprocessable(
                    "entityMismatch",
                    "The entity template " + InputLimits.excerpt(template.uniqueName()) + " is for " + template.entity()
                            + ", not for " + InputLimits.excerpt(entityName) + ".",
                    target);
        }
        return null;
    }

    private static String pair(SessionInput input, String name) {
        return input.anchorPairs().get(name) instanceof String text ? text : "";
    }

    /** The tabs in order. An inactive additional tab is left out with a warning: an agent's call does not wait for it. */
    private static @Nullable Refusal tabTemplates(
            UserTemplates templates,
            SessionTemplate template,
            List<ApplicationTabTemplate> tabTemplates,
            List<Warning> warnings) {
        List<String> names = new ArrayList<>(template.references());
        Map<String, ApplicationTabTemplate> found = templates.applicationTabTemplates(names);
        for (String name : names) {
            @Nullable ApplicationTabTemplate tabTemplate = found.get(name);
            if (tabTemplate == null) {
                return Refusal.unprocessable(
                        TEMPLATE_NOT_FOUND,
                        "The session template " + InputLimits.excerpt(template.uniqueName())
                                + " names the application tab template " + InputLimits.excerpt(name)
                                + ", which is not there. Create it, or take it out of the session template.",
                        TEMPLATE_NAME);
            }
            if (tabTemplate.status() == Status.ACTIVE) {
                tabTemplates.add(tabTemplate);
            } else if (name.equals(template.anchorTab())) {
                return Refusal.unprocessable(
                        "templateInactive",
                        "The anchor tab " + InputLimits.excerpt(name) + " of the session template "
                                + InputLimits.excerpt(template.uniqueName())
                                + " is inactive. Activate it, or name another anchor tab.",
                        TEMPLATE_NAME);
            } else {
                warnings.add(new Warning(
                        "templateInactive",
                        "The application tab template " + InputLimits.excerpt(name)
                                + " is inactive; its tab was left out.",
                        "tabs"));
            }
        }
        return null;
    }

    private static Session session(
            String id,
            Stored<Template> stored,
            SessionTemplate template,
            String provider,
            SessionRequest wanted,
            ResolvedSession resolved,
            List<Warning> warnings,
            Instant now) {
        String anchorTabId = resolved.tabs().getFirst().tabId();
        return new Session(
                id,
                template.uniqueName(),
                stored.version(),
                template.type().text(),
                resolved.title(),
                template.sessionIcon(),
                template.communicationPanelMode().text(),
                true,
                false,
                0,
                null,
                null,
                wanted.correlationId(),
                provider,
                resolved.context(),
                resolved.anchor(),
                anchorTabId,
                anchorTabId,
                resolved.tabs(),
                warnings,
                new Rendering(
                        template.title(),
                        template.fallbackTitles(),
                        template.name(),
                        template.applySessionTitleToAnchorTab(),
                        template.defaults()),
                List.of(),
                now,
                now,
                null,
                now,
                1);
    }

    /**
     * How a request wants its session made.
     *
     * @param requestHash the same request has the same hash; null without an idempotency key
     * @param idempotencyKey null for none, and on a dry run
     * @param isFresh whether to pass the template cache by
     * @param isStrict whether warnings are errors
     */
    record Order(
            @Nullable String requestHash,
            @Nullable String idempotencyKey,
            boolean isDryRun,
            boolean isFresh,
            boolean isStrict) {}

    /** A session ready to be stored, or why there is none. */
    private record Plan(
            @Nullable NewSession planned, @Nullable Refusal refusal, boolean isRefusedByProfile) {
        static Plan refused(Refusal refusal) {
            return new Plan(null, refusal, false);
        }

        static Plan refusedByProfile(Refusal refusal) {
            return new Plan(null, refusal, true);
        }

        NewSession wanted() {
            if (planned == null) {
                throw new IllegalStateException("A refused plan has no session");
            }
            return planned;
        }
    }
}
