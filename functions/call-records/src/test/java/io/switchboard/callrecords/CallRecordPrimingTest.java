package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.FaultyEndpoint;
import org.junit.jupiter.api.Test;

/** Priming before the snapshot of SnapStart serves its requests, and only reads the real table. */
class CallRecordPrimingTest {
    @Test
    void requests_of_the_priming_are_served_and_write_nothing() {
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            CallRecordFixture fixture = new CallRecordFixture("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url());
            dynamoDb.take();

            assertThatCode(fixture.create::prime).doesNotThrowAnyException();
            assertThat(dynamoDb.take()).isNotEmpty().isSubsetOf("GetItem", "BatchGetItem", "Query");
            assertThatCode(fixture.manage::prime).doesNotThrowAnyException();
            assertThat(dynamoDb.take()).isNotEmpty().isSubsetOf("GetItem", "BatchGetItem", "Query");
        }
    }
}
