package io.switchboard.embedded;

import java.util.concurrent.CountDownLatch;

/** A program that starts DynamoDB Local, prints the process id of the child and waits to be killed. */
final class ParentOfDynamoDb {
    private ParentOfDynamoDb() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start();
        System.out.println(dynamoDb.processId());
        new CountDownLatch(1).await();
        dynamoDb.close();
    }
}
