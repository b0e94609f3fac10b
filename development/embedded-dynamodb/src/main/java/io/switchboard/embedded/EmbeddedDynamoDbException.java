package io.switchboard.embedded;

/** A reason why DynamoDB Local cannot run. The message is one line with the reason and what to do. */
public final class EmbeddedDynamoDbException extends RuntimeException {
    EmbeddedDynamoDbException(String message) {
        super(message);
    }

    EmbeddedDynamoDbException(String message, Throwable cause) {
        super(message, cause);
    }
}
