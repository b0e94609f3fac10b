package io.switchboard.embedded;

/** DynamoDB Local cannot run here; the message is one line that says why and what to do next. */
public final class EmbeddedDynamoDbException extends RuntimeException {
    EmbeddedDynamoDbException(String message) {
        super(message);
    }

    EmbeddedDynamoDbException(String message, Throwable cause) {
        super(message, cause);
    }
}
