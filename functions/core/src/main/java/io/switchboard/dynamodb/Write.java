package io.switchboard.dynamodb;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One conditional write, a part of a transaction.
 *
 * <p>Expressions name an attribute {@code #name} and a value {@code :name}; the placeholder of an attribute is its own
 * name, so that reserved words never matter. Not thread-safe while it is built.
 */
public final class Write {
    /** What is done to the item. */
    private enum Kind {
        PUT,
        UPDATE,
        DELETE,
        CHECK
    }

    private final Kind kind;
    private final String table;
    private final Map<String, AttributeValue> item;
    private final String update;
    private String condition = "";
    private final Map<String, AttributeValue> values = new HashMap<>();

    private Write(Kind kind, String table, Map<String, AttributeValue> item, String update) {
        this.kind = kind;
        this.table = table;
        this.item = item;
        this.update = update;
    }

    /** Puts a whole item. */
    public static Write put(String table, Map<String, AttributeValue> item) {
        return new Write(Kind.PUT, table, item, "");
    }

    /** Changes an item by an update expression. */
    public static Write update(String table, Map<String, AttributeValue> key, String expression) {
        return new Write(Kind.UPDATE, table, key, expression);
    }

    /** Deletes an item. */
    public static Write delete(String table, Map<String, AttributeValue> key) {
        return new Write(Kind.DELETE, table, key, "");
    }

    /** Changes nothing, and demands a condition of an item that the transaction's other parts rely on. */
    public static Write check(String table, Map<String, AttributeValue> key) {
        return new Write(Kind.CHECK, table, key, "");
    }

    /** The condition under which it happens. */
    public Write onlyIf(String expression) {
        condition = expression;
        return this;
    }

    /** The value of a placeholder; {@code name} without its colon. */
    public Write with(String name, AttributeValue value) {
        values.put(":" + name, value);
        return this;
    }

    String table() {
        return table;
    }

    TransactWriteItem toTransactWriteItem() {
        TransactWriteItem.Builder part = TransactWriteItem.builder();
        return switch (kind) {
            case PUT ->
                part.put(Put.builder()
                                .tableName(table)
                                .item(item)
                                .conditionExpression(conditionOrNone())
                                .expressionAttributeNames(names())
                                .expressionAttributeValues(valuesOrNone())
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())
                        .build();
            case UPDATE ->
                part.update(Update.builder()
                                .tableName(table)
                                .key(item)
                                .updateExpression(update)
                                .conditionExpression(conditionOrNone())
                                .expressionAttributeNames(names())
                                .expressionAttributeValues(valuesOrNone())
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())
                        .build();
            case DELETE ->
                part.delete(Delete.builder()
                                .tableName(table)
                                .key(item)
                                .conditionExpression(conditionOrNone())
                                .expressionAttributeNames(names())
                                .expressionAttributeValues(valuesOrNone())
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())
                        .build();
            case CHECK ->
                part.conditionCheck(ConditionCheck.builder()
                                .tableName(table)
                                .key(item)
                                .conditionExpression(condition)
                                .expressionAttributeNames(names())
                                .expressionAttributeValues(valuesOrNone())
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())
                        .build();
        };
    }

    UpdateItemRequest.Builder toUpdateItem() {
        if (kind != Kind.UPDATE) {
            throw new IllegalStateException("Only an update is written without a transaction");
        }
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(item)
                .updateExpression(update)
                .conditionExpression(conditionOrNone())
                .expressionAttributeNames(names())
                .expressionAttributeValues(valuesOrNone())
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    private @Nullable String conditionOrNone() {
        return condition.isEmpty() ? null : condition;
    }

    private @Nullable Map<String, AttributeValue> valuesOrNone() {
        return values.isEmpty() ? null : values;
    }

    private @Nullable Map<String, String> names() {
        return Expression.names(update + " " + condition);
    }
}
