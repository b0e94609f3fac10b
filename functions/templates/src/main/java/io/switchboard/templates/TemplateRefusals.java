package io.switchboard.templates;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.json.Violation;
import io.switchboard.template.AppProfile;
import io.switchboard.template.ReferenceViolation;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.store.PutOutcome;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Creates the errors of templates that cannot be stored, read or deleted. */
final class TemplateRefusals {
    private TemplateRefusals() {}

    /** Returns the error of a template that was not stored. */
    static Refusal of(Template template, PutOutcome.Rejected outcome) {
        TemplateKind kind = template.kind();
        return switch (outcome) {
            case PutOutcome.NameTaken taken -> nameTaken(kind, taken.uniqueName());
            case PutOutcome.NotFound notFound -> notFound(kind, template.uniqueName());
            case PutOutcome.VersionMismatch mismatch -> versionMismatch(mismatch.version());
            case PutOutcome.KeyReused reused -> Refusal.idempotencyKeyReused();
            case PutOutcome.ReplayedDeleted deleted ->
                Refusal.notFound(
                        "This request created the " + kind.words() + " " + InputLimits.excerpt(template.uniqueName())
                                + ", which has since been deleted. Use a new Idempotency-Key to create it again.");
            case PutOutcome.ReferencesMissing missing -> referencesMissing(template, missing.uniqueNames());
            case PutOutcome.ReferencesInvalid invalid -> referencesInvalid(invalid.violations());
            case PutOutcome.DefaultTaken taken ->
                Refusal.of(
                        ErrorCode.DEFAULT_PROFILE_EXISTS,
                        "The app profile " + InputLimits.excerpt(taken.appProfile())
                                + " is already the default of the tenant. Set its isDefault to false first.");
            case PutOutcome.InUse inUse ->
                Refusal.of(
                        ErrorCode.TEMPLATE_IN_USE,
                        "The type and entity of " + InputLimits.excerpt(template.uniqueName())
                                + " cannot change, because it is used by app profiles: "
                                + inUse.users().words()
                                + ". Remove it from these app profiles first, or clone it and change the clone.");
        };
    }

    static Refusal notFound(TemplateKind kind, String name) {
        return Refusal.notFound("The " + kind.words() + " " + InputLimits.excerpt(name) + " does not exist. GET /"
                + kind.collection() + " lists the existing ones; unique names are case-sensitive.");
    }

    static Refusal nameTaken(TemplateKind kind, String uniqueName) {
        return Refusal.of(
                ErrorCode.NAME_ALREADY_EXISTS,
                "The " + kind.words() + " " + InputLimits.excerpt(uniqueName)
                        + " already exists (case-insensitive). Choose another name, or use PUT to replace it.");
    }

    static Refusal builtIn(TemplateKind kind, String name) {
        return Refusal.of(
                ErrorCode.BUILT_IN_TEMPLATE,
                "The " + kind.words() + " " + name + " is built-in and read-only. Use POST /" + kind.collection() + "/"
                        + name + "/clone to create a copy that you can change.");
    }

    static Refusal preconditionRequired(String action) {
        return Refusal.of(
                ErrorCode.PRECONDITION_REQUIRED,
                action + " a template requires If-Match. Send the ETag of the version you read, or * for any version.");
    }

    static Refusal versionMismatch(long version) {
        return Refusal.of(
                ErrorCode.PRECONDITION_FAILED,
                "The template is at version " + version + ". Fetch it again and retry with the new ETag.");
    }

    private static Refusal referencesMissing(Template template, List<String> names) {
        String words = Objects.requireNonNull(template.kind().referred()).words();
        List<Violation> details = new ArrayList<>();
        for (String name : names) {
            details.add(new Violation(
                    "templateNotFound",
                    "The " + words + " " + InputLimits.excerpt(name)
                            + " does not exist. Create it first; unique names are case-sensitive.",
                    target(template, name)));
        }
        return Refusal.of(ErrorCode.TEMPLATE_NOT_FOUND, details.getFirst().message(), details);
    }

    private static Refusal referencesInvalid(List<ReferenceViolation> violations) {
        List<Violation> details = new ArrayList<>();
        for (ReferenceViolation violation : violations) {
            details.add(new Violation(violation.code(), violation.message(), violation.target()));
        }
        return Refusal.of(
                ErrorCode.of(details.getFirst().code()), details.getFirst().message(), details);
    }

    /** The property by which a template refers to another one. */
    private static String target(Template template, String name) {
        if (template instanceof SessionTemplate session) {
            int additional = session.additionalTabs().indexOf(name);
            return additional < 0 ? "anchorTab" : "additionalTabs[" + additional + "]";
        }
        if (template instanceof AppProfile profile) {
            int listed = profile.sessionTemplates().indexOf(name);
            if (listed >= 0) {
                return "sessionTemplates[" + listed + "]";
            }
            for (var entry : profile.channelDefaults().entrySet()) {
                if (entry.getValue().equals(name)) {
                    return "defaultSessionTemplates.channels." + entry.getKey();
                }
            }
        }
        return "";
    }
}
