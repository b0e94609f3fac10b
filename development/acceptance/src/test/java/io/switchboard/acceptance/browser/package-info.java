/**
 * The JavaScript client and the pages in a real browser: Chromium, driven by Playwright, against one local server.
 * Suites carry {@link io.switchboard.acceptance.browser.NeedsBrowser} and take
 * {@link io.switchboard.acceptance.browser.Windows}.
 */
@NullMarked
package io.switchboard.acceptance.browser;

import org.jspecify.annotations.NullMarked;
