package io.switchboard.callrecords.model;

import io.switchboard.json.Json;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes bodies for tests, and reads their violations. */
final class Bodies {
    private Bodies() {}

    /** Parses a JSON object; apostrophes stand for quotation marks. */
    static Map<String, @Nullable Object> object(String json) {
        return Json.readOwn(json.replace('\'', '"'));
    }

    /** Returns a session with the required members and these. */
    static Map<String, @Nullable Object> session(String members) {
        return object(
                "{'id':'s','startDateTime':'2026-03-04T09:15:02Z','endDateTime':'2026-03-04T09:21:47Z','modalities':['audio']"
                        + (members.isEmpty() ? "" : ",") + members + "}");
    }

    /** Returns a session with one segment that has these members. */
    static Map<String, @Nullable Object> segment(String members) {
        return session(
                "'segments':[{'id':'g','startDateTime':'2026-03-04T09:15:02Z','endDateTime':'2026-03-04T09:21:47Z'"
                        + (members.isEmpty() ? "" : ",") + members + "}]");
    }

    /** Returns a session with one stream that has these members. */
    static Map<String, @Nullable Object> stream(String members) {
        return segment("'media':[{'streams':[{" + members + "}]}]");
    }

    /** Returns the violations of a new session. */
    static List<Violation> violations(Map<String, @Nullable Object> session) {
        return violations(CallRecordTypes.session(), Purpose.CREATE, session);
    }

    static List<Violation> violations(EntityType type, Purpose purpose, Map<String, @Nullable Object> body) {
        Violations violations = new Violations();
        type.read(body, new ReadContext(purpose, "", violations));
        return violations.all();
    }

    /** Returns the violations of a new session as {@code code target}. */
    static List<String> found(Map<String, @Nullable Object> session) {
        return brief(violations(session));
    }

    static List<String> brief(List<Violation> violations) {
        return violations.stream()
                .map(each -> each.code() + " " + each.target())
                .toList();
    }

    /** Returns the content of a valid new session. */
    static Map<String, @Nullable Object> content(Map<String, @Nullable Object> session) {
        return content(CallRecordTypes.session(), session);
    }

    static Map<String, @Nullable Object> content(EntityType type, Map<String, @Nullable Object> body) {
        Violations violations = new Violations();
        Map<String, @Nullable Object> content = type.read(body, new ReadContext(Purpose.CREATE, "", violations));
        if (!violations.isEmpty()) {
            throw new AssertionError("Rejected: " + violations.all());
        }
        return content;
    }

    /** Returns stored content after a patch. */
    static Map<String, @Nullable Object> patched(
            Map<String, @Nullable Object> stored, Map<String, @Nullable Object> patch) {
        Violations violations = new Violations();
        Map<String, @Nullable Object> patched = patched(stored, patch, violations);
        if (!violations.isEmpty()) {
            throw new AssertionError("Rejected: " + violations.all());
        }
        return patched;
    }

    static Map<String, @Nullable Object> patched(
            Map<String, @Nullable Object> stored, Map<String, @Nullable Object> patch, Violations violations) {
        ReadContext context = new ReadContext(Purpose.PATCH, "", violations);
        EntityType session = CallRecordTypes.session();
        return session.patch(stored, session.read(patch, context), context);
    }
}
