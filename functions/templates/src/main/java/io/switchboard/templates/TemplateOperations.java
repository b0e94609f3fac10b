package io.switchboard.templates;

import io.switchboard.dynamodb.Keys;
import io.switchboard.dynamodb.Listing;
import io.switchboard.http.EntityTag;
import io.switchboard.http.ObjectReader;
import io.switchboard.http.PercentEncoding;
import io.switchboard.http.Precondition;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.Violation;
import io.switchboard.http.Violations;
import io.switchboard.template.DeleteOutcome;
import io.switchboard.template.IdempotencyKey;
import io.switchboard.template.Misfit;
import io.switchboard.template.Origin;
import io.switchboard.template.PutOutcome;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateCatalog;
import io.switchboard.template.TemplateFilter;
import io.switchboard.template.TemplateJson;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.TemplateStore;
import io.switchboard.template.UniqueName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on the templates of one kind. Thread-safe. */
record TemplateOperations(TemplateKind kind, TemplateStore store, TemplateCatalog catalog) {
    private static final String UNIQUE_NAME = "uniqueName";

    Response list(Request request) {
        String tenant = tenant(request);
        Listing listing = Listing.of(request, tenant, filters());
        TemplateFilter filter = new TemplateFilter(
                listing.filter("type", SessionType.BY_TEXT).orElse(null),
                listing.filter("status", Status.BY_TEXT).orElse(null),
                listing.filter("tag").orElse(null),
                listing.filter("entity").orElse(null),
                listing.filter("namePrefix").orElse(null));
        return listing.response(catalog.list(tenant, kind, filter, listing.page(), request.now()), Stored::toJson);
    }

    private Set<String> filters() {
        return switch (kind) {
            case SESSION_TEMPLATE -> Set.of("type", "status", "tag", "entity", "namePrefix");
            case APPLICATION_TAB_TEMPLATE, NOTIFICATION_TEMPLATE, APP_PROFILE -> Set.of("status", "tag", "namePrefix");
        };
    }

    Response read(Request request) {
        request.query(Set.of());
        Stored<Template> stored = catalog.read(tenant(request), kind, name(request), request.now())
                .orElseThrow(() -> notFound(name(request)));
        return Response.ok(stored.toJson()).withEntityTag(EntityTag.ofVersion(stored.version()), request);
    }

    Response create(Request request) {
        request.query(Set.of());
        @Nullable String key = request.idempotencyKey().orElse(null);
        Template template = template(request, null);
        String uniqueName = template.uniqueName();
        if (catalog.builtIn().findReserved(kind, uniqueName) != null) {
            throw nameTaken(uniqueName);
        }
        return answer(
                request,
                template,
                store.create(
                        tenant(request),
                        template,
                        key == null ? null : new IdempotencyKey(key, request.bodyHash()),
                        request.caller().name(),
                        now(request)));
    }

    /** {@code If-Match} replaces, {@code If-None-Match: *} creates; without either nobody knows what the caller wants. */
    Response replace(Request request) {
        request.query(Set.of());
        String name = name(request);
        boolean creates = request.ifNoneMatch().filter("*"::equals).isPresent();
        if (request.ifMatch().isEmpty() && !creates) {
            throw preconditionRequired("Replacing");
        }
        refuseBuiltIn(name);
        Template template = template(request, name);
        PutOutcome outcome = creates ? createHere(request, template) : replaceHere(request, template);
        return answer(request, template, outcome);
    }

    private PutOutcome createHere(Request request, Template template) {
        PutOutcome outcome =
                store.create(tenant(request), template, null, request.caller().name(), now(request));
        if (outcome instanceof PutOutcome.NameTaken taken) {
            throw Refusal.of(
                    412,
                    "preconditionFailed",
                    "There is the " + kind.words() + " " + taken.uniqueName()
                            + " already. Send If-Match to replace it.");
        }
        return outcome;
    }

    private PutOutcome replaceHere(Request request, Template template) {
        Precondition precondition = Precondition.of(request);
        String by = request.caller().name();
        PutOutcome outcome = store.replace(tenant(request), template, precondition, by, now(request));
        if (!(outcome instanceof PutOutcome.NotFound)) {
            return outcome;
        }
        @Nullable Stored<Template> shipped = catalog.builtIn().find(kind, template.uniqueName());
        if (shipped != null && shipped.origin() == Origin.EXAMPLE && precondition.admits(shipped.version())) {
            // An example is there without being stored: the first stored one takes its place.
            return store.create(tenant(request), template, null, by, now(request));
        }
        throw Refusal.of(
                412,
                "preconditionFailed",
                "There is no " + kind.words() + " " + template.uniqueName() + ". Send If-None-Match: * to create it.");
    }

    Response delete(Request request) {
        request.query(Set.of());
        String name = name(request);
        if (request.ifMatch().isEmpty()) {
            throw preconditionRequired("Deleting");
        }
        refuseBuiltIn(name);
        DeleteOutcome outcome = store.delete(tenant(request), kind, name, Precondition.of(request), now(request));
        return switch (outcome) {
            case DeleteOutcome.Deleted deleted -> Response.noContent();
            case DeleteOutcome.NotFound notFound -> refuseExample(request);
            case DeleteOutcome.VersionMismatch mismatch -> throw versionMismatch(mismatch.version());
            case DeleteOutcome.InUse inUse ->
                throw Refusal.conflict(
                        "templateInUse",
                        "The " + kind.words() + " " + name + " is used by "
                                + inUse.users().words() + ". Take it out there, then delete it.");
        };
    }

    private Response refuseExample(Request request) {
        if (catalog.builtIn().find(kind, name(request)) != null) {
            throw Refusal.conflict(
                    "builtInTemplate",
                    "The " + kind.words() + " " + name(request)
                            + " is a shipped example and stays. Store your own under its name to replace it.");
        }
        throw notFound(name(request));
    }

    private Response answer(Request request, Template template, PutOutcome outcome) {
        return switch (outcome) {
            case PutOutcome.Created created -> created(request, created.stored());
            case PutOutcome.Replayed replayed ->
                created(request, replayed.stored()).with("Idempotency-Replayed", "true");
            case PutOutcome.ReplayedDeleted deleted ->
                throw Refusal.notFound("This request created the " + kind.words() + " " + template.uniqueName()
                        + ", and it was deleted since. Use a fresh Idempotency-Key to create it anew.");
            case PutOutcome.KeyReused reused ->
                throw Refusal.unprocessable(
                        "idempotencyKeyReused",
                        "This Idempotency-Key was used for another request. Use a fresh key for each new request.",
                        "Idempotency-Key");
            case PutOutcome.Replaced replaced ->
                Response.ok(replaced.stored().toJson())
                        .with(
                                "ETag",
                                EntityTag.ofVersion(replaced.stored().version()).toString());
            case PutOutcome.NameTaken taken -> throw nameTaken(taken.uniqueName());
            case PutOutcome.NotFound notFound -> throw notFound(name(request));
            case PutOutcome.VersionMismatch mismatch -> throw versionMismatch(mismatch.version());
            case PutOutcome.ReferencesMissing missing -> throw referencesMissing(template, missing.uniqueNames());
            case PutOutcome.ReferencesUnfit unfit -> throw referencesUnfit(unfit.misfits());
            case PutOutcome.DefaultTaken taken ->
                throw Refusal.conflict(
                        "defaultProfileExists",
                        "The app profile " + taken.appProfile()
                                + " is the default. Set its isDefault to false first: a tenant has one default.");
            case PutOutcome.InUse inUse ->
                throw Refusal.conflict(
                        "templateInUse",
                        "The app profiles " + inUse.users().words() + " rely on the type and entity of "
                                + template.uniqueName() + ". Take it out there first, or clone it.");
            case PutOutcome.Unchanged unchanged ->
                throw new IllegalStateException("Only imports leave things unchanged");
            case PutOutcome.Pending pending -> throw new IllegalStateException("Only imports leave things pending");
        };
    }

    private Response created(Request request, Stored<Template> stored) {
        String path = "/" + kind.collection() + "/"
                + PercentEncoding.ofValue(stored.template().uniqueName());
        return Response.created(request.url(path), stored.toJson())
                .with("ETag", EntityTag.ofVersion(stored.version()).toString());
    }

    /** @param name the name in the URL, which a body may repeat but not change; null where the body names it */
    private Template template(Request request, @Nullable String name) {
        Map<String, @Nullable Object> body = request.bodyObject(false);
        Violations violations = new Violations();
        if (name != null) {
            @Nullable Object named = body.putIfAbsent(UNIQUE_NAME, name);
            if (named != null && !named.equals(name)) {
                violations.add(
                        "uniqueNameImmutable",
                        UNIQUE_NAME,
                        "uniqueName cannot change: it must be " + name + ", as in the URL, or be left out.");
            }
        }
        Template template = TemplateJson.read(kind, new ObjectReader(body, "", violations));
        violations.refuseAny();
        return template;
    }

    private void refuseBuiltIn(String name) {
        @Nullable Stored<Template> shipped = catalog.builtIn().find(kind, name);
        if (shipped != null && shipped.origin() == Origin.BUILT_IN) {
            throw Refusal.conflict(
                    "builtInTemplate",
                    "The " + kind.words() + " " + name
                            + " is shipped and read-only. Create your own under another name.");
        }
    }

    private Refusal nameTaken(String uniqueName) {
        return Refusal.conflict(
                "nameAlreadyExists",
                "There is the " + kind.words() + " " + uniqueName
                        + " already; unique names are unique without regard to case. Choose another name, or PUT to replace it.");
    }

    private static Refusal preconditionRequired(String doing) {
        return Refusal.of(
                428,
                "preconditionRequired",
                doing + " needs If-Match with the ETag of what you have read, or * for whatever is there.");
    }

    private static Refusal versionMismatch(long version) {
        return Refusal.of(
                412,
                "preconditionFailed",
                "It is at version " + version + " by now. Read it again, and decide anew with its ETag.");
    }

    private static Refusal referencesMissing(Template template, List<String> names) {
        List<Violation> details = new ArrayList<>();
        for (String name : names) {
            details.add(new Violation(
                    "templateNotFound",
                    "There is no application tab template " + name
                            + ". Create it first; unique names are case-sensitive.",
                    target(template, name)));
        }
        return Refusal.unprocessable("templateNotFound", details.getFirst().message(), details);
    }

    private static Refusal referencesUnfit(List<Misfit> misfits) {
        List<Violation> details = new ArrayList<>();
        for (Misfit misfit : misfits) {
            details.add(new Violation(misfit.code(), misfit.message(), misfit.target()));
        }
        return Refusal.unprocessable(
                details.getFirst().code(), details.getFirst().message(), details);
    }

    private static String target(Template template, String name) {
        if (template instanceof SessionTemplate session) {
            int additional = session.additionalTabs().indexOf(name);
            return additional < 0 ? "anchorTab" : "additionalTabs[" + additional + "]";
        }
        return "";
    }

    private Refusal notFound(String name) {
        return notFound(kind, name);
    }

    static Refusal notFound(TemplateKind kind, String name) {
        return Refusal.notFound("There is no " + kind.words() + " " + name + ". GET /" + kind.collection()
                + " lists them; unique names are case-sensitive.");
    }

    private String name(Request request) {
        return name(request, kind);
    }

    /** The name in the URL; one that breaks the rule of unique names is nobody's. */
    static String name(Request request, TemplateKind kind) {
        String name = request.pathParameter(UNIQUE_NAME);
        if (!UniqueName.isValid(name)) {
            throw notFound(kind, name);
        }
        return name;
    }

    static String tenant(Request request) {
        String tenant = request.caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong", "", "The tenant's id is longer than " + Keys.LONGEST_PART + " bytes once encoded.");
        }
        return tenant;
    }

    private static Instant now(Request request) {
        return request.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
