package io.switchboard.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * With {@code -Pquick}, skips each test class that uses DynamoDB Local, a server, another process or the architecture
 * rules, which read all classes of a module. The references of a test class determine whether it is a unit test, so no
 * tag can be missing. JUnit finds this class through a class-path resource.
 */
public final class UnitTestsOnly implements ExecutionCondition {
    /** The system property that is true with {@code -Pquick}. */
    public static final String PROPERTY = "switchboard.quick";

    private static final String PRODUCT = "io/switchboard/";
    private static final Set<String> SLOW = Set.of(
            "io/switchboard/embedded/EmbeddedDynamoDb",
            "io/switchboard/local/LocalServer",
            "io/switchboard/ArchitectureRules",
            "com/sun/net/httpserver/HttpServer",
            "java/net/ServerSocket",
            "java/lang/ProcessBuilder");

    private final Map<String, Set<String>> references = new ConcurrentHashMap<>();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (!Boolean.getBoolean(PROPERTY) || context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("");
        }
        return context.getTestClass()
                .flatMap(this::slow)
                .map(used -> ConditionEvaluationResult.disabled("-Pquick skips tests that use " + used))
                .orElse(ConditionEvaluationResult.enabled(""));
    }

    /** Returns the first slow class that a test class references. */
    Optional<String> slow(Class<?> test) {
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(Set.of(test.getName().replace('.', '/')));
        while (!next.isEmpty()) {
            String name = next.remove();
            if (SLOW.contains(name)) {
                return Optional.of(name.replace('/', '.'));
            }
            if (seen.add(name) && name.startsWith(PRODUCT)) {
                next.addAll(references.computeIfAbsent(name, UnitTestsOnly::references));
            }
        }
        return Optional.empty();
    }

    private static Set<String> references(String name) {
        Set<String> found = new HashSet<>();
        try (@Nullable InputStream stream = UnitTestsOnly.class.getResourceAsStream("/" + name + ".class")) {
            if (stream != null) {
                for (PoolEntry entry :
                        ClassFile.of().parse(stream.readAllBytes()).constantPool()) {
                    if (entry instanceof ClassEntry type) {
                        found.add(type.asInternalName());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
