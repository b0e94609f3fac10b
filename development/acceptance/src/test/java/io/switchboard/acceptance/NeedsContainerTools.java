package io.switchboard.acceptance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A suite for machines with Docker, the AWS SAM CLI and cfn-lint. Elsewhere it is skipped and says what is missing; with the
 * environment variable {@code CI=true} it fails and says the same.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ContainerToolsCondition.class)
@interface NeedsContainerTools {}
