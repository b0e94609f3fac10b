package io.switchboard.local.deployment;

import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;

/**
 * A DynamoDB table.
 *
 * @param name what {@code !Ref} of the table gives here: its logical id
 * @param createTable makes the table, without what a local DynamoDB has no use for (recovery, deletion protection)
 * @param timeToLiveAttribute the attribute that holds when an item expires, in seconds since 1970
 */
public record Table(
        String logicalId, String name, CreateTableRequest createTable, Optional<String> timeToLiveAttribute) {}
