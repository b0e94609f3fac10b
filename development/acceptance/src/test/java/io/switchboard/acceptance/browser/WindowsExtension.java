package io.switchboard.acceptance.browser;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Provides each test with its {@link Windows} in the browser of the run, and closes them. */
final class WindowsExtension implements ParameterResolver, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(WindowsExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Windows.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var chromium = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Chromium.class, _ -> Chromium.start(), Chromium.class);
        return context.getStore(NAMESPACE).computeIfAbsent(Windows.class, _ -> new Windows(chromium), Windows.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var windows = context.getStore(NAMESPACE).remove(Windows.class, Windows.class);
        if (windows != null) {
            windows.close(context.getExecutionException().isPresent());
        }
    }
}
