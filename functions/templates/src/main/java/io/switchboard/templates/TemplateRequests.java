package io.switchboard.templates;

import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.storage.Keys;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Reads the values that all template operations need from a request. */
final class TemplateRequests {
    static final String UNIQUE_NAME = "uniqueName";

    private TemplateRequests() {}

    /** Returns the tenant of the caller. */
    static String tenant(Request request) {
        String tenant = request.caller().tenant();
        if (!Keys.fits(tenant)) {
            throw Refusal.invalid(
                    "tooLong", "", "The tenant's id is longer than " + Keys.LONGEST_PART + " bytes once encoded.");
        }
        return tenant;
    }

    /** Returns the unique name in the URL. A name that is not a valid unique name returns 404. */
    static String name(Request request, TemplateKind kind) {
        String name = request.pathParameter(UNIQUE_NAME);
        if (!UniqueName.isValid(name)) {
            throw TemplateRefusals.notFound(kind, name);
        }
        return name;
    }

    /** Returns the name of the caller, which is stored as the author of a change. */
    static String author(Request request) {
        return request.caller().name();
    }

    /** Returns the time of a change, in milliseconds. */
    static Instant now(Request request) {
        return request.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
