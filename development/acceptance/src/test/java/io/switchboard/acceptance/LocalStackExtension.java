package io.switchboard.acceptance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Provides the {@link LocalStack} of this run to suites with such a parameter. The first suite starts it, and the end
 * of the run closes it.
 */
final class LocalStackExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(LocalStackExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalStack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return localStack(context);
    }

    /** Returns a client for its tables. */
    static DynamoDbClient dynamoDb(ExtensionContext context) {
        return localStack(context).dynamoDb();
    }

    private static LocalStack localStack(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(LocalStack.class, _ -> LocalStack.start(), LocalStack.class);
    }
}
