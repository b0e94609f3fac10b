package io.switchboard.http;

/**
 * The values of {@code error.code}, each with its HTTP status. {@code docs/reference/errors.md} explains each code and
 * how the caller can fix the error. The codes in {@code error.details[]} of a 400 are defined by the rule that was
 * violated.
 */
public enum ErrorCode {
    INVALID_REQUEST(400, "invalidRequest"),
    UNAUTHORIZED(401, "unauthorized"),
    PERMISSION_REQUIRED(403, "permissionRequired"),
    USER_REQUIRED(403, "userRequired"),
    TEMPLATE_NOT_IN_PROFILE(403, "templateNotInProfile"),
    NOT_FOUND(404, "notFound"),
    METHOD_NOT_ALLOWED(405, "methodNotAllowed"),
    NOT_ACCEPTABLE(406, "notAcceptable"),
    SESSION_LIMIT_REACHED(409, "sessionLimitReached"),
    SESSION_NOT_CLOSABLE(409, "sessionNotClosable"),
    SESSION_CLOSED(409, "sessionClosed"),
    DISPOSITION_REQUIRED(409, "dispositionRequired"),
    UNSAVED_CHANGES(409, "unsavedChanges"),
    HAND_OVER_PENDING(409, "handOverPending"),
    NOTIFICATION_RESOLVED(409, "notificationResolved"),
    HOME_SESSION(409, "homeSession"),
    TAB_LIMIT_REACHED(409, "tabLimitReached"),
    ANCHOR_TAB_NOT_CLOSABLE(409, "anchorTabNotClosable"),
    TAB_NOT_CLOSABLE(409, "tabNotClosable"),
    NAME_ALREADY_EXISTS(409, "nameAlreadyExists"),
    BUILT_IN_TEMPLATE(409, "builtInTemplate"),
    TEMPLATE_IN_USE(409, "templateInUse"),
    DEFAULT_PROFILE_EXISTS(409, "defaultProfileExists"),
    IMPORT_CONFLICT(409, "importConflict"),
    AMBIGUOUS_SESSION_ID(409, "ambiguousSessionId"),
    SUBSCRIPTION_LIMIT_REACHED(409, "subscriptionLimitReached"),
    RESYNC_REQUIRED(410, "resyncRequired"),
    PRECONDITION_FAILED(412, "preconditionFailed"),
    CONTENT_TOO_LARGE(413, "contentTooLarge"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupportedMediaType"),
    TEMPLATE_NOT_FOUND(422, "templateNotFound"),
    TEMPLATE_INACTIVE(422, "templateInactive"),
    TEMPLATE_TAG_MISMATCH(422, "templateTagMismatch"),
    TEMPLATE_TYPE_NOT_ALLOWED(422, "templateTypeNotAllowed"),
    ANCHOR_RECORD_REQUIRED(422, "anchorRecordRequired"),
    ENTITY_MISMATCH(422, "entityMismatch"),
    BASIC_STATE_MISMATCH(422, "basicStateMismatch"),
    DUPLICATE_ENTITY(422, "duplicateEntity"),
    IDEMPOTENCY_KEY_REUSED(422, "idempotencyKeyReused"),
    // The codes of warnings, which Prefer: handling=strict turns into errors.
    UNRESOLVED_SLUG(422, "unresolvedSlug"),
    UNKNOWN_TAB(422, "unknownTab"),
    UNKNOWN_PROPERTY(422, "unknownProperty"),
    UNUSED_PARAMETER(422, "unusedParameter"),
    UNKNOWN_USER(422, "unknownUser"),
    TEXT_CUT(422, "textCut"),
    PARAMETER_TOO_LONG(422, "parameterTooLong"),
    PARAMETER_MISSING(422, "parameterMissing"),
    URL_NOT_ALLOWED(422, "urlNotAllowed"),
    URL_NOT_OPENABLE(422, "urlNotOpenable"),
    FAILED_DEPENDENCY(424, "failedDependency"),
    PRECONDITION_REQUIRED(428, "preconditionRequired"),
    TOO_MANY_REQUESTS(429, "tooManyRequests"),
    INTERNAL_SERVER_ERROR(500, "internalServerError"),
    SERVICE_UNAVAILABLE(503, "serviceUnavailable");

    private final int status;
    private final String text;

    ErrorCode(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /**
     * Returns the code with this text, for warnings and template rules that have the code as text.
     *
     * @throws IllegalArgumentException if the code does not exist
     */
    public static ErrorCode of(String text) {
        for (ErrorCode code : values()) {
            if (code.text.equals(text)) {
                return code;
            }
        }
        throw new IllegalArgumentException("The error code " + text + " does not exist");
    }

    /** Returns the HTTP status of every response with this code. */
    public int status() {
        return status;
    }

    /** Returns the code in camelCase, as in {@code error.code}. */
    public String text() {
        return text;
    }
}
