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

/** What callers are told where a template cannot be stored, read or deleted. */
final class TemplateRefusals {
    private TemplateRefusals() {}

    /** The reason why a template was not stored. */
    static Refusal of(Template template, PutOutcome.Refused outcome) {
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
            case PutOutcome.ReferencesUnfit unfit -> referencesUnfit(unfit.violations());
            case PutOutcome.DefaultTaken taken ->
                Refusal.of(
                        ErrorCode.DEFAULT_PROFILE_EXISTS,
                        "The app profile " + InputLimits.excerpt(taken.appProfile())
                                + " is the default, and a tenant has one. Set its isDefault to false first.");
            case PutOutcome.InUse inUse ->
                Refusal.of(
                        ErrorCode.TEMPLATE_IN_USE,
                        "The app profiles " + inUse.users().words() + " rely on the type and entity of "
                                + InputLimits.excerpt(template.uniqueName())
                                + ". Take it out there first, or clone it and change the clone.");
        };
    }

    static Refusal notFound(TemplateKind kind, String name) {
        return Refusal.notFound("There is no " + kind.words() + " " + InputLimits.excerpt(name) + ". GET /"
                + kind.collection() + " lists them; unique names are case-sensitive.");
    }

    static Refusal nameTaken(TemplateKind kind, String uniqueName) {
        return Refusal.of(
                ErrorCode.NAME_ALREADY_EXISTS,
                "There is the " + kind.words() + " " + InputLimits.excerpt(uniqueName)
                        + " already; unique names are unique without regard to case. Choose another name, or PUT to replace it.");
    }

    static Refusal builtIn(TemplateKind kind, String name) {
        return Refusal.of(
                ErrorCode.BUILT_IN_TEMPLATE,
                "The " + kind.words() + " " + name + " is shipped and read-only. POST /" + kind.collection() + "/"
                        + name + "/clone makes one of your own of it.");
    }

    static Refusal preconditionRequired(String doing) {
        return Refusal.of(
                ErrorCode.PRECONDITION_REQUIRED,
                doing + " needs If-Match with the ETag of what you have read, or * for whatever is there.");
    }

    static Refusal versionMismatch(long version) {
        return Refusal.of(
                ErrorCode.PRECONDITION_FAILED,
                "It is at version " + version + " by now. Read it again, and decide anew with its ETag.");
    }

    private static Refusal referencesMissing(Template template, List<String> names) {
        String words = Objects.requireNonNull(template.kind().referred()).words();
        List<Violation> details = new ArrayList<>();
        for (String name : names) {
            details.add(new Violation(
                    "templateNotFound",
                    "There is no " + words + " " + InputLimits.excerpt(name)
                            + ". Create it first; unique names are case-sensitive.",
                    target(template, name)));
        }
        return Refusal.of(ErrorCode.TEMPLATE_NOT_FOUND, details.getFirst().message(), details);
    }

    private static Refusal referencesUnfit(List<ReferenceViolation> violations) {
        List<Violation> details = new ArrayList<>();
        for (ReferenceViolation violation : violations) {
            details.add(new Violation(violation.code(), violation.message(), violation.target()));
        }
        return Refusal.of(
                ErrorCode.of(details.getFirst().code()), details.getFirst().message(), details);
    }

    /** Where a template names another. */
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
