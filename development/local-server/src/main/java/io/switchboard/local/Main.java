package io.switchboard.local;

import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.local.deployment.TemplateException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Runs the local server in the foreground until Ctrl-C or SIGTERM. {@code --help} lists the options and the exit codes.
 */
public final class Main {
    private static final Duration PARENT_CHECK = Duration.ofMillis(100);

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        switch (Options.parse(arguments)) {
            case Options.Help _ -> System.out.print(Options.HELP);
            case Options.Invalid invalid -> {
                System.err.println(invalid.problem() + ". Use --help for the list of options.");
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
        System.out.print(StartupBanner.of(server));
        System.out.flush();
        new CountDownLatch(1).await();
    }

    /**
     * Stops the server when its parent process ends, for parents that do not forward signals or are killed. The check
     * compares the parent's id, because an orphan gets another parent at once, while the dead parent may appear alive
     * until its exit code is read.
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
