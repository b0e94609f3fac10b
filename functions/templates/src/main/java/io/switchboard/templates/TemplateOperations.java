package io.switchboard.templates;

import static io.switchboard.templates.TemplateRequests.UNIQUE_NAME;
import static io.switchboard.templates.TemplateRequests.author;
import static io.switchboard.templates.TemplateRequests.now;
import static io.switchboard.templates.TemplateRequests.tenant;

import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.http.EntityTag;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Listing;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.MergePatch;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Page;
import io.switchboard.storage.Precondition;
import io.switchboard.template.Origin;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import io.switchboard.template.catalog.TemplateCatalog;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.template.store.DeleteOutcome;
import io.switchboard.template.store.PutOutcome;
import io.switchboard.template.store.TemplateFilter;
import io.switchboard.template.store.TemplateStore;
import io.switchboard.text.InputLimits;
import io.switchboard.text.PercentEncoding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on the templates of one kind. Thread-safe. */
final class TemplateOperations {
    /** The number of digits with which the store writes a version. */
    private static final int VERSION_DIGITS = 10;

    private static final String NAME = "name";
    private static final String VERSION = "version";

    private final TemplateKind kind;
    private final TemplateStore store;
    private final TemplateCatalog catalog;

    TemplateOperations(TemplateKind kind, TemplateStore store, TemplateCatalog catalog) {
        this.kind = kind;
        this.store = store;
        this.catalog = catalog;
    }

    Response list(Request request) {
        String tenant = tenant(request);
        Listing listing = Listing.of(request, tenant, filters(), UniqueName::isKey);
        TemplateFilter filter = new TemplateFilter(
                listing.filter("type", SessionType.BY_TEXT).orElse(null),
                listing.filter("status", Status.BY_TEXT).orElse(null),
                listing.filter("tag").orElse(null),
                listing.filter("entity").orElse(null),
                listing.filter("namePrefix").orElse(null));
        return listing.response(catalog.list(tenant, kind, filter, listing.page(), request.now()), TemplateJson::write);
    }

    private Set<String> filters() {
        return switch (kind) {
            case SESSION_TEMPLATE -> Set.of("type", "status", "tag", "entity", "namePrefix");
            case APPLICATION_TAB_TEMPLATE, NOTIFICATION_TEMPLATE, APP_PROFILE, PRESENCE_STATE ->
                Set.of("status", "tag", "namePrefix");
        };
    }

    Response read(Request request) {
        request.query(Set.of());
        Stored<Template> stored = current(request);
        return Response.ok(TemplateJson.write(stored)).withEntityTag(EntityTag.ofVersion(stored.version()), request);
    }

    private Stored<Template> current(Request request) {
        String name = name(request);
        return catalog.read(tenant(request), kind, name, request.now())
                .orElseThrow(() -> TemplateRefusals.notFound(kind, name));
    }

    Response create(Request request) {
        request.query(Set.of());
        return create(request, template(request.bodyObject(false), null));
    }

    private Response create(Request request, Template template) {
        rejectReserved(template.uniqueName());
        @Nullable IdempotencyKey key = key(request);
        return response(request, template, store.create(tenant(request), template, key, author(request), now(request)));
    }

    private static @Nullable IdempotencyKey key(Request request) {
        return request.idempotencyKey()
                .map(key -> new IdempotencyKey(key, request.bodyHash()))
                .orElse(null);
    }

    /** Creates a template as a copy of another one. */
    Response copy(Request request) {
        request.query(Set.of());
        Map<String, @Nullable Object> body = request.bodyObject(false);
        Optional<Stored<Template>> source = catalog.read(tenant(request), kind, name(request), request.now());
        Violations violations = new Violations();
        ObjectReader reader = new ObjectReader(body, "", violations);
        String uniqueName = TemplateJson.readUniqueName(reader);
        @Nullable String name = reader.any(NAME) == null ? null : reader.requiredText(NAME, Template.MAXIMUM_NAME);
        reader.rejectUnknown();
        Refusal.ifAny(violations);
        if (source.isEmpty()) {
            return replayedCopy(request, uniqueName);
        }
        Map<String, @Nullable Object> json = TemplateJson.write(source.get().template());
        json.put(UNIQUE_NAME, uniqueName);
        json.computeIfPresent(NAME, (any, before) -> name == null ? before : name);
        // A tenant has one default profile, which stays the default.
        json.computeIfPresent("isDefault", (any, before) -> false);
        return create(request, template(json, null));
    }

    /** Replays a create whose source has been deleted since. */
    private Response replayedCopy(Request request, String uniqueName) {
        Optional<Stored<Template>> copy = request.idempotencyKey().isEmpty()
                ? Optional.empty()
                : store.read(tenant(request), kind, uniqueName, request.now());
        return create(
                request,
                copy.orElseThrow(() -> TemplateRefusals.notFound(kind, name(request)))
                        .template());
    }

    /**
     * Replaces a template with {@code If-Match}, or creates it with {@code If-None-Match: *}. One of both is required.
     */
    Response replace(Request request) {
        request.query(Set.of());
        String name = name(request);
        boolean creates = request.ifNoneMatch().filter("*"::equals).isPresent();
        if (request.ifMatch().isEmpty() && !creates) {
            throw TemplateRefusals.preconditionRequired("Replacing");
        }
        rejectBuiltIn(name);
        Template template = template(request.bodyObject(false), name);
        PutOutcome outcome =
                creates ? createHere(request, template) : replaceHere(request, template, request.precondition());
        if (outcome instanceof PutOutcome.NotFound) {
            throw Refusal.of(
                    ErrorCode.PRECONDITION_FAILED,
                    "The " + kind.words() + " " + InputLimits.excerpt(name)
                            + " does not exist. Send If-None-Match: * to create it.");
        }
        return response(request, template, outcome);
    }

    private PutOutcome createHere(Request request, Template template) {
        PutOutcome outcome = store.create(tenant(request), template, null, author(request), now(request));
        if (outcome instanceof PutOutcome.NameTaken taken) {
            throw Refusal.of(
                    ErrorCode.PRECONDITION_FAILED,
                    "The " + kind.words() + " " + taken.uniqueName() + " already exists. Send If-Match to replace it.");
        }
        return outcome;
    }

    private PutOutcome replaceHere(Request request, Template template, Precondition precondition) {
        PutOutcome outcome = store.replace(tenant(request), template, precondition, author(request), now(request));
        @Nullable Stored<Template> shipped = catalog.builtIn().find(kind, template.uniqueName());
        if (!(outcome instanceof PutOutcome.NotFound) || shipped == null || shipped.origin() != Origin.EXAMPLE) {
            return outcome;
        }
        // A built-in example is not stored. The first stored template of its name replaces it.
        return precondition.admits(shipped.version())
                ? store.create(tenant(request), template, null, author(request), now(request))
                : new PutOutcome.VersionMismatch(shipped.version());
    }

    /** Changes the properties that the patch contains; with {@code If-Match: *}, of the current version. */
    Response patch(Request request) {
        request.query(Set.of());
        String name = name(request);
        if (request.ifMatch().isEmpty()) {
            throw TemplateRefusals.preconditionRequired("Changing");
        }
        rejectBuiltIn(name);
        Map<String, @Nullable Object> patch = request.mergePatch();
        return WriteLoop.until("the template changed during every attempt", () -> {
            Stored<Template> before = current(request);
            if (!request.precondition().admits(before.version())) {
                throw TemplateRefusals.versionMismatch(before.version());
            }
            Template template = template(MergePatch.apply(TemplateJson.write(before.template()), patch), name);
            PutOutcome outcome = replaceHere(request, template, Precondition.ofVersion(before.version()));
            boolean hasChanged =
                    outcome instanceof PutOutcome.VersionMismatch || outcome instanceof PutOutcome.NotFound;
            return hasChanged ? null : changed(template, outcome);
        });
    }

    Response delete(Request request) {
        request.query(Set.of());
        String name = name(request);
        if (request.ifMatch().isEmpty()) {
            throw TemplateRefusals.preconditionRequired("Deleting");
        }
        rejectBuiltIn(name);
        DeleteOutcome outcome = store.delete(tenant(request), kind, name, request.precondition(), now(request));
        return switch (outcome) {
            case DeleteOutcome.Deleted deleted -> Response.noContent();
            case DeleteOutcome.NotFound notFound -> rejectExample(name);
            case DeleteOutcome.VersionMismatch mismatch -> throw TemplateRefusals.versionMismatch(mismatch.version());
            case DeleteOutcome.InUse inUse ->
                throw Refusal.of(
                        ErrorCode.TEMPLATE_IN_USE,
                        "The " + kind.words() + " " + InputLimits.excerpt(name) + " is used by "
                                + inUse.users().words() + ". Remove these references, then delete it.");
        };
    }

    private Response rejectExample(String name) {
        if (catalog.builtIn().find(kind, name) != null) {
            throw Refusal.of(
                    ErrorCode.BUILT_IN_TEMPLATE,
                    "The " + kind.words() + " " + InputLimits.excerpt(name)
                            + " is a built-in example, which cannot be deleted. Store a template of the same name to"
                            + " replace it.");
        }
        throw TemplateRefusals.notFound(kind, name);
    }

    /**
     * Lists all versions of a unique name, the newest first. They include versions of a deleted template of that name.
     */
    Response versions(Request request) {
        String tenant = tenant(request);
        Listing listing = Listing.of(request, tenant, Set.of(), TemplateOperations::isVersion);
        Stored<Template> current = current(request);
        Page<Stored<Template>> page = current.origin() == Origin.CUSTOM
                ? store.versions(tenant, kind, name(request), listing.page())
                : new Page<>(List.of(current), null);
        return listing.response(page, TemplateJson::write);
    }

    /** Returns true if a position consists of the digits of a version, with or without leading zeros. */
    private static boolean isVersion(String position) {
        boolean isVersion = !position.isEmpty() && position.length() <= VERSION_DIGITS;
        for (int i = 0; i < position.length() && isVersion; i++) {
            isVersion = position.charAt(i) >= '0' && position.charAt(i) <= '9';
        }
        return isVersion;
    }

    Response version(Request request) {
        request.query(Set.of());
        Stored<Template> version = versionOf(request, current(request));
        return Response.ok(TemplateJson.write(version)).withEntityTag(EntityTag.ofVersion(version.version()), request);
    }

    private Stored<Template> versionOf(Request request, Stored<Template> current) {
        String number = request.pathParameter(VERSION);
        boolean isNumber = number.length() <= VERSION_DIGITS && number.chars().allMatch(c -> c >= '0' && c <= '9');
        long version = isNumber ? Long.parseLong(number) : -1;
        Optional<Stored<Template>> found;
        if (version == current.version()) {
            found = Optional.of(current);
        } else if (version < 0 || current.origin() != Origin.CUSTOM) {
            found = Optional.empty();
        } else {
            found = store.version(tenant(request), kind, name(request), version);
        }
        return found.orElseThrow(() -> Refusal.notFound("Version " + InputLimits.excerpt(number) + " of the "
                + kind.words() + " " + InputLimits.excerpt(name(request)) + " does not exist. GET /" + kind.collection()
                + "/" + name(request) + "/versions lists all versions."));
    }

    /** Stores the content of an earlier version as the next version. */
    Response restore(Request request) {
        request.query(Set.of());
        String name = name(request);
        if (request.ifMatch().isEmpty()) {
            throw TemplateRefusals.preconditionRequired("Restoring");
        }
        rejectBuiltIn(name);
        Map<String, @Nullable Object> json =
                TemplateJson.write(versionOf(request, current(request)).template());
        json.put(UNIQUE_NAME, name);
        Template template = template(json, name);
        return changed(template, replaceHere(request, template, request.precondition()));
    }

    /** Replacing a built-in example by a stored template returns 200, not 201. */
    private static Response changed(Template template, PutOutcome outcome) {
        return stored(placed(template, outcome).stored());
    }

    private static PutOutcome.Placed placed(Template template, PutOutcome outcome) {
        return switch (outcome) {
            case PutOutcome.Placed placed -> placed;
            case PutOutcome.Rejected rejected -> throw TemplateRefusals.of(template, rejected);
            case PutOutcome.Replayed replayed -> throw unexpected(replayed);
            case PutOutcome.Pending pending -> throw unexpected(pending);
        };
    }

    private static IllegalStateException unexpected(PutOutcome outcome) {
        return new IllegalStateException("Unexpected outcome: " + outcome);
    }

    private static Response stored(Stored<Template> stored) {
        return Response.ok(TemplateJson.write(stored))
                .with("ETag", EntityTag.ofVersion(stored.version()).toString());
    }

    private Response response(Request request, Template template, PutOutcome outcome) {
        return switch (outcome) {
            case PutOutcome.Created created -> created(request, created.stored());
            case PutOutcome.Replayed replayed ->
                created(request, replayed.stored()).with("Idempotency-Replayed", "true");
            case PutOutcome.Replaced replaced -> stored(replaced.stored());
            case PutOutcome.Rejected rejected -> throw TemplateRefusals.of(template, rejected);
            case PutOutcome.Unchanged unchanged -> throw unexpected(unchanged);
            case PutOutcome.Pending pending -> throw unexpected(pending);
        };
    }

    private Response created(Request request, Stored<Template> stored) {
        String path = "/" + kind.collection() + "/"
                + PercentEncoding.ofValue(stored.template().uniqueName());
        return Response.created(request.url(path), TemplateJson.write(stored))
                .with("ETag", EntityTag.ofVersion(stored.version()).toString());
    }

    /** @param name the name in the URL, which the body may repeat but not change; null if the body contains the name */
    private Template template(Map<String, @Nullable Object> body, @Nullable String name) {
        Violations violations = new Violations();
        if (name != null) {
            @Nullable Object named = body.putIfAbsent(UNIQUE_NAME, name);
            if (named != null && !named.equals(name)) {
                violations.add(
                        "uniqueNameImmutable",
                        UNIQUE_NAME,
                        "uniqueName cannot be changed. Send " + InputLimits.excerpt(name)
                                + ", as in the URL, or omit the property.");
            }
        }
        Template template = TemplateJson.read(kind, new ObjectReader(body, "", violations));
        Refusal.ifAny(violations);
        return template;
    }

    private void rejectBuiltIn(String name) {
        @Nullable Stored<Template> shipped = catalog.builtIn().find(kind, name);
        if (shipped != null && shipped.origin() == Origin.BUILT_IN) {
            throw TemplateRefusals.builtIn(kind, name);
        }
    }

    private void rejectReserved(String uniqueName) {
        if (catalog.builtIn().findReserved(kind, uniqueName) != null) {
            throw TemplateRefusals.nameTaken(kind, uniqueName);
        }
    }

    private String name(Request request) {
        return TemplateRequests.name(request, kind);
    }
}
