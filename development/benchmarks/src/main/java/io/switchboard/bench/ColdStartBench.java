package io.switchboard.bench;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.LambdaFunction;
import io.switchboard.local.deployment.TemplateException;
import io.switchboard.sessions.CreateSession;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Measures the first request of a caller: the deployed zip of {@code CreateSession} under Lambda's runtime interface
 * client in a fresh JVM with DynamoDB Local, compared with an empty handler; each with and without an AOT cache, and
 * primed as under SnapStart. The variants alternate, so that other load on the machine affects all of them.
 */
public final class ColdStartBench {
    private static final Path EVENT = Path.of("events", "CreateSession", "201.cif-example.json");
    private static final int TRAINING_REQUESTS = 20;

    private final ColdStartOptions options;
    private final PrintStream out;
    private final Path folder;

    private ColdStartBench(ColdStartOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.folder = emptied(options.work());
    }

    /** Measures and prints. Exits with 1 only if it cannot measure, never because of slow results. */
    public static void main(String[] arguments) {
        try {
            new ColdStartBench(ColdStartOptions.parse(arguments), System.out).run();
        } catch (BenchException | EmbeddedDynamoDbException | TemplateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private void run() {
        Deployment deployment = Deployment.read(
                options.root().resolve("template.yaml"),
                Map.of("Issuer", "https://issuer.example", "Audience", "api://switchboard", "ReleaseId", "bench"));
        LambdaFunction function = deployment.functions().values().stream()
                .filter(candidate -> CreateSession.class.getName().equals(candidate.handler()))
                .findFirst()
                .orElseThrow(() -> new BenchException("template.yaml has no function with the handler "
                        + CreateSession.class.getName() + ": correct its Handler."));
        var events = new CreateEvents(options.root().resolve(EVENT));
        out.println("Starting DynamoDB Local");
        try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start()) {
            EmptyTables.create(deployment, dynamoDb.endpoint());
            out.print(report(variants(function, events, dynamoDb.endpoint())).text());
        }
    }

    /** Returns the variants in the order of the constructor of {@link ColdStartReport}. */
    private List<Variant> variants(LambdaFunction function, CreateEvents events, URI dynamoDb) {
        Map<String, String> environment = EmptyTables.environment(function.environment(), dynamoDb);
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.logicalId());
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
        environment.put("AWS_LAMBDA_LOG_FORMAT", options.logFormat());
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");

        List<Path> runtimeClient = Jars.runtimeClient();
        Path jars = made(folder.resolve("jars"));
        var empty = new Variant(
                "empty handler",
                launch(
                        EmptyHandler.class.getName(),
                        List.of(Jars.ofClass(EmptyHandler.class, jars)),
                        runtimeClient,
                        environment,
                        function),
                List.of(),
                events::next,
                ExpectedResponse.ANY,
                false,
                OptionalLong.empty());
        var create = new Variant(
                "CreateSession",
                launch(
                        function.handler(),
                        Jars.ofFunction(function.code(), jars),
                        runtimeClient,
                        environment,
                        function),
                List.of(),
                events::next,
                ExpectedResponse.SESSION,
                false,
                OptionalLong.of(function.code().toFile().length()));
        var primedCreate = new Variant(
                "CreateSession, primed",
                create.launch().with("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"),
                create.options(),
                create.events(),
                create.expected(),
                true,
                create.zipBytes());
        return List.of(empty, create, cached(empty), cached(create), primedCreate);
    }

    private static FunctionProcess.Launch launch(
            String handler,
            List<Path> own,
            List<Path> runtimeClient,
            Map<String, String> environment,
            LambdaFunction function) {
        return new FunctionProcess.Launch(
                handler,
                Stream.concat(own.stream(), runtimeClient.stream()).toList(),
                environment,
                function.memoryMegabytes());
    }

    /** Returns the variant with an AOT cache, which a training run writes when it ends. */
    private Variant cached(Variant variant) {
        Path cache = folder.resolve(variant.launch().handler() + ".aot");
        out.println("Training " + variant.name());
        try (var api = new RuntimeApi("training");
                var _ = start(variant, List.of("-XX:AOTCacheOutput=" + cache), api)) {
            api.awaitStart();
            for (int request = 0; request < TRAINING_REQUESTS; request++) {
                api.invoke(variant.events().get(), variant.expected());
            }
        }
        if (!Files.exists(cache)) {
            throw new BenchException("The JVM did not write an AOT cache. See " + folder.resolve("task.log"));
        }
        return new Variant(
                variant.name() + ", AOT cache",
                variant.launch(),
                // Makes an unsuitable cache an error instead of a slower start.
                List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on"),
                variant.events(),
                variant.expected(),
                variant.isSnapshot(),
                variant.zipBytes());
    }

    private ColdStartReport report(List<Variant> variants) {
        List<List<Measurement.Run>> runs = new ArrayList<>();
        variants.forEach(variant -> runs.add(new ArrayList<>()));
        for (int run = 1; run <= options.runs(); run++) {
            for (int variant = 0; variant < variants.size(); variant++) {
                runs.get(variant).add(measure(variants.get(variant)));
            }
            out.printf("Run %d of %d: %s%n", run, options.runs(), latest(runs));
        }
        out.println();
        List<Measurement> measured = new ArrayList<>();
        for (int variant = 0; variant < variants.size(); variant++) {
            measured.add(
                    new Measurement(variants.get(variant), runs.get(variant), loadedClasses(variants.get(variant))));
        }
        return new ColdStartReport(measured.get(0), measured.get(1), measured.get(2), measured.get(3), measured.get(4));
    }

    private static String latest(List<List<Measurement.Run>> runs) {
        return String.join(
                        ", ",
                        runs.stream()
                                .map(ofVariant -> Math.round(ofVariant.getLast().firstAnswer()) + "")
                                .toList())
                + " ms";
    }

    private Measurement.Run measure(Variant variant) {
        byte[] first = variant.events().get();
        try (var api = new RuntimeApi("measured")) {
            api.offer(first);
            try (var process = start(variant, List.of(), api)) {
                return variant.isSnapshot() ? afterRestore(variant, api, process) : afterStart(variant, api, process);
            }
        }
    }

    private Measurement.Run afterStart(Variant variant, RuntimeApi api, FunctionProcess process) {
        long answered = api.awaitAnswer(variant.expected());
        double processor = milliseconds(process.processorTime().toNanos());
        return new Measurement.Run(
                milliseconds(api.awaitStart() - process.startNanoTime()),
                milliseconds(answered - process.startNanoTime()),
                processor,
                warm(variant, api));
    }

    private Measurement.Run afterRestore(Variant variant, RuntimeApi api, FunctionProcess process) {
        long ready = api.awaitSnapshot();
        pause();
        long processorBefore = process.processorTime().toNanos();
        long restored = System.nanoTime();
        api.restore();
        long answered = api.awaitAnswer(variant.expected());
        double processor = milliseconds(process.processorTime().toNanos() - processorBefore);
        return new Measurement.Run(
                milliseconds(ready - process.startNanoTime()),
                milliseconds(answered - restored),
                processor,
                warm(variant, api));
    }

    private double warm(Variant variant, RuntimeApi api) {
        double[] requests = new double[options.warmRequests()];
        for (int request = 0; request < requests.length; request++) {
            requests[request] = milliseconds(api.invoke(variant.events().get(), variant.expected()));
        }
        return Distribution.of(requests).median();
    }

    /** Counts the classes that a process loads for one request, in a separate run because counting takes time. */
    private int loadedClasses(Variant variant) {
        Path log = folder.resolve("classes.log");
        try (var api = new RuntimeApi("counted");
                var _ = start(variant, List.of("-Xlog:class+load:file=" + log + ":none:filecount=0"), api)) {
            if (variant.isSnapshot()) {
                api.awaitSnapshot();
                api.restore();
            }
            api.invoke(variant.events().get(), variant.expected());
        }
        try (Stream<String> lines = Files.lines(log)) {
            return (int) lines.filter(line -> line.contains(" source: ")).count();
        } catch (IOException e) {
            throw new BenchException("The list of loaded classes " + log + " cannot be read: " + e.getMessage(), e);
        }
    }

    private FunctionProcess start(Variant variant, List<String> more, RuntimeApi api) {
        return FunctionProcess.start(
                variant.launch(),
                Stream.concat(variant.options().stream(), more.stream()).toList(),
                api,
                made(folder.resolve("task")));
    }

    /** Waits between ready and restored, as a real snapshot does, until the compiler threads are idle. */
    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double milliseconds(long nanoseconds) {
        return nanoseconds / 1e6;
    }

    private static Path emptied(Path folder) {
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> content = Files.walk(folder)) {
                    for (Path path : content.sorted((left, right) -> right.compareTo(left))
                            .toList()) {
                        Files.delete(path);
                    }
                }
            }
        } catch (IOException e) {
            throw new BenchException(folder + " cannot be emptied: " + e.getMessage(), e);
        }
        return made(folder);
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BenchException(folder + " cannot be created: " + e.getMessage(), e);
        }
    }
}
