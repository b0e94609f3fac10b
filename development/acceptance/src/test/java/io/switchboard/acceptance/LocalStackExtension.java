package io.switchboard.acceptance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Gives the one {@link LocalStack} of this run to the suites that ask for it; the first starts it, the end of all closes it. */
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

    /** A client for its tables. */
    static DynamoDbClient dynamoDb(ExtensionContext context) {
        return localStack(context).dynamoDb();
    }

    private static LocalStack localStack(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(LocalStack.class, _ -> LocalStack.start(), LocalStack.class);
    }
}
