import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Computes the price of a million sessions of ten requests, of the settings of memory and logs, and of push, from the
 * inputs in {@code build/bill.txt}.
 *
 * <p>{@code java build/Bill.java [inputs]} prints the Markdown tables that {@code docs/how-to/operate.md} contains. It
 * ends with 1 and one line with the reason if an input is missing, unused or not a number.
 */
public final class Bill {
    private static final double MEGABYTES_OF_A_GIGABYTE = 1024;
    private static final double BYTES_OF_A_GIGABYTE = 1e9;
    private static final double MILLION = 1e6;
    private static final double DAYS_OF_A_MONTH = 30;
    private static final double SECONDS_OF_A_MONTH = DAYS_OF_A_MONTH * 86_400;
    private static final List<Integer> SESSIONS_OF_A_DAY = List.of(10, 1_000, 100_000);
    /** The memory in MB that the second table compares; the processor is not faster above the last. */
    private static final List<Integer> MEMORIES = List.of(512, 1024, 1769);

    private final Inputs inputs;

    private Bill(Inputs inputs) {
        this.inputs = inputs;
    }

    /** @param arguments the file with the inputs; {@code build/bill.txt} if empty */
    public static void main(String[] arguments) throws IOException {
        try {
            Inputs inputs = Inputs.read(Path.of(arguments.length == 0 ? "build/bill.txt" : arguments[0]));
            Bill bill = new Bill(inputs);
            String tables =
                    bill.sum() + '\n' + bill.month() + '\n' + bill.memory() + '\n' + bill.logs() + '\n' + bill.push();
            inputs.checkUse();
            System.out.print(tables);
        } catch (InvalidInputs e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    // ---- The sum

    /** The rows of a table of amounts, whose last row is their sum. */
    private static final class Rows {
        private final StringBuilder text =
                new StringBuilder("| A million sessions | Computed for a session | USD |\n|---|---|---:|\n");
        private BigDecimal sum = BigDecimal.ZERO;

        /** @param price in USD for a million sessions */
        void add(String item, String computed, double price) {
            BigDecimal rounded = dollars(price);
            sum = sum.add(rounded);
            text.append("| %s | %s | %s |\n".formatted(item, computed, rounded));
        }

        String withSum() {
            return text + "| **sum** | | **" + sum + "** |\n";
        }
    }

    private String sum() {
        return rows().withSum();
    }

    private Rows rows() {
        double requests = inputs.total("requests", false);
        double batches = inputs.number("batches.count");
        double events = inputs.number("events.count");
        double writes = inputs.total("write-units", true) + inputs.total("index-units", true);
        double reads = inputs.total("read-units", true);
        double kilobytes = inputs.number("session.kilobytes");
        double tables = inputs.number("price.table-storage") + inputs.number("price.table-recovery");
        double traces = (requests + batches) * inputs.number("traces.share");
        int memory = (int) inputs.number("memory");
        Rows rows = new Rows();
        rows.add("HTTP API", text(requests) + " requests", requests * inputs.number("price.http-api"));
        rows.add(
                "Lambda, requests",
                "%s requests and %s batches of changes".formatted(text(requests), text(batches)),
                (requests + batches) * inputs.number("price.lambda-request"));
        rows.add(
                "Lambda, time behind routes",
                "%s requests of %s ms in %s MB".formatted(text(requests), text(requestTime(memory)), grouped(memory)),
                requests * seconds(requestTime(memory), memory));
        rows.add(
                "Lambda, time of publishing",
                "%s batches of %s ms in %s MB".formatted(text(batches), text(batchTime(memory)), grouped(memory)),
                batches * seconds(batchTime(memory), memory));
        rows.add("DynamoDB, writes", text(writes) + " units", writes * inputs.number("price.write-unit"));
        rows.add("DynamoDB, reads", text(reads) + " units", reads * inputs.number("price.read-unit"));
        rows.add(
                "DynamoDB, storage and recovery",
                text(kilobytes) + " KB for a month",
                kilobytes * 1000 * MILLION / BYTES_OF_A_GIGABYTE * tables);
        rows.add("EventBridge", text(events) + " events", events * inputs.number("price.event"));
        rows.add(
                "Logs",
                "%s bytes, stored for a month".formatted(grouped(logBytes(false, false))),
                logPrice(logBytes(false, false)));
        rows.add("X-Ray", text(traces) + " traces", traces * inputs.number("price.trace"));
        return rows;
    }

    // ---- A month

    private String month() {
        double invocations = inputs.total("requests", false) + inputs.number("batches.count");
        double share = inputs.number("traces.share");
        double alarms = (inputs.number("alarm.metrics") - inputs.number("alarm.free")) * inputs.number("price.alarm");
        double metrics = inputs.number("metric.count") * inputs.number("price.metric");
        StringBuilder text = new StringBuilder(
                "| Sessions a day | Sessions in USD | X-Ray's first trace of each second in USD | Alarms in USD "
                        + "| Custom metrics in USD | A month in USD |\n"
                        + "|---:|---:|---:|---:|---:|---:|\n");
        for (int sessions : SESSIONS_OF_A_DAY) {
            double inMonth = sessions * DAYS_OF_A_MONTH;
            double use = inMonth / MILLION * rows().sum.doubleValue();
            double first = Math.min(inMonth * invocations, SECONDS_OF_A_MONTH) * (1 - share) / MILLION;
            double traces = first * inputs.number("price.trace");
            text.append("| %s | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            grouped(sessions),
                            dollars(use),
                            dollars(traces),
                            dollars(alarms),
                            dollars(metrics),
                            dollars(use)
                                    .add(dollars(traces))
                                    .add(dollars(alarms))
                                    .add(dollars(metrics))));
        }
        return text.toString();
    }

    // ---- Push

    private String push() {
        double agents = inputs.number("agents");
        double hours = agents * inputs.number("agents.hours");
        double changes = hours * inputs.number("agents.changes");
        double connections = agents * inputs.number("agents.connections");
        double operations = 2 * changes + connections * inputs.number("connection.operations");
        double minutes = hours * 60;
        double polling = hours * 3600 / inputs.number("polls.alone") + changes;
        double pushing = hours * 3600 / inputs.number("polls.subscribed") + changes;
        BigDecimal ofPolling = dollars(polling / MILLION * readOfDesk());
        BigDecimal ofReads = dollars(pushing / MILLION * readOfDesk());
        BigDecimal ofOperations = dollars(operations / MILLION * inputs.number("price.push-operation"));
        BigDecimal ofMinutes = dollars(minutes / MILLION * inputs.number("price.push-minutes"));
        return """
                | A month of %s agents | Polling only | USD | With push | USD |
                |---|---:|---:|---:|---:|
                | Reads of the desk, %s USD a million | %s | %s | %s | %s |
                | AppSync, operations | | | %s | %s |
                | AppSync, minutes of connections | | | %s | %s |
                | **a month** | | **%s** | | **%s** |
                """.formatted(
                        grouped(agents),
                        dollars(readOfDesk()),
                        grouped(polling),
                        ofPolling,
                        grouped(pushing),
                        ofReads,
                        grouped(operations),
                        ofOperations,
                        grouped(minutes),
                        ofMinutes,
                        ofPolling,
                        ofReads.add(ofOperations).add(ofMinutes));
    }

    /** Returns the price of a million reads of desks that did not change. */
    private double readOfDesk() {
        int memory = (int) inputs.number("memory");
        double time = inputs.number("desk.calls") * inputs.number("call")
                + inputs.number("desk.processor") * slowness(memory);
        return inputs.number("price.http-api")
                + inputs.number("price.lambda-request")
                + seconds(time, memory)
                + inputs.number("desk.read-units") * inputs.number("price.read-unit")
                + logPrice(inputs.number("log.request") + inputs.number("log.access"))
                + inputs.number("traces.share") * inputs.number("price.trace");
    }

    // ---- Lambda's time

    /** Returns the mean time of a request in milliseconds. */
    private double requestTime(int memory) {
        return (inputs.total("calls", true) * inputs.number("call")
                        + inputs.total("processor", true) * slowness(memory))
                / inputs.total("requests", false);
    }

    private double batchTime(int memory) {
        return inputs.number("batches.calls") * inputs.number("call")
                + inputs.number("batches.processor") * slowness(memory);
    }

    private double slowness(int memory) {
        return Math.max(1, inputs.number("memory.processor") / memory);
    }

    /** Returns the price of a million invocations of this time. */
    private double seconds(double milliseconds, int memory) {
        return milliseconds / 1000 * memory / MEGABYTES_OF_A_GIGABYTE * inputs.number("price.lambda-gigabyte-second");
    }

    private String memory() {
        StringBuilder text = new StringBuilder(
                "| Memory in MB | A request in ms | A million sessions behind routes in USD | A batch in ms "
                        + "| Publishing in USD |\n"
                        + "|---:|---:|---:|---:|---:|\n");
        for (int memory : MEMORIES) {
            text.append("| %s | %s | %s | %s | %s |\n"
                    .formatted(
                            grouped(memory),
                            text(requestTime(memory)),
                            dollars(inputs.total("requests", false) * seconds(requestTime(memory), memory)),
                            text(batchTime(memory)),
                            dollars(inputs.number("batches.count") * seconds(batchTime(memory), memory))));
        }
        return text.toString();
    }

    // ---- Logs

    /** Returns the bytes of the logs of a session. */
    private double logBytes(boolean hasPlatformLines, boolean isMetricsOnly) {
        double requests = inputs.total("requests", false);
        double batches = inputs.number("batches.count");
        double request = inputs.number("log.request");
        double batch = inputs.number("log.batch");
        double requestMetrics = inputs.number("log.request-metrics");
        double batchMetrics = inputs.number("log.batch-metrics");
        double platform = inputs.number("log.platform");
        return requests * ((isMetricsOnly ? requestMetrics : request) + inputs.number("log.access"))
                + batches * (isMetricsOnly ? batchMetrics : batch)
                + (hasPlatformLines ? (requests + batches) * platform : 0);
    }

    /** Returns the price of a million times these bytes. */
    private double logPrice(double bytes) {
        return bytes
                * MILLION
                / BYTES_OF_A_GIGABYTE
                * (inputs.number("price.log") + inputs.number("log.stored-share") * inputs.number("price.log-storage"));
    }

    private String logs() {
        StringBuilder text = new StringBuilder(
                "| `SystemLogLevel` | `LogLevel` | Logs of a session in bytes | A million sessions in USD |\n"
                        + "|---|---|---:|---:|\n");
        for (boolean hasPlatformLines : List.of(true, false)) {
            for (boolean isMetricsOnly : List.of(false, true)) {
                double bytes = logBytes(hasPlatformLines, isMetricsOnly);
                text.append("| `%s` | `%s` | %s | %s |\n"
                        .formatted(
                                hasPlatformLines ? "INFO" : "WARN",
                                isMetricsOnly ? "WARN" : "INFO",
                                grouped(bytes),
                                dollars(logPrice(bytes))));
            }
        }
        return text.toString();
    }

    // ---- Numbers

    /** Returns a number with at most one decimal place. */
    private static String text(double number) {
        return BigDecimal.valueOf(number)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String grouped(double number) {
        return String.format(Locale.ROOT, "%,d", Math.round(number));
    }

    private static BigDecimal dollars(double price) {
        return BigDecimal.valueOf(price).setScale(2, RoundingMode.HALF_UP);
    }

    /** The inputs by name. Records which of them were used. */
    private record Inputs(Path file, Map<String, Double> values, Set<String> used) {
        private static final String REQUESTS = ".requests";

        static Inputs read(Path file) throws IOException {
            Map<String, Double> values = new LinkedHashMap<>();
            for (String line : Files.readAllLines(file)) {
                String input = line.replaceFirst("#.*", "").strip();
                if (input.isEmpty()) {
                    continue;
                }
                String[] parts = input.split("\\s*=\\s*", 2);
                try {
                    if (values.put(parts[0], Double.valueOf(parts[parts.length - 1])) != null) {
                        throw new InvalidInputs("%s: duplicate %s".formatted(file, parts[0]));
                    }
                } catch (NumberFormatException e) {
                    throw new InvalidInputs("%s: \"%s\" must be a name, = and a number".formatted(file, input));
                }
            }
            return new Inputs(file, values, new TreeSet<>());
        }

        double number(String name) {
            used.add(name);
            Double value = values.get(name);
            if (value == null) {
                throw new InvalidInputs("%s: %s is missing".formatted(file, name));
            }
            return value;
        }

        /** Returns the sum of a value over the operations, for one request each or for all requests of a session. */
        double total(String value, boolean isForEachRequest) {
            double sum = 0;
            for (String name : new ArrayList<>(values.keySet())) {
                if (name.endsWith(REQUESTS)) {
                    String operation = name.substring(0, name.length() - REQUESTS.length());
                    sum += number(operation + '.' + value) * (isForEachRequest ? number(name) : 1);
                }
            }
            return sum;
        }

        void checkUse() {
            Set<String> unused = new TreeSet<>(values.keySet());
            unused.removeAll(used);
            if (!unused.isEmpty()) {
                throw new InvalidInputs("%s: unused inputs %s".formatted(file, unused));
            }
        }
    }

    /** The inputs cannot be used; the message has the reason. */
    private static final class InvalidInputs extends RuntimeException {
        private static final long serialVersionUID = 1;

        InvalidInputs(String message) {
            super(message);
        }
    }
}
