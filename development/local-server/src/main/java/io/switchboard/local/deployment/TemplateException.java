package io.switchboard.local.deployment;

/**
 * Signals that the template or the value of a parameter is invalid. The message is one line that states the problem.
 */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TemplateException(String message) {
        super(message);
    }
}
