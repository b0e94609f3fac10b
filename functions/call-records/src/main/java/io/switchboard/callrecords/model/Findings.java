package io.switchboard.callrecords.model;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notes the violations and the warnings of one body. Not thread-safe. */
final class Findings {
    static final String INVALID_ENUM_MEMBER = "invalidEnumMember";

    private static final String UNKNOWN_PROPERTY = "unknownProperty";
    private static final String KEPT = " It is stored as it was sent.";

    private final Violations violations;
    private final @Nullable Violations warnings;

    /** @param warnings collects what a mirror of Graph tolerates; null if that is a violation */
    Findings(Violations violations, @Nullable Violations warnings) {
        this.violations = violations;
        this.warnings = warnings;
    }

    /** Returns true if members that the description does not have are kept, with a warning. */
    boolean isLenient() {
        return warnings != null;
    }

    /** Notes a violation. */
    void note(String code, Target target, String message) {
        if (mayNote()) {
            violations.add(code, target.toString(), message);
        }
    }

    /** Returns true if the next violation is described. Beyond the limit, violations are only counted. */
    boolean mayNote() {
        return mayNote(violations);
    }

    private static boolean mayNote(Violations findings) {
        if (findings.isFull()) {
            findings.addUnnamed(1);
        }
        return !findings.isFull();
    }

    void wrongType(Target target, String expected, Object value) {
        if (mayNote()) {
            new ObjectReader(Map.of(), target.toString(), violations).wrongType("", expected, value);
        }
    }

    /** Notes a warning about a value that is kept. The reader is lenient. */
    void kept(String code, Target target, String problem) {
        warn(code, target, problem + KEPT);
    }

    /** Notes a warning. The reader is lenient. */
    void warn(String code, Target target, String message) {
        if (warnings != null && mayNote(warnings)) {
            warnings.add(code, target.toString(), message);
        }
    }

    /** Notes a member that an enum does not have. */
    void unknownMember(EnumType type, Target target) {
        if (mayNote()) {
            violations.add(INVALID_ENUM_MEMBER, target.toString(), target + " must be one of", type.sendable());
        }
    }

    /** Notes a member that an enum does not have, and that is kept. */
    void keptMember(EnumType type, String member, Target target) {
        String known = "";
        for (String each : type.sendable()) {
            known = each.equalsIgnoreCase(member)
                    ? " Members are case-sensitive: the known one is " + each + "."
                    : known;
        }
        kept(INVALID_ENUM_MEMBER, target, target + " is not a member that this version knows." + known);
    }

    /** Notes a property that a type does not have, and that is kept if the reader is lenient. */
    void unknownProperty(ObjectType type, ObjectType declared, String name, Target outer) {
        if (warnings == null ? !mayNote() : !mayNote(warnings)) {
            return;
        }
        Target target = outer.member(name);
        @Nullable ObjectType owner = null;
        for (ObjectType each : declared.concrete()) {
            for (Property property : each.properties()) {
                if (property.name().equals(name)) {
                    owner = each;
                } else if (property.name().equalsIgnoreCase(name)) {
                    String known = target + " is not recognised. Names are case-sensitive";
                    if (warnings == null) {
                        note(UNKNOWN_PROPERTY, target, known + "; use " + property.name() + ".");
                    } else {
                        kept(UNKNOWN_PROPERTY, target, known + ": the known one is " + property.name() + ".");
                    }
                    return;
                }
            }
        }
        String problem = target + (owner == null ? " is not recognised." : " is not a property of " + type + ".");
        if (warnings != null) {
            kept(UNKNOWN_PROPERTY, target, problem);
        } else if (owner == null) {
            note(UNKNOWN_PROPERTY, target, problem + " Remove it.");
        } else {
            note(
                    UNKNOWN_PROPERTY,
                    target,
                    problem + " Remove it, or send the \"" + ObjectType.ANNOTATION + "\" of the type that has it, "
                            + owner.annotation() + ".");
        }
    }

    /** Notes that a body has none of the required properties: an SDK has probably reduced it to changes. */
    void allMissing(String code, Target body, List<Property> missing) {
        StringBuilder message = new StringBuilder();
        for (int i = 0; i < missing.size(); i++) {
            message.append(i == 0 ? "" : i == missing.size() - 1 ? " and " : ", ")
                    .append(missing.get(i).name());
        }
        message.append(" are required. ").append(CallRecordTypes.BACKING_STORES);
        note(code, body.member(missing.getFirst().name()), message.toString());
    }
}
