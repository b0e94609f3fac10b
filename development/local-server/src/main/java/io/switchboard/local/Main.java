package io.switchboard.local;

import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.local.deployment.TemplateException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Runs the local server in the foreground until Ctrl-C or SIGTERM; {@code --help} tells of options and exit codes. */
public final class Main {
    private static final Duration PARENT_CHECK = Duration.ofMillis(100);

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

    /**
     * For starters that do not pass a signal on, or are killed without a chance to. An orphan has another parent at once, while the
     * dead parent itself may look alive until somebody asks for its exit code.
     */
    private static void stopWithParent() {
        var parent = ProcessHandle.current().parent();
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            while (ProcessHandle.current().parent().equals(parent)) {
                try {
                    Thread.sleep(PARENT_CHECK);
                } catch (InterruptedException e) {
                    return;
                }
            }
            System.exit(0);
        });
    }
}
