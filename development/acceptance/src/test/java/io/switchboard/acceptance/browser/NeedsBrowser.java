package io.switchboard.acceptance.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A suite for machines with Chromium, one at a time: nothing of Playwright may be used by two threads at once. Its tests may take
 * {@link Windows} as a parameter; what went wrong in them unexpectedly fails the test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({ChromiumCondition.class, WindowsExtension.class})
@ResourceLock("io.switchboard.acceptance.browser.Chromium")
@interface NeedsBrowser {}
