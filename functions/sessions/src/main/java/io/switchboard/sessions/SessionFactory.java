package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.session.DeskView;
import io.switchboard.session.Markers;
import io.switchboard.session.Owner;
import io.switchboard.session.Presentation;
import io.switchboard.session.Rendering;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOrigin;
import io.switchboard.session.Tabs;
import io.switchboard.session.Times;
import io.switchboard.session.WrapUp;
import io.switchboard.session.resolve.ResolvedSession;
import io.switchboard.session.resolve.SessionInput;
import io.switchboard.session.resolve.SessionResolver;
import io.switchboard.session.store.CreateOutcome;
import io.switchboard.session.store.DeskReadStore;
import io.switchboard.session.store.NewSession;
import io.switchboard.session.store.SessionCreateStore;
import io.switchboard.slug.Warning;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.SessionWrapUp;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.catalog.ProfileUser;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.catalog.UserTemplates;
import io.switchboard.template.rule.RuleEvaluation;
import io.switchboard.text.DerivedId;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates sessions from templates: checks the template, resolves it and stores the session. Thread-safe. */
final class SessionFactory {
    private static final String TEMPLATE_NAME = "templateName";

    private final TemplateAccess access;
    private final SessionCreateStore creates;
    private final DeskReadStore desks;
    private final RecordSources records;

    SessionFactory(TemplateAccess access, SessionCreateStore creates, DeskReadStore desks, RecordSources records) {
        this.access = access;
        this.creates = creates;
        this.desks = desks;
        this.records = records;
    }

    /**
     * Creates a session.
     *
     * @throws Refusal if the session cannot be created
     */
    CreateOutcome create(Creator creator, SessionRequest wanted, CreateOptions options, Instant now) {
        Owner owner = creator.owner();
        String id = options.idempotencyKey() == null
                ? freshId()
                : DerivedId.of(owner.tenant(), owner.user(), creator.route(), options.idempotencyKey());
        NewSession planned;
        try {
            planned = plan(creator, id, wanted, options, true, now);
        } catch (Refusal refusal) {
            // A replay succeeds even if its template was deleted in the meantime. Only the form of the body is checked
            // first.
            return replay(owner, id, options, now)
                    .filter(outcome -> wanted.selects() || !(outcome instanceof CreateOutcome.KeyReused))
                    .orElseThrow(() -> refusal);
        }
        return creates.create(owner, planned, now);
    }

    private Optional<CreateOutcome> replay(Owner owner, String id, CreateOptions options, Instant now) {
        return options.requestHash() == null ? Optional.empty() : creates.replay(owner, id, options.requestHash(), now);
    }

    /**
     * Computes a session without storing it.
     *
     * @throws Refusal if the session could not be created
     */
    DryRun dryRun(Creator creator, SessionRequest wanted, CreateOptions options, Instant now) {
        ExplainedSession plan = explained(creator, freshId(), wanted, options, true, now);
        NewSession planned = plan.session();
        DeskView desk = desks.desk(creator.owner(), now);
        List<Warning> warnings = new ArrayList<>(planned.session().warnings());
        if (desk.taken() >= desk.limit()) {
            warnings.add(new Warning(ErrorCode.SESSION_LIMIT_REACHED.text(), limitMessage(desk.limit()), ""));
        }
        return new DryRun(planned.session(), planned.isFocused(), warnings, plan.evaluations());
    }

    /**
     * Computes the session of an offer that a user accepts. It has no key, because the offer is accepted once.
     *
     * @throws Refusal if the session cannot be created
     */
    NewSession offered(Creator creator, String id, SessionRequest wanted, Instant now) {
        return plan(creator, id, wanted, CreateOptions.NONE, true, now);
    }

    /**
     * Checks the session of a new offer, except whether app profiles allow it.
     *
     * @throws Refusal if the session could not be created
     */
    List<Warning> check(Creator creator, SessionRequest wanted, CreateOptions options, Instant now) {
        return plan(creator, freshId(), wanted, options, false, now).session().warnings();
    }

    /**
     * Returns for each user whose app profile does not allow a session the error that the user would receive. The roles
     * of the users are unknown. A cached profile counts.
     */
    Map<String, Refusal> outsideProfile(String tenant, List<String> users, SessionRequest wanted, Instant now) {
        access.load(tenant, users, now);
        Map<String, Refusal> refusals = new LinkedHashMap<>();
        for (String user : users) {
            // The records of all users' rules would be one read for each. Rules on records do not match here.
            RequestFacts facts = new RequestFacts(wanted, Set.of(), RecordSource.NONE, now);
            TemplateChoice choice =
                    TemplateChoice.of(access.of(new ProfileUser(tenant, user, Set.of()), false, now), wanted, facts);
            if (!choice.isAllowed()) {
                refusals.put(user, choice.refusal(wanted));
            }
        }
        return refusals;
    }

    /**
     * Requires that a user may have a session that exists already. A template that was deleted since then is allowed.
     *
     * @throws Refusal 403 {@code templateNotInProfile}
     */
    void requireAllowed(ProfileUser user, String templateName, Instant now) {
        TemplateChoice choice = TemplateChoice.of(access.of(user, false, now), templateName);
        if (!choice.isAllowed() && choice.templates().usesCache()) {
            choice = TemplateChoice.of(access.of(user, true, now), templateName);
        }
        if (!choice.isAllowed()) {
            throw choice.notInProfile(templateName);
        }
    }

    /** Returns the error message for a full desk. */
    static String limitMessage(int limit) {
        return "The desk already has " + limit + " open sessions, the maximum. Close a session, then retry.";
    }

    /** Reads what the first create reads, because profiles are not cached across a snapshot. */
    void prime() {
        access.of(new ProfileUser("priming", "priming", Set.of()), true, Instant.EPOCH)
                .profile();
    }

    /** Clears the caches after a snapshot was restored. */
    void clear() {
        access.clear();
        records.clear();
    }

    private static String freshId() {
        return UUID.randomUUID().toString();
    }

    /**
     * A session that would be created.
     *
     * @param evaluations the rules that were evaluated
     */
    private record ExplainedSession(NewSession session, List<RuleEvaluation> evaluations) {}

    private NewSession plan(
            Creator creator,
            String id,
            SessionRequest wanted,
            CreateOptions options,
            boolean isRestricted,
            Instant now) {
        return explained(creator, id, wanted, options, isRestricted, now).session();
    }

    /** @param isRestricted whether a template outside the app profile is an error */
    private ExplainedSession explained(
            Creator creator,
            String id,
            SessionRequest wanted,
            CreateOptions options,
            boolean isRestricted,
            Instant now) {
        Owner owner = creator.owner();
        ProfileUser user = new ProfileUser(owner.tenant(), owner.user(), creator.roles());
        RecordSource source = records.of(owner.tenant());
        RequestFacts facts = new RequestFacts(wanted, creator.roles(), source, now);
        TemplateChoice choice = TemplateChoice.of(access.of(user, options.isFresh(), now), wanted, facts);
        if (!choice.isAllowed() && choice.templates().usesCache()) {
            // Reads without the cache, so that a newly assigned or changed profile applies at once.
            choice = TemplateChoice.of(access.of(user, true, now), wanted, facts);
        }
        UserTemplates templates = choice.templates();
        @Nullable String name = choice.name();
        if (name == null) {
            throw choice.refusal(wanted);
        }
        @Nullable Stored<Template> stored = choice.stored();
        if (stored == null || !(stored.template() instanceof SessionTemplate template)) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_NOT_FOUND,
                    "The session template " + InputLimits.excerpt(name)
                            + " does not exist. GET /sessionTemplates lists them; unique names are case-sensitive.",
                    TEMPLATE_NAME);
        }
        if (isRestricted && !choice.isAllowed()) {
            throw choice.refusal(wanted);
        }
        refuseUnusable(template, wanted);
        List<Warning> warnings = new ArrayList<>(wanted.warnings());
        List<ApplicationTabTemplate> tabTemplates = tabTemplates(templates, template, warnings);
        Violations violations = new Violations();
        ResolvedSession resolved = new SessionResolver(template, tabTemplates, wanted.input(), source)
                .resolve(SessionFactory::freshId, now, violations);
        warnings.addAll(resolved.warnings());
        SessionChanges.checkContext(
                resolved.context(),
                wanted.input().form() == SessionInput.Form.APM ? "sessionContext" : "templateParameters",
                "Send fewer or shorter values.",
                violations);
        Session session = new Session(
                id,
                origin(stored.version(), template, creator.provider(), wanted.correlationId()),
                new Presentation(
                        resolved.title(),
                        template.sessionIcon(),
                        template.communicationPanelMode().text(),
                        true),
                Markers.NONE,
                resolved.context(),
                resolved.anchor(),
                Tabs.of(resolved.tabs()),
                warnings,
                Times.startingAt(now),
                1,
                wrapUp(template));
        NewSession planned = new NewSession(session, wanted.isFocused(), options.requestHash());
        int size = planned.size();
        if (size > SessionLimits.SESSION_BYTES) {
            violations.add(
                    "sessionTooLarge",
                    "",
                    "The resolved session has " + size + " bytes; at most " + SessionLimits.SESSION_BYTES
                            + " are allowed. Send shorter values.");
        }
        Refusal.ifAny(violations);
        List<Warning> errors = options.isStrict() ? Warning.errors(warnings) : List.of();
        if (!errors.isEmpty()) {
            throw Refusal.strict(Warning.violations(errors));
        }
        return new ExplainedSession(planned, choice.evaluations());
    }

    private static WrapUp wrapUp(SessionTemplate template) {
        @Nullable SessionWrapUp wanted = template.wrapUp();
        return wanted == null
                ? WrapUp.NONE
                : WrapUp.of(
                        new WrapUp.Rules(wanted.isRequired(), wanted.seconds(), wanted.dispositions(), wanted.tab()));
    }

    private static SessionOrigin origin(
            long version, SessionTemplate template, String provider, @Nullable String correlationId) {
        return new SessionOrigin(
                template.uniqueName(),
                version,
                template.type().text(),
                new Rendering(
                        template.title(),
                        template.fallbackTitles(),
                        template.name(),
                        template.applySessionTitleToAnchorTab(),
                        template.defaults()),
                provider,
                correlationId);
    }

    private static void refuseUnusable(SessionTemplate template, SessionRequest wanted) {
        String name = template.uniqueName();
        if (template.status() == Status.INACTIVE) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_INACTIVE,
                    "The session template " + InputLimits.excerpt(name)
                            + " is inactive. Activate it, or use another template.",
                    TEMPLATE_NAME);
        }
        SessionInput input = wanted.input();
        if (input.form() == SessionInput.Form.CIF && template.type() != SessionType.GENERIC) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_TYPE_NOT_ALLOWED,
                    "The session template " + InputLimits.excerpt(name)
                            + " is an entity template, but templateParameters can only open generic templates."
                            + " Send sessionContext instead.",
                    TEMPLATE_NAME);
        }
        if (wanted.templateTag() != null && !template.tags().contains(wanted.templateTag())) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_TAG_MISMATCH,
                    "The session template " + InputLimits.excerpt(name) + " does not have the tag "
                            + InputLimits.excerpt(wanted.templateTag())
                            + ". Send one of its tags, or remove templateTag.",
                    "templateTag");
        }
        if (template.type() == SessionType.ENTITY) {
            refuseUnusableRecord(template, input);
        }
    }

    private static void refuseUnusableRecord(SessionTemplate template, SessionInput input) {
        String entityName = pair(input, "entityName");
        String target = "sessionContext.parametersStr";
        if (entityName.isBlank() || pair(input, "entityId").isBlank()) {
            throw Refusal.of(
                    ErrorCode.ANCHOR_RECORD_REQUIRED,
                    "The entity template " + InputLimits.excerpt(template.uniqueName())
                            + " requires a record. Send sessionContext:"
                            + " {\"parametersStr\": \"[[\\\"entityName\\\", \\\"" + template.entity()
                            + "\\\"], [\\\"entityId\\\", \\\"…\\\"]]\"}. Send a JavaScript Map as [...map],"
                            + " because JSON.stringify turns a Map into {}.",
                    target);
        }
        if (!entityName.equals(template.entity())) {
            throw Refusal.of(
                    ErrorCode.ENTITY_MISMATCH,
                    "The entity template " + InputLimits.excerpt(template.uniqueName()) + " is for " + template.entity()
                            + ", not for " + InputLimits.excerpt(entityName)
                            + ". Send a record of that entity, or use another template.",
                    target);
        }
    }

    private static String pair(SessionInput input, String name) {
        return input.anchorPairs().get(name) instanceof String text ? text : "";
    }

    /**
     * Returns the tab templates in order. An inactive additional tab is omitted with a warning, so that it does not
     * block an agent's call.
     */
    private static List<ApplicationTabTemplate> tabTemplates(
            UserTemplates templates, SessionTemplate template, List<Warning> warnings) {
        List<ApplicationTabTemplate> tabTemplates = new ArrayList<>();
        List<String> names = new ArrayList<>(template.openedTabs());
        Map<String, ApplicationTabTemplate> found = templates.applicationTabTemplates(names);
        for (String name : names) {
            @Nullable ApplicationTabTemplate tabTemplate = found.get(name);
            if (tabTemplate == null) {
                throw Refusal.of(
                        ErrorCode.TEMPLATE_NOT_FOUND,
                        "The session template " + InputLimits.excerpt(template.uniqueName())
                                + " refers to the application tab template " + InputLimits.excerpt(name)
                                + ", which does not exist. Create it, or remove it from the session template.",
                        TEMPLATE_NAME);
            }
            if (tabTemplate.status() == Status.ACTIVE) {
                tabTemplates.add(tabTemplate);
            } else if (name.equals(template.anchorTab())) {
                throw Refusal.of(
                        ErrorCode.TEMPLATE_INACTIVE,
                        "The anchor tab " + InputLimits.excerpt(name) + " of the session template "
                                + InputLimits.excerpt(template.uniqueName())
                                + " is inactive. Activate it, or choose another anchor tab.",
                        TEMPLATE_NAME);
            } else {
                warnings.add(new Warning(
                        "templateInactive",
                        "The application tab template " + InputLimits.excerpt(name)
                                + " is inactive; its tab was omitted.",
                        "tabs"));
            }
        }
        return tabTemplates;
    }
}
