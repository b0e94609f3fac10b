package io.switchboard.local.deployment;

/** The template, or a value given for one of its parameters, cannot be used. The message is one line that says what to do next. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TemplateException(String message) {
        super(message);
    }
}
