package io.switchboard.bench;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.LambdaFunction;
import io.switchboard.local.deployment.TemplateException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures the functions with routes as they are deployed: their first request in every {@link Form} of deployment,
 * compared with an empty handler, and the cost of a request in a warm process. It uses the deployed zips and DynamoDB
 * Local. With an older build, it measures both and compares them. It checks the {@link Budget}s.
 */
public final class ColdStartBench {
    private static final int BLOCKS = 10;
    private static final int BLOCK_SIZE = 30;

    private final ColdStartOptions options;
    private final PrintStream out;
    private final Path folder;

    private ColdStartBench(ColdStartOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.folder = emptied(options.work());
    }

    /** Measures and prints. Exits with 1 if it cannot measure, or if a budget is exceeded. */
    public static void main(String[] arguments) {
        boolean isWithin = false;
        try {
            isWithin = new ColdStartBench(ColdStartOptions.parse(arguments), System.out).run();
        } catch (BenchException | EmbeddedDynamoDbException | TemplateException e) {
            System.err.println(e.getMessage());
        }
        System.exit(isWithin ? 0 : 1);
    }

    /** Returns whether all budgets hold. */
    private boolean run() {
        Map<Budget, Double> limits = Budget.limits(options.root());
        Deployment deployment = Deployment.read(
                options.root().resolve("template.yaml"),
                Map.of("Issuer", "https://issuer.example", "Audience", "api://switchboard", "ReleaseId", "bench"));
        List<Build> builds = new ArrayList<>();
        builds.add(new Build(Build.CURRENT, Optional.empty(), folder));
        options.baseline().ifPresent(zips -> builds.add(new Build(Build.BASELINE, Optional.of(zips), folder)));
        out.println("Starting DynamoDB Local");
        try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start();
                TlsTerminator tls = TlsTerminator.start(dynamoDb.endpoint(), folder)) {
            EmptyTables.create(deployment, dynamoDb.endpoint());
            Path host = Jars.ofClass(RequestHost.class, folder);
            List<RequestCost> costs = costs(deployment, builds, dynamoDb.endpoint(), host);
            List<Measurement> starts = new ColdStarts(options, folder, out)
                    .measure(variants(deployment, builds, dynamoDb.endpoint(), tls));
            ColdStartReport report = new ColdStartReport(starts, costs);
            BudgetCheck check = new BudgetCheck(limits);
            report.check(check);
            out.print(report.text() + "\n" + check.text());
            return check.isWithin();
        }
    }

    /** Stores the data of each build, and measures the requests in warm processes. */
    private List<RequestCost> costs(Deployment deployment, List<Build> builds, URI dynamoDb, Path host) {
        Path log = folder.resolve("requests.log");
        List<List<MeasuredRequest>> requests = new ArrayList<>();
        for (Build build : builds) {
            out.println("Storing the data of the " + build.tenant() + " build");
            Workload workload = new Workload(options.root(), build.tenant());
            workload.store(name -> RequestProcess.start(
                    launch(function(deployment, name), build, dynamoDb, Form.RESTORED), host, log));
            requests.add(workload.requests());
        }
        List<RequestCost> costs = new ArrayList<>();
        for (int request = 0; request < requests.getFirst().size(); request++) {
            List<RequestProcess> processes = new ArrayList<>();
            List<MeasuredRequest> same = new ArrayList<>();
            try {
                for (int build = 0; build < builds.size(); build++) {
                    MeasuredRequest measured = requests.get(build).get(request);
                    same.add(measured);
                    processes.add(RequestProcess.start(
                            launch(
                                    function(deployment, measured.function()),
                                    builds.get(build),
                                    dynamoDb,
                                    Form.RESTORED),
                            host,
                            log));
                }
                out.println("Measuring " + same.getFirst().name());
                List<List<RequestProcess.Cost>> blocks =
                        RequestCost.measure(processes, same, options.warmUp(), BLOCKS, BLOCK_SIZE);
                for (int build = 0; build < builds.size(); build++) {
                    costs.add(new RequestCost(same.get(build), builds.get(build).isBaseline(), blocks.get(build)));
                }
            } finally {
                processes.forEach(RequestProcess::close);
            }
        }
        return costs;
    }

    private List<Variant> variants(Deployment deployment, List<Build> builds, URI dynamoDb, TlsTerminator tls) {
        List<Variant> variants = new ArrayList<>();
        List<List<MeasuredRequest>> requests = builds.stream()
                .map(build -> new Workload(options.root(), build.tenant()).requests())
                .toList();
        MeasuredRequest any = requests.getFirst().getFirst();
        LambdaFunction model = function(deployment, any.function());
        FunctionProcess.Launch empty = new FunctionProcess.Launch(
                EmptyHandler.class.getName(),
                Stream.concat(Stream.of(Jars.ofClass(EmptyHandler.class, folder)), Jars.runtimeClient().stream())
                        .toList(),
                environment(model, dynamoDb, Form.WITHOUT_SNAP_START),
                model.memoryMegabytes());
        MeasuredRequest nothing = new MeasuredRequest("nothing", EmptyHandler.NAME, any.events(), ExpectedResponse.ANY);
        for (Form form : EnumSet.of(Form.WITHOUT_SNAP_START, Form.CONTAINER_IMAGE)) {
            variants.add(new Variant(EmptyHandler.NAME, false, form, empty, List.of(), nothing, OptionalLong.empty()));
        }
        for (Form form : Form.values()) {
            URI endpoint = form == Form.WITHOUT_SNAP_START_TLS ? tls.endpoint() : dynamoDb;
            List<String> more = form == Form.WITHOUT_SNAP_START_TLS ? tls.options() : List.of();
            Set<String> started = new HashSet<>();
            for (int request = 0; request < requests.getFirst().size(); request++) {
                String name = requests.getFirst().get(request).function();
                if (started.add(name)) {
                    for (int build = 0; build < builds.size(); build++) {
                        LambdaFunction function = function(deployment, name);
                        variants.add(new Variant(
                                name,
                                builds.get(build).isBaseline(),
                                form,
                                launch(function, builds.get(build), endpoint, form),
                                more,
                                requests.get(build).get(request),
                                OptionalLong.of(
                                        builds.get(build).zip(function).toFile().length())));
                    }
                }
            }
        }
        return variants;
    }

    private FunctionProcess.Launch launch(LambdaFunction function, Build build, URI dynamoDb, Form form) {
        return new FunctionProcess.Launch(
                function.handler(),
                Stream.concat(build.jars(function).stream(), Jars.runtimeClient().stream())
                        .toList(),
                environment(function, dynamoDb, form),
                function.memoryMegabytes());
    }

    private Map<String, String> environment(LambdaFunction function, URI dynamoDb, Form form) {
        Map<String, String> environment = new HashMap<>(EmptyTables.environment(function.environment(), dynamoDb));
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.logicalId());
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
        environment.put("AWS_LAMBDA_LOG_FORMAT", options.logFormat());
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", form.initialization());
        return environment;
    }

    private static LambdaFunction function(Deployment deployment, String logicalId) {
        return Optional.ofNullable(deployment.functions().get(logicalId))
                .orElseThrow(() -> new BenchException("template.yaml has no function " + logicalId + "."));
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
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BenchException(folder + " cannot be emptied: " + e.getMessage(), e);
        }
    }
}
