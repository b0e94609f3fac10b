package io.switchboard.replay;

import io.switchboard.http.ApiFunction;
import io.switchboard.runtime.RequestLog;
import io.switchboard.testing.UnitTestsOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Records the operations of each function on tables and indexes while the tests of a module run. It writes one line for
 * each, such as {@code CreateSession Sessions PutItem}, to the file in the system property {@value #FILE}. The SDK
 * finds it through the class-path resources {@code software/amazon/awssdk/services/<service>/execution.interceptors},
 * so it covers all clients. Thread-safe.
 *
 * <p>Operations of other services are recorded with the service before the operation: {@code PublishSessionEvents
 * SessionEvents events:PutEvents}. An SQS batch is authorised as the operation for one message.
 *
 * <p>As in the authorization of DynamoDB, a transaction is recorded as its parts, and a batch once for each of its
 * tables. The name of a table is used up to the first hyphen, because the rest is specific to a test. Operations of the
 * tests' own clients and of priming without a network are not recorded.
 */
public final class DynamoDbAccess implements ExecutionInterceptor {
    /** The system property with the file; nothing is recorded if it is absent. */
    public static final String FILE = "switchboard.dynamodb-access";

    /** The first line of a file with the operations of all tests of a module. */
    public static final String WHOLE = "# all tests";

    /** The suffix of the names of threads that read records. The names begin with the function name. */
    private static final String RECORD_SOURCE = " record source";

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Records RECORDS = new Records(System.getProperty(FILE));

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        String function = logicalId(function());
        if (!function.isEmpty()) {
            for (String access :
                    accesses(context.request(), attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME))) {
                record(function, access);
            }
        }
    }

    /**
     * Records an operation that a function performs without a client of the SDK, for the server that received it.
     *
     * @param access the resource and the operation, such as {@code PushChannels appsync:EventPublish}
     */
    public static void record(String function, String access) {
        RECORDS.add(function + " " + access);
    }

    /** Returns the function that serves the current request or is being primed; empty otherwise. */
    private static String function() {
        String serving = RequestLog.current().functionName();
        String thread = Thread.currentThread().getName();
        return !serving.isEmpty()
                ? serving
                : thread.endsWith(RECORD_SOURCE)
                        ? thread.substring(0, thread.length() - RECORD_SOURCE.length())
                        : STACK.walk(DynamoDbAccess::priming);
    }

    /** Returns the function of a deployed name, such as {@code switchboard-CreateSession-1A2b3C4d5E6f}. */
    private static String logicalId(String function) {
        String[] parts = function.split("-", -1);
        return parts.length == 3 ? parts[1] : function;
    }

    private static String priming(Stream<StackWalker.StackFrame> frames) {
        for (StackWalker.StackFrame frame : (Iterable<StackWalker.StackFrame>) frames::iterator) {
            Class<?> type = frame.getDeclaringClass();
            if (type == ApiFunction.class && frame.getMethodName().equals("primeWith")) {
                return "";
            }
            if (type != ApiFunction.class && ApiFunction.class.isAssignableFrom(type)) {
                return type.getSimpleName();
            }
        }
        return "";
    }

    /** Returns the accesses that a request requires: {@code Sessions PutItem}, {@code Sessions/byDay Query}. */
    static List<String> accesses(SdkRequest request, String operation) {
        List<String> accesses = new ArrayList<>();
        switch (request) {
            case TransactWriteItemsRequest transaction ->
                transaction.transactItems().forEach(part -> accesses.add(access(part)));
            case TransactGetItemsRequest transaction ->
                transaction
                        .transactItems()
                        .forEach(part -> accesses.add(table(part.get().tableName()) + " GetItem"));
            case BatchGetItemRequest batch ->
                batch.requestItems().keySet().forEach(table -> accesses.add(table(table) + " " + operation));
            case BatchWriteItemRequest batch ->
                batch.requestItems().keySet().forEach(table -> accesses.add(table(table) + " " + operation));
            case SdkRequest secret
            when field(secret, "SecretId").isPresent() ->
                // The only secret is the one in a parameter of the template.
                accesses.add("RecordSourceSecretArn secretsmanager:" + operation);
            case SdkRequest events
            when operation.equals("PutEvents") ->
                buses(events).forEach(bus -> accesses.add(table(bus) + " events:" + operation));
            case SdkRequest queued
            when field(queued, "QueueUrl").isPresent() ->
                accesses.add(table(field(queued, "QueueUrl").orElseThrow().replaceFirst(".*/", ""))
                        + " sqs:"
                        + operation.replaceFirst("Batch$", ""));
            default ->
                accesses.add(table(field(request, "TableName")
                                .orElseThrow(() -> new IllegalStateException(
                                        "The table of " + operation + " is unknown. Add the operation here")))
                        + field(request, "IndexName").map(index -> "/" + index).orElse("")
                        + " "
                        + operation);
        }
        return accesses;
    }

    private static String access(TransactWriteItem part) {
        if (part.put() != null) {
            return table(part.put().tableName()) + " PutItem";
        }
        if (part.update() != null) {
            return table(part.update().tableName()) + " UpdateItem";
        }
        return part.delete() != null
                ? table(part.delete().tableName()) + " DeleteItem"
                : table(part.conditionCheck().tableName()) + " ConditionCheckItem";
    }

    /** Not all modules with these tests have the classes of EventBridge. */
    private static Set<String> buses(SdkRequest request) {
        Set<String> buses = new HashSet<>();
        for (Object entry : request.getValueForField("Entries", List.class).orElse(List.of())) {
            SdkPojo members = (SdkPojo) entry;
            for (SdkField<?> field : members.sdkFields()) {
                if (field.memberName().equals("EventBusName")) {
                    buses.add(String.valueOf(field.getValueOrDefault(members)));
                }
            }
        }
        return buses;
    }

    private static Optional<String> field(SdkRequest request, String name) {
        return request.getValueForField(name, String.class);
    }

    private static String table(String name) {
        int hyphen = name.indexOf('-');
        return hyphen < 0 ? name : name.substring(0, hyphen);
    }

    /** The file. Each JVM truncates it, because it must not contain the operations of an earlier one. */
    private static final class Records {
        private final Set<String> known = ConcurrentHashMap.newKeySet();
        private final @Nullable Path file;

        private Records(@Nullable String file) {
            this.file = file == null ? null : Path.of(file);
            @Nullable String only = System.getProperty("test");
            String tests = Boolean.getBoolean(UnitTestsOnly.PROPERTY) ? "# only -Pquick" : WHOLE;
            write(only == null ? tests : "# only -Dtest=" + only, StandardOpenOption.TRUNCATE_EXISTING);
        }

        private void add(String line) {
            if (known.add(line)) {
                write(line, StandardOpenOption.APPEND);
            }
        }

        private synchronized void write(String line, StandardOpenOption how) {
            if (file == null) {
                return;
            }
            try {
                Files.writeString(file, line + System.lineSeparator(), StandardOpenOption.CREATE, how);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
