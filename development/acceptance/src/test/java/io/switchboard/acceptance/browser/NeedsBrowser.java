package io.switchboard.acceptance.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Marks a suite that needs Chromium. Suites run sequentially, because Playwright is not thread-safe. Tests may have a
 * parameter {@link Windows}; unexpected errors in the windows fail the test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({ChromiumCondition.class, WindowsExtension.class})
@ResourceLock("io.switchboard.acceptance.browser.Chromium")
@interface NeedsBrowser {}
