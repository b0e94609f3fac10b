package io.switchboard.local;

import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.local.deployment.TemplateException;
import java.util.concurrent.CountDownLatch;

/** Runs the local server in the foreground until Ctrl-C or SIGTERM; {@code --help} tells of options and exit codes. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        switch (Options.parse(arguments)) {
            case Options.Help _ -> System.out.print(Options.HELP);
            case Options.Wrong wrong -> {
                System.err.println(wrong.problem() + ": --help lists the options.");
                System.exit(2);
            }
            case Options.Run run -> {
                if (run.stopWithParent()) {
                    stopWithParent();
                }
                try {
                    run(run.settings());
                } catch (LocalServerException | TemplateException | EmbeddedDynamoDbException e) {
                    System.err.println(e.getMessage());
                    System.exit(1);
                }
            }
        }
    }

    private static void run(LocalServerSettings settings) throws InterruptedException {
        var server = LocalServer.start(settings, System.out, System.err);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            System.out.println("Stopping");
            server.close();
        }));
        System.out.print(Greeting.of(server));
        System.out.flush();
        new CountDownLatch(1).await();
    }

    /** For starters that may be killed without a chance to pass the signal on. */
    private static void stopWithParent() {
        var _ = ProcessHandle.current().parent().map(parent -> parent.onExit().thenRun(() -> System.exit(0)));
    }
}
