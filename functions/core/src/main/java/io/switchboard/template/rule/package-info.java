/** The rules of an app profile, which select the session template of a request. */
@NullMarked
package io.switchboard.template.rule;

import org.jspecify.annotations.NullMarked;
