package io.switchboard.templates;

import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.storage.Keys;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What the operations on templates read of a request alike. */
final class TemplateRequests {
    static final String UNIQUE_NAME = "uniqueName";

    private TemplateRequests() {}

    /** The caller's tenant. */
    static String tenant(Request request) {
        String tenant = request.caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong", "", "The tenant's id is longer than " + Keys.LONGEST_PART + " bytes once encoded.");
        }
        return tenant;
    }

    /** The name in the URL; one that breaks the rule of unique names is nobody's. */
    static String name(Request request, TemplateKind kind) {
        String name = request.pathParameter(UNIQUE_NAME);
        if (!UniqueName.isValid(name)) {
            throw TemplateRefusals.notFound(kind, name);
        }
        return name;
    }

    /** Who is named as author of a change. */
    static String author(Request request) {
        return request.caller().name();
    }

    /** When a change happens. */
    static Instant now(Request request) {
        return request.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
