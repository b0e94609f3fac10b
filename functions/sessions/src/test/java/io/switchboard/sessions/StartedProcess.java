package io.switchboard.sessions;

/** A JVM that creates {@code CreateSession} and then ends. */
final class StartedProcess {
    private StartedProcess() {}

    /**
     * Creates the function.
     *
     * @param arguments one that is ignored, and variables as {@code name=value}
     */
    public static void main(String[] arguments) {
        new CreateSession(PrimedProcess.environment(arguments)).routes();
    }
}
