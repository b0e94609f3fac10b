package io.switchboard.local.deployment;

import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;

/**
 * A DynamoDB table.
 *
 * @param name the local value of {@code !Ref} of the table: its logical id
 * @param createTable the request that creates the table, without settings that DynamoDB Local does not need (recovery,
 *     deletion protection)
 * @param timeToLiveAttribute the attribute with an item's expiry time, in seconds since 1970
 */
public record Table(
        String logicalId, String name, CreateTableRequest createTable, Optional<String> timeToLiveAttribute) {}
