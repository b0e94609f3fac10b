package io.switchboard.local;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.EventSource;
import io.switchboard.local.deployment.TemplateException;
import io.switchboard.runtime.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the API on 127.0.0.1: the template's routes and handlers, DynamoDB Local and a token issuer. Accepts only
 * requests whose host is a name of this machine. Serves requests concurrently from the return of {@link #start} until
 * {@link #close}. Thread-safe.
 *
 * <p>Handlers get their function's environment, {@code AWS_ENDPOINT_URL_DYNAMODB}, a placeholder region and
 * credentials, and this server's URL as {@code PUBLIC_BASE_URL} unless the template's parameter sets another URL.
 */
public final class LocalServer implements AutoCloseable {
    private static final Duration INTEGRATION_TIMEOUT = Duration.ofSeconds(30);
    private static final int BACKLOG = 1_024;
    private static final int STOP_SECONDS = 1;

    private final URI baseUri;
    private final Deployment deployment;
    private final URI dynamoDb;
    private final Optional<Integer> busPort;
    private final Deque<AutoCloseable> running;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalServer(
            URI baseUri, Deployment deployment, URI dynamoDb, Optional<Integer> busPort, Deque<AutoCloseable> running) {
        this.baseUri = baseUri;
        this.deployment = deployment;
        this.dynamoDb = dynamoDb;
        this.busPort = busPort;
        this.running = running;
    }

    /**
     * Starts a server that logs nothing.
     *
     * @throws RuntimeException for the same reasons as the other {@code start}
     */
    public static LocalServer start(LocalServerSettings settings) {
        var silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return start(settings, silent, silent);
    }

    /**
     * Starts a server.
     *
     * @param log receives one line for each startup step and each request (method, route, status and time, no content)
     * @param functionLog receives the log output of the handlers
     * @throws LocalServerException if it cannot start; the message is one line
     * @throws TemplateException if the template or a parameter cannot be used; the message is one line
     * @throws io.switchboard.embedded.EmbeddedDynamoDbException if DynamoDB Local cannot run; the message is one line
     */
    public static LocalServer start(LocalServerSettings settings, PrintStream log, PrintStream functionLog) {
        return start(settings, log, functionLog, Clock.systemUTC(), Ticker.system(), INTEGRATION_TIMEOUT);
    }

    static LocalServer start(
            LocalServerSettings settings,
            PrintStream log,
            PrintStream functionLog,
            Clock clock,
            Ticker ticker,
            Duration integrationTimeout) {
        var running = new ArrayDeque<AutoCloseable>();
        try {
            return start(settings, log, functionLog, clock, ticker, integrationTimeout, running);
        } catch (RuntimeException | Error e) {
            closeAll(running);
            throw e;
        }
    }

    private static LocalServer start(
            LocalServerSettings settings,
            PrintStream log,
            PrintStream functionLog,
            Clock clock,
            Ticker ticker,
            Duration integrationTimeout,
            Deque<AutoCloseable> running) {
        // The JDK's server reads this property once, when its first class loads. Without it, a response waits 40 ms for
        // a TCP acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var http = bind(settings.port());
        running.push(() -> http.stop(0));
        int port = http.getAddress().getPort();
        var baseUri = URI.create("http://127.0.0.1:" + port);
        var deployment =
                Deployment.read(settings.template(), parameters(settings, baseUri), baseUri + LocalQueues.PATH + '/');
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        running.push(threads::shutdownNow);
        var key = CompletableFuture.supplyAsync(TokenIssuer::newKey, threads);

        var dynamoDb = settings.dynamoDb().orElseGet(() -> {
            log.println("Starting DynamoDB Local, "
                    + settings.data()
                            .map(folder ->
                                    "with data in " + folder.toAbsolutePath().normalize())
                            .orElse("with data in memory"));
            var embedded = settings.dynamoDbPort().isPresent()
                    ? EmbeddedDynamoDb.startForContainers(
                            settings.data(), settings.dynamoDbPort().getAsInt())
                    : settings.data().map(EmbeddedDynamoDb::start).orElseGet(EmbeddedDynamoDb::start);
            running.push(embedded);
            return embedded.endpoint();
        });
        log.println("Creating the tables and handlers of " + settings.template().getFileName());
        var bus = new LocalBus(clock, ticker, log);
        var clients = new LocalClients(dynamoDb);
        running.push(clients);
        LocalTables.create(deployment.tables(), clients.dynamoDb());
        var issuer = new TokenIssuer(baseUri, settings.audience(), key.join(), clock);
        boolean ownIssuer = deployment.authorizer().issuer().equals(baseUri.toString());
        var keys = ownIssuer
                ? issuer.keys()
                : new RemoteKeys(deployment.authorizer().issuer());
        var verifier = new TokenVerifier(deployment.authorizer(), keys, clock);
        var hosts = HostFilter.of(settings.hosts());
        var sockets = new LocalPushSockets(deployment, verifier, hosts, log);
        running.push(sockets);
        var streams = new LocalStreams(log);
        running.push(streams);
        var queues = new LocalQueues(deployment.queues(), settings.longestQueueDelay(), clock, ticker, log);
        running.push(queues);
        var functions = LocalFunctions.of(
                deployment, dynamoDb, baseUri, sockets.start(), threads, streams::wake, ticker, functionLog);
        for (var source : deployment.eventSources()) {
            var function = requireNonNull(functions.get(source.function()));
            switch (source) {
                case EventSource.Stream stream -> streams.read(stream, function, clients, threads);
                case EventSource.Messages messages -> queues.read(messages, function, threads);
            }
        }
        var busForContainers = settings.dynamoDbPort().isPresent()
                ? Optional.of(bindBus(settings.dynamoDbPort().getAsInt()))
                : Optional.<HttpServer>empty();
        busForContainers.ifPresent(own -> {
            running.push(() -> own.stop(0));
            var containers = HostFilter.forContainers(settings.hosts());
            own.createContext(LocalBus.PATH, bus).getFilters().add(containers);
            own.createContext(LocalQueues.PATH, queues).getFilters().add(containers);
            own.setExecutor(threads);
            own.start();
        });

        var gateway = new ApiGateway(
                deployment,
                functions,
                verifier,
                issuer,
                baseUri.getAuthority(),
                integrationTimeout,
                clock,
                ticker,
                log);
        var contexts = new HashMap<String, HttpHandler>();
        contexts.put("/", gateway);
        contexts.put(InvokeApi.PATH, new InvokeApi(functions, clock, ticker, log));
        contexts.put(LocalBus.PATH, bus);
        contexts.put(LocalQueues.PATH, queues);
        settings.recordSource().ifPresent(file -> contexts.put(LocalSecrets.PATH, new LocalSecrets(file)));
        contexts.put(LocalEvents.PATH, new LocalEvents(deployment, verifier, bus, log));
        contexts.put(LocalPush.PATH, new LocalPush(sockets));
        contexts.forEach((path, handler) ->
                http.createContext(path, handler).getFilters().add(hosts));
        http.setExecutor(threads);
        http.start();
        // Requests in progress must end before the resources they use are closed.
        running.push(() -> http.stop(STOP_SECONDS));
        // Closing the bus releases the requests that wait for events.
        running.push(bus);
        return new LocalServer(
                baseUri,
                deployment,
                dynamoDb,
                busForContainers.map(own -> own.getAddress().getPort()),
                running);
    }

    /** Returns the server's URL, {@code http://127.0.0.1:<port>}, which is also the issuer of its tokens. */
    public URI baseUri() {
        return baseUri;
    }

    /** Returns the template as read at startup. */
    public Deployment deployment() {
        return deployment;
    }

    /** Returns the endpoint of the server's DynamoDB. */
    public URI dynamoDb() {
        return dynamoDb;
    }

    /**
     * Returns the port of the event bus and the queues on every network interface, one above the port of DynamoDB.
     * Returns empty if the server was started without a port for containers.
     */
    public Optional<Integer> busPort() {
        return busPort;
    }

    /**
     * Waits up to one second for requests in progress, then stops DynamoDB Local if this server started it. A second
     * call does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeAll(running);
        }
    }

    private static Map<String, String> parameters(LocalServerSettings settings, URI baseUri) {
        var origins = new StringBuilder(baseUri.toString())
                .append(",http://localhost:")
                .append(baseUri.getPort());
        settings.corsOrigins().forEach(origin -> origins.append(',').append(origin));
        var parameters = new HashMap<String, String>();
        parameters.put("Issuer", baseUri.toString());
        parameters.put("Audience", settings.audience());
        parameters.put("CorsOrigins", origins.toString());
        parameters.put("ReleaseId", "local");
        parameters.put("Push", "appsync");
        // Subscribers under development listen on this machine.
        parameters.put("PrivateNotificationUrls", "true");
        settings.recordSource().ifPresent(file -> parameters.put("RecordSourceSecretArn", LocalSecrets.ARN));
        parameters.putAll(settings.parameters());
        return parameters;
    }

    private static HttpServer bind(int port) {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), BACKLOG);
        } catch (BindException e) {
            throw new LocalServerException(
                    "Port %d of 127.0.0.1 is in use or not permitted. Stop the other program, or choose another port with --port (0: any free port)."
                            .formatted(port),
                    e);
        } catch (IOException e) {
            throw new LocalServerException(
                    "Port %d of 127.0.0.1 cannot be opened: %s".formatted(port, e.getMessage()), e);
        }
    }

    private static HttpServer bindBus(int dynamoDbPort) {
        int port = dynamoDbPort == 0 ? 0 : dynamoDbPort + 1;
        try {
            return HttpServer.create(new InetSocketAddress(port), BACKLOG);
        } catch (IOException e) {
            throw new LocalServerException(
                    "Port %d, which is one above --dynamodb-port and serves the event bus and the queues, cannot be opened: %s"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    private static void closeAll(Deque<AutoCloseable> running) {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                // The remaining resources must still be closed.
            }
        }
    }
}
