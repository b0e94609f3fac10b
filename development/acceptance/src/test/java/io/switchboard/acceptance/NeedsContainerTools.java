package io.switchboard.acceptance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a suite that needs Docker, the AWS SAM CLI and cfn-lint. Without them it is skipped and reports the missing
 * tools; with the environment variable {@code CI=true} it fails with the same message.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ContainerToolsCondition.class)
@interface NeedsContainerTools {}
