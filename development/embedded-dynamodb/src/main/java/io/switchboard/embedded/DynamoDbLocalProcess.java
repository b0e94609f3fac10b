package io.switchboard.embedded;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Main class of the child JVM. It serves DynamoDB Local until its standard input closes, which happens whenever the
 * parent ends, even by {@code kill -9}.
 *
 * <p>DynamoDB Local's own main class is not used, because it listens on every network interface, requires a fixed free
 * port and sends telemetry. Its classes are called by reflection, because they are not on the class path of this build.
 */
final class DynamoDbLocalProcess {
    /** Prefix of the printed line with the port, which the parent reads. */
    static final String PORT_PREFIX = "switchboard.port=";

    /** System property of the child with a port on all network interfaces. Default: a free port of 127.0.0.1. */
    static final String PORT_PROPERTY = "switchboard.dynamodb.port";

    /** Prefix of the printed line with the reason why DynamoDB Local cannot run, which the parent reads. */
    static final String FAILURE_PREFIX = "switchboard.failure=";

    private static final String SERVER_RUNNER = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner";

    /** Maximum time that the child waits for its parent after a signal, which the parent also receives. */
    private static final long PARENT_SHUTDOWN_SECONDS = 10;

    private DynamoDbLocalProcess() {}

    public static void main(String[] arguments) {
        var parentGone = new CountDownLatch(1);
        // Ctrl-C reaches the whole process group. The parent still needs the tables until it has served its requests.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> awaitUninterrupted(parentGone)));
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            awaitEndOfInput();
            parentGone.countDown();
            Runtime.getRuntime().halt(0);
        });
        try {
            var server = Class.forName(SERVER_RUNNER)
                    .getMethod("createServerFromCommandLineArgs", String[].class)
                    .invoke(null, (Object) arguments);
            var connector = connector(server);
            server.getClass().getMethod("safeStart").invoke(server);
            System.out.println(
                    PORT_PREFIX + connector.getClass().getMethod("getLocalPort").invoke(connector));
        } catch (InvocationTargetException e) {
            fail(e.getTargetException());
        } catch (ReflectiveOperationException | RuntimeException e) {
            fail(e);
        }
    }

    /** Configures Jetty's connector with the requested port, or with the loopback interface and a free port. */
    private static Object connector(Object server) throws ReflectiveOperationException {
        Field jetty = server.getClass().getDeclaredField("server");
        jetty.setAccessible(true);
        Object jettyServer = jetty.get(server);
        Object connectors = jettyServer.getClass().getMethod("getConnectors").invoke(jettyServer);
        Object connector = Array.get(connectors, 0);
        Integer port = Integer.getInteger(PORT_PROPERTY);
        connector
                .getClass()
                .getMethod("setHost", String.class)
                .invoke(connector, port == null ? "127.0.0.1" : "0.0.0.0");
        connector.getClass().getMethod("setPort", int.class).invoke(connector, port == null ? 0 : port);
        return connector;
    }

    private static void fail(Throwable reason) {
        System.out.println(
                FAILURE_PREFIX + String.valueOf(reason).lines().findFirst().orElse(""));
        System.out.flush();
        Runtime.getRuntime().halt(1);
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // The parent writes nothing.
            }
        } catch (IOException e) {
            // A broken pipe is also an end.
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            var _ = latch.await(PARENT_SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
